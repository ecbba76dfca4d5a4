// One file before it is imported: its format, the columns where they have to be told, its first rows as they would become.
import { Select, SimpleGrid, Text } from '@mantine/core'
import type {
  ColumnMapping,
  DemonstrationPreview,
} from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { ImportPreview } from '../../../components/import-preview.tsx'
import { visible } from '../../../components/plain-text.tsx'
import { TwoLines } from '../../../components/two-lines.tsx'
import type { Column } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { useQuery } from '../../../queries.ts'
import { emptyMapping, mappedParts, mappingProblem } from './column-mapping.ts'
import { type ImportFile, setMapping } from './import-store.ts'
import { turnsOf } from './row-draft.ts'
import { titleOfUseCase } from './use-case-names.ts'

/** A mapping that is not whole yet is not asked about: the core's own guess stands until it is. */
export const questionOf = ({ file, mapping }: ImportFile) => ({
  file,
  ...(mapping && mappingProblem(mapping) === null ? { mapping } : {}),
})

export function FilePreview({ file }: { file: ImportFile }) {
  const answer = useQuery('demonstrations.preview', questionOf(file), { keepPrevious: true })
  const { data } = answer
  return (
    <ImportPreview
      name={file.name}
      answer={answer}
      color={data?.format === null ? 'amber' : 'teal'}
      sentence={data ? firstRows(data) : ''}
      problem={data?.problem ?? null}
      columns={previewColumns}
    >
      {data && data.columns.length > 0 && (data.mapping !== null || data.format === null) && (
        <MappingFields
          mapping={file.mapping ?? data.mapping ?? emptyMapping}
          columns={data.columns}
          onChange={mapping => setMapping(file.file, mapping)}
        />
      )}
    </ImportPreview>
  )
}

const firstRows = ({ format, rows, rejections, problem }: DemonstrationPreview): string =>
  problem !== null
    ? ''
    : format === null
      ? 'Say which column holds the prompt and which the response.'
      : `Of the first rows, ${formatCount(rows.length)} can be used${
          rejections.length === 0 ? '' : ` and ${formatCount(rejections.length)} cannot`
        }.`

type PreviewRow = DemonstrationPreview['rows'][number]

const previewColumns: readonly Column<PreviewRow>[] = [
  { key: 'line', header: 'Line', width: '56px', align: 'right', cell: row => formatCount(row.line) },
  {
    key: 'prompt',
    header: 'Prompt',
    width: 'minmax(200px, 1fr)',
    cell: ({ messages }) => {
      const { system, turns } = turnsOf(messages)
      const before = [
        ...(system === null ? [] : [`[system] ${system}`]),
        ...(turns.length > 1 ? [`[the last of ${formatCounted(turns.length, 'turn')}]`] : []),
      ]
      return <TwoLines text={[...before, turns.at(-1)!.prompt].join('\n')} />
    },
  },
  {
    key: 'response',
    header: 'Response',
    width: 'minmax(200px, 1fr)',
    cell: ({ messages }) => <TwoLines text={messages.at(-1)!.content} />,
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
