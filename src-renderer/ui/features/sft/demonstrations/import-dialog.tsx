// Before anything is imported: the format that was found, the columns where it has to be told, the first rows as they
// would become, and the first that would be refused.
import { Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { ImportFiles, importProblem } from '../../../components/import-files.tsx'
import { visible } from '../../../components/plain-text.tsx'
import { useQueries } from '../../../queries.ts'
import { fileProblem } from './column-mapping.ts'
import { FilePreview, questionOf } from './file-preview.tsx'
import { changeImport, closeImport, leaveOut, startImport, useImport } from './import-store.ts'

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
        {files && files.length > 0 && (
          <ImportFiles
            files={files}
            problems={problems}
            preview={file => <FilePreview key={file.file} file={file} />}
            onLeaveOut={leaveOut}
          />
        )}
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
