// One set: its rows, the rows of its files that were refused, and how it was read.
import { Alert, Button, Group, List, Stack, Tabs, Text } from '@mantine/core'
import { useState } from 'react'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { Rejection } from '../../../../../src-shared/contract/lab-contract.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText } from '../../../components/plain-text.tsx'
import { RejectionsTable } from '../../../components/rejections-table.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted, formatMoment } from '../../../format.ts'
import { importSentence } from '../../../import-sentence.ts'
import { call } from '../../../lab.ts'
import { usePagedRows } from '../../../paged-rows.ts'
import { useDemonstrations } from './demonstrations-store.ts'
import { RowsBrowser } from './rows-browser.tsx'
import { isGenerated } from './sets-table.tsx'

export function SetDetail({ set }: { set: DemonstrationSet }) {
  const [tab, setTab] = useState<string | null>('rows')
  return (
    <Stack gap="xs">
      <ImportNote set={set} onShowRejected={() => setTab('rejections')} />
      <Tabs value={tab} onChange={setTab} keepMounted={false} color="teal">
        <Tabs.List mb="xs">
          <Tabs.Tab value="rows">Rows ({formatCount(set.rows)})</Tabs.Tab>
          <Tabs.Tab value="rejections">Rejected ({formatCount(set.rejected)})</Tabs.Tab>
          <Tabs.Tab value="about">How it was read</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rows">
          <RowsBrowser set={set} />
        </Tabs.Panel>
        <Tabs.Panel value="rejections">
          <Rejections set={set} />
        </Tabs.Panel>
        <Tabs.Panel value="about">
          <About set={set} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

/** What the last import into this set left out, until it is closed. */
function ImportNote({ set, onShowRejected }: { set: DemonstrationSet; onShowRejected: () => void }) {
  const last = useDemonstrations(state => state.lastImport)
  if (last?.set !== set.id || last.rejected + last.duplicates === 0) return null
  return (
    <Alert
      role="status"
      variant="light"
      color={last.rejected > 0 ? 'amber' : 'teal'}
      p="xs"
      withCloseButton
      closeButtonLabel="Close this message"
      onClose={() => useDemonstrations.setState({ lastImport: null })}
    >
      <Group gap="sm">
        <Text fz="sm">{importSentence(last)}</Text>
        {last.rejected > 0 && (
          <Button size="compact-xs" variant="default" onClick={onShowRejected}>
            See the rejected rows
          </Button>
        )}
      </Group>
    </Alert>
  )
}

function Rejections({ set }: { set: DemonstrationSet }) {
  const page = usePagedRows<Rejection>(`${set.id} ${set.rejected}`, (offset, limit) =>
    call('demonstrations.rejections', { set: set.id, offset, limit }),
  )
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

type ReadFile = DemonstrationSet['files'][number]
const fileColumns: readonly Column<ReadFile>[] = [
  { key: 'file', header: 'File', width: 'minmax(160px, 1fr)', cell: f => <PlainText text={f.file} /> },
  { key: 'format', header: 'Format', width: '220px', cell: f => <PlainText text={f.format} /> },
  { key: 'rows', header: 'Rows', width: '90px', align: 'right', cell: f => formatCount(f.rows) },
]

function About({ set }: { set: DemonstrationSet }) {
  return (
    <Stack gap="xs" fz="sm">
      <Text inherit>
        Made {formatMoment(set.createdAt)}: {formatCounted(set.rows, 'row')} now.
        {set.duplicates > 0 && isGenerated(set) && ' Repeats of the generator were left out.'}
        {set.duplicates > 0 &&
          !isGenerated(set) &&
          ` ${formatCounted(set.duplicates, 'row that is there already was', 'rows that are there already were')} left out.`}
      </Text>
      {set.notes.length > 0 && (
        <List fz="sm" spacing={2}>
          {set.notes.map(note => (
            <List.Item key={note}>
              <PlainText text={note} />
            </List.Item>
          ))}
        </List>
      )}
      {set.files.length > 0 && (
        <VirtualTable
          label="Files"
          columns={fileColumns}
          rows={set.files}
          rowKey={(file, i) => `${i} ${file.file}`}
          height={300}
        />
      )}
    </Stack>
  )
}
