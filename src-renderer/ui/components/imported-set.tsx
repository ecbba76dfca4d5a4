// What files became in a set: what the last import left out, the rows that were refused, the files and how they were read.
import { Alert, Button, Group, List, Text } from '@mantine/core'
import type { Rejection } from '../../../src-shared/contract/lab-contract.ts'
import { formatCount } from '../format.ts'
import { usePagedRows } from '../paged-rows.ts'
import { ErrorNote } from './error-note.tsx'
import { PlainText } from './plain-text.tsx'
import { RejectionsTable } from './rejections-table.tsx'
import { type Column, VirtualTable } from './virtual-table.tsx'

/** What the last import into a set left out, until it is closed. */
export function ImportNote({
  sentence,
  good,
  rejected,
  onShowRejected,
  onClose,
}: {
  sentence: string
  /** Nothing is amiss: all that was left out is there already. */
  good: boolean
  rejected: number
  onShowRejected: () => void
  onClose: () => void
}) {
  return (
    <Alert
      role="status"
      variant="light"
      color={good ? 'teal' : 'amber'}
      p="xs"
      withCloseButton
      closeButtonLabel="Close this message"
      onClose={onClose}
    >
      <Group gap="sm">
        <Text fz="sm">{sentence}</Text>
        {rejected > 0 && (
          <Button size="compact-xs" variant="default" onClick={onShowRejected}>
            See the rejected rows
          </Button>
        )}
      </Group>
    </Alert>
  )
}

interface ReadFile {
  readonly file: string
  readonly format: string
  readonly rows: number
}

export function Rejections({
  set,
  load,
}: {
  set: { readonly id: string; readonly rejected: number; readonly files: readonly ReadFile[] }
  load: (offset: number, limit: number) => Promise<{ total: number; rows: Rejection[] }>
}) {
  const page = usePagedRows<Rejection>(`${set.id} ${set.rejected}`, load)
  if (set.rejected === 0)
    return (
      <Text fz="sm" c="dimmed">
        {set.files.length === 0
          ? 'Nothing was imported into this set.'
          : 'Nothing was rejected: every row of every file was read.'}
      </Text>
    )
  return (
    <>
      <ErrorNote error={page.error} retry={{ label: 'Try again', run: page.reload }} />
      <Text fz="xs" c="dimmed" mb={4}>
        These rows were left out and everything else was kept. Correct them in the file and import it into
        this set again: rows that are here already count as duplicates.
      </Text>
      <RejectionsTable rows={page.rows} onNearEnd={page.more} />
    </>
  )
}

const fileColumns: readonly Column<ReadFile>[] = [
  { key: 'file', header: 'File', width: 'minmax(160px, 1fr)', cell: f => <PlainText text={f.file} /> },
  { key: 'format', header: 'Format', width: '220px', cell: f => <PlainText text={f.format} /> },
  { key: 'rows', header: 'Rows', width: '90px', align: 'right', cell: f => formatCount(f.rows) },
]

/** Nothing where a set has neither. */
export function NotesAndFiles({ notes, files }: { notes: readonly string[]; files: readonly ReadFile[] }) {
  return (
    <>
      {notes.length > 0 && (
        <List fz="sm" spacing={2}>
          {notes.map(note => (
            <List.Item key={note}>
              <PlainText text={note} />
            </List.Item>
          ))}
        </List>
      )}
      {files.length > 0 && (
        <VirtualTable
          label="Files"
          columns={fileColumns}
          rows={files}
          rowKey={(file, i) => `${i} ${file.file}`}
          height={300}
        />
      )}
    </>
  )
}
