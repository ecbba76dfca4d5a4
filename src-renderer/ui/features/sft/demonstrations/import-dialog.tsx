// Before anything is imported: the format that was found, the columns where it has to be told, the first rows as they
// would become, and the first that would be refused.
import { Button, Group, Modal, Select, Stack, Tabs, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { formatCount } from '../../../format.ts'
import { useQueries } from '../../../queries.ts'
import { fileProblem, STILL_READ } from './column-mapping.ts'
import { FilePreview, questionOf } from './file-preview.tsx'
import {
  changeImport,
  closeImport,
  type ImportFile,
  leaveOut,
  startImport,
  useImport,
} from './import-store.ts'

const NEW_SET = ''

export function ImportDialog({ sets }: { sets: readonly DemonstrationSet[] }) {
  const { files, reading, name, into, busy, error } = useImport()
  const previews = useQueries('demonstrations.preview', (files ?? []).map(questionOf))
  const problems = (files ?? []).map((file, i) =>
    fileProblem(previews[i]?.data, previews[i]?.error ?? null, file.mapping),
  )
  const problem = importProblem(reading, files ?? [], problems)
  const start = () => {
    if (problem === null) void startImport()
  }
  return (
    <Modal
      opened={files !== null}
      onClose={closeImport}
      title="Import demonstrations"
      size={900}
      closeButtonProps={{ 'aria-label': 'Close' }}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start()
      }}
    >
      <Stack gap="sm">
        {reading && (
          <Text fz="sm" role="status">
            Reading {visible(reading)} …
          </Text>
        )}
        {files && files.length > 0 && <Files files={files} problems={problems} />}
        <Group gap="sm" align="end">
          <Select
            label="Import into"
            w={220}
            data={[
              { value: NEW_SET, label: 'a new set' },
              ...sets.map(set => ({ value: set.id, label: visible(set.name) })),
            ]}
            value={into ?? NEW_SET}
            onChange={set => changeImport({ into: set || null })}
          />
          {into === null && (
            <TextInput
              label="Name of the set"
              style={{ flex: 1 }}
              placeholder="chosen for you"
              maxLength={120}
              data-autofocus
              value={name}
              onChange={event => changeImport({ name: event.currentTarget.value })}
            />
          )}
        </Group>
        <ErrorNote error={error} />
        <Group justify="flex-end" gap="xs">
          <Text fz="xs" c="dimmed" mr="auto">
            Nothing is imported yet. Rows that cannot be used are left out and listed by line.
          </Text>
          <ActionButton variant="default" onClick={closeImport}>
            Cancel
          </ActionButton>
          <ActionButton loading={busy} disabledReason={problem} onClick={start}>
            Import
          </ActionButton>
        </Group>
      </Stack>
    </Modal>
  )
}

/** The first thing that keeps the files from being imported, with the file that it is about. */
function importProblem(
  reading: string | null,
  files: readonly ImportFile[],
  problems: readonly (string | null)[],
): string | null {
  if (reading) return 'The files are still being read'
  // A reason that a person can act on stands before one that passes.
  const bad = problems.findIndex(each => each !== null && each !== STILL_READ)
  const at = bad === -1 ? problems.indexOf(STILL_READ) : bad
  if (at === -1) return null
  const way = files.length > 1 && bad !== -1 ? '. Correct it, or leave the file out' : ''
  return `${visible(files[at]!.name)}: ${visible(problems[at]!)}${way}`
}

function Files({ files, problems }: { files: readonly ImportFile[]; problems: readonly (string | null)[] }) {
  const [shown, setShown] = useState<string | null>(null)
  const file = files.find(each => each.file === shown) ?? files[0]!
  if (files.length === 1) return <FilePreview key={file.file} file={file} />
  const bad = files.filter((_, i) => problems[i] !== null && problems[i] !== STILL_READ)
  return (
    <>
      <Tabs value={file.file} onChange={setShown}>
        <Tabs.List style={{ maxHeight: 96, overflow: 'auto' }}>
          {files.map((each, i) => (
            <Tabs.Tab
              key={each.file}
              value={each.file}
              title={bad.includes(each) ? visible(problems[i]!) : undefined}
              rightSection={bad.includes(each) && <Marked />}
            >
              <PlainText text={each.name} />
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <FilePreview key={file.file} file={file} />
      <Group gap="xs">
        <Button size="compact-sm" variant="default" onClick={() => leaveOut(file.file)}>
          Leave this file out
        </Button>
        {bad.length > 1 && bad.length < files.length && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              for (const each of bad) leaveOut(each.file)
            }}
          >
            Leave out the {formatCount(bad.length)} that cannot be imported
          </Button>
        )}
      </Group>
    </>
  )
}

const Marked = () => (
  <span style={{ color: 'var(--lab-warn)' }}>
    <span aria-hidden>▲</span>
    <span className="visually-hidden">cannot be imported as it stands</span>
  </span>
)
