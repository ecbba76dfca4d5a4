// Before anything is imported: the format that was found, the columns where it has to be told, the first rows as they
// would become, and the first that would be refused.
import { Group, Modal, Select, Stack, Tabs, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type {
  ColumnMapping,
  DemonstrationPreview,
  DemonstrationSet,
} from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { useQueries } from '../../../queries.ts'
import { mappingProblem } from './column-mapping.ts'
import { FilePreview, questionOf } from './file-preview.tsx'
import { changeImport, closeImport, type ImportFile, startImport, useImport } from './import-store.ts'

const NEW_SET = ''

export function ImportDialog({ sets }: { sets: readonly DemonstrationSet[] }) {
  const { files, reading, name, into, busy, error } = useImport()
  const previews = useQueries('demonstrations.preview', (files ?? []).map(questionOf))
  const problem = reading
    ? 'The file is still being read'
    : (previews
        .map(({ data, error }, i) => previewProblem(data, error !== null, files?.[i]?.mapping ?? null))
        .find(each => each !== null) ?? null)
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
        {files && files.length > 0 && <Files files={files} />}
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

/** Why a file cannot be imported as it stands, or null. */
function previewProblem(
  preview: DemonstrationPreview | undefined,
  failed: boolean,
  chosen: ColumnMapping | null,
): string | null {
  if (failed) return 'A file cannot be read: the reason stands above'
  if (!preview) return 'The file is still being read'
  return (
    mappingProblem(chosen ?? preview.mapping) ??
    (preview.format === null
      ? 'Say which columns hold prompt and response'
      : preview.rows.length === 0
        ? `No row of ${visible(preview.file)} could be used`
        : null)
  )
}

function Files({ files }: { files: readonly ImportFile[] }) {
  const [shown, setShown] = useState<string | null>(null)
  const file = files.find(each => each.file === shown) ?? files[0]!
  if (files.length === 1) return <FilePreview key={file.file} file={file} />
  return (
    <>
      <Tabs value={file.file} onChange={setShown}>
        <Tabs.List style={{ maxHeight: 96, overflow: 'auto' }}>
          {files.map(each => (
            <Tabs.Tab key={each.file} value={each.file}>
              <PlainText text={each.name} />
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <FilePreview key={file.file} file={file} />
    </>
  )
}
