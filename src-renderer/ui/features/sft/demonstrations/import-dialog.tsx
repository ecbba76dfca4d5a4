// Before anything is imported: the format that was found, the columns where it has to be told, the first rows as they
// would become, and the first that would be refused.
import { Alert, Badge, Group, Modal, Select, SimpleGrid, Stack, Tabs, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type {
  ColumnMapping,
  DemonstrationPreview,
  DemonstrationSet,
} from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { RejectionsTable } from '../../../components/rejections-table.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { useQueries, useQuery } from '../../../queries.ts'
import { emptyMapping, mappedParts, mappingProblem } from './column-mapping.ts'
import {
  changeImport,
  closeImport,
  type ImportFile,
  setMapping,
  startImport,
  useImport,
} from './import-store.ts'
import { turnsOf } from './row-draft.ts'
import { titleOfUseCase } from './use-case-names.ts'

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

/** A mapping that is not whole yet is not asked about: the core's own guess stands until it is. */
const questionOf = ({ file, mapping }: ImportFile) => ({
  file,
  ...(mapping && mappingProblem(mapping) === null ? { mapping } : {}),
})

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
  if (files.length === 1) return <OneFile key={file.file} file={file} />
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
      <OneFile key={file.file} file={file} />
    </>
  )
}

function OneFile({ file }: { file: ImportFile }) {
  const { data, error, loading, refetch } = useQuery('demonstrations.preview', questionOf(file), {
    keepPrevious: true,
  })
  return (
    <Stack gap="xs" aria-busy={loading}>
      <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
      {data && (
        <>
          <Group gap="xs">
            <Text fz="sm">
              <PlainText text={file.name} />
            </Text>
            <Badge variant="light" color={data.format === null ? 'amber' : 'teal'} tt="none">
              {visible(data.formatTitle)}
            </Badge>
            <Text fz="xs" c="dimmed" role="status">
              {firstRows(data)}
            </Text>
          </Group>
          {(data.mapping !== null || data.format === null) && (
            <MappingFields
              mapping={file.mapping ?? data.mapping ?? emptyMapping}
              columns={data.columns}
              onChange={mapping => setMapping(file.file, mapping)}
            />
          )}
          {data.rows.length > 0 && (
            <VirtualTable
              label="First rows as they would become"
              columns={previewColumns}
              rows={data.rows}
              rowKey={row => String(row.line)}
              rowHeight={44}
              height={240}
            />
          )}
          {data.format !== null && data.rejections.length > 0 && (
            <>
              <Text fz="sm" fw={600}>
                Would be refused
              </Text>
              <RejectionsTable rows={data.rejections} height={160} />
            </>
          )}
        </>
      )}
    </Stack>
  )
}

const firstRows = ({ format, rows, rejections }: DemonstrationPreview): string =>
  format === null
    ? 'Say which column holds the prompt and which the response.'
    : rows.length === 0 && rejections.length === 0
      ? 'There is no row in it.'
      : `Of the first rows, ${formatCount(rows.length)} can be used${
          rejections.length === 0 ? '' : ` and ${formatCount(rejections.length)} cannot`
        }.`

type PreviewRow = DemonstrationPreview['rows'][number]

const TwoLines = ({ text }: { text: string }) => (
  <Text inherit lineClamp={2} title={visible(text.slice(0, 2000))} style={{ whiteSpace: 'normal' }}>
    <PlainText text={text.slice(0, 400)} />
  </Text>
)

const previewColumns: readonly Column<PreviewRow>[] = [
  { key: 'line', header: 'Line', width: '56px', align: 'right', cell: row => formatCount(row.line) },
  {
    key: 'prompt',
    header: 'Prompt',
    width: 'minmax(200px, 1fr)',
    cell: ({ messages }) => {
      const { system, turns } = turnsOf(messages)
      return <TwoLines text={`${system === null ? '' : `[system] ${system}\n`}${turns[0]!.prompt}`} />
    },
  },
  {
    key: 'response',
    header: 'Response',
    width: 'minmax(200px, 1fr)',
    cell: ({ messages }) => {
      const { turns } = turnsOf(messages)
      const more = turns.length > 1 ? `[${formatCounted(turns.length, 'turn')}, the last:] ` : ''
      return <TwoLines text={more + messages.at(-1)!.content} />
    },
  },
  { key: 'use-case', header: 'Use case', width: '100px', cell: row => titleOfUseCase(row.useCase) },
]

function MappingFields({
  mapping,
  columns,
  onChange,
}: {
  mapping: ColumnMapping
  columns: readonly string[]
  onChange: (mapping: ColumnMapping) => void
}) {
  if (columns.length === 0)
    return (
      <Alert color="amber" variant="light" p="xs" role="alert">
        No columns were found: each row must be an object with keys, or a line of a table with a header.
      </Alert>
    )
  const named = columns.map(column => ({ value: column, label: visible(column) }))
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <Text component="legend" fz="sm" fw={600} mb={4} p={0}>
        Which column holds what
      </Text>
      <SimpleGrid cols={5} spacing="xs">
        {mappedParts.map(({ key, label, needed, meaning }) => (
          <Select
            key={key}
            label={label}
            title={meaning}
            data={[...(needed ? [] : [{ value: '', label: 'none' }]), ...named]}
            value={mapping[key] ?? ''}
            placeholder="choose"
            error={needed && !mapping[key] ? true : undefined}
            onChange={column => onChange({ ...mapping, [key]: needed ? (column ?? '') : column || null })}
          />
        ))}
      </SimpleGrid>
    </fieldset>
  )
}
