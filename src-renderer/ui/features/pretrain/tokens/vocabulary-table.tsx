// A tokenizer's whole vocabulary: searchable, by id, longest, most used, never used.
import { Group, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { TokenizerSummary, VocabularyRow } from '../../../../../src-shared/contract/lab-contract.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { hexBytes, inOneLine } from '../../../components/token-text.ts'
import { firstPair, inListOrder, tokenizerLabel } from '../../../components/tokenizer-names.ts'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, NONE } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { usePagedRows } from '../../../paged-rows.ts'

const orders = [
  { value: 'id', label: 'By id' },
  { value: 'longest', label: 'Longest' },
  { value: 'most-used', label: 'Most used' },
  { value: 'never-used', label: 'Never used' },
] as const
type Order = (typeof orders)[number]['value']

const columns: readonly Column<VocabularyRow>[] = [
  { key: 'id', header: 'Id', width: '80px', align: 'right', cell: row => row.id },
  {
    key: 'token',
    header: 'Token',
    width: 'minmax(140px, 1fr)',
    cell: row => (
      <bdi className="mono">
        {inOneLine(row)}
        {row.special ? ' (special)' : ''}
      </bdi>
    ),
  },
  {
    key: 'bytes',
    header: 'Bytes',
    width: 'minmax(120px, 1fr)',
    cell: row => <span className="mono">{hexBytes(row.bytes)}</span>,
  },
  { key: 'length', header: 'Length', width: '70px', align: 'right', cell: row => row.bytes.length },
  {
    key: 'uses',
    header: 'Uses',
    width: '100px',
    align: 'right',
    cell: row => (row.uses === null ? NONE : formatCount(row.uses)),
  },
]

export function VocabularyTable({ tokenizers }: { tokenizers: readonly TokenizerSummary[] }) {
  const [wanted, setWanted] = useState<string | null>(null)
  const [order, setOrder] = useState<Order>('id')
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search, 200)
  const listed = inListOrder(tokenizers)
  const chosen = listed.find(t => t.id === wanted) ?? listed.find(t => t.id === firstPair(tokenizers)[0])
  if (!chosen) return null
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Select
          aria-label="Tokenizer"
          w={280}
          data={listed.map(t => ({ value: t.id, label: tokenizerLabel(t) }))}
          value={chosen.id}
          searchable
          onChange={setWanted}
        />
        <SegmentedControl
          aria-label="Order"
          data={[...orders]}
          value={order}
          onChange={value => setOrder(value as Order)}
        />
        <TextInput
          aria-label="Search the vocabulary"
          placeholder="Search: the, meda, id 42 …"
          value={search}
          w={200}
          onChange={event => setSearch(event.currentTarget.value)}
        />
      </Group>
      <Rows tokenizer={chosen.id} order={order} search={settled} />
    </Stack>
  )
}

function Rows({ tokenizer, order, search }: { tokenizer: string; order: Order; search: string }) {
  const page = usePagedRows<VocabularyRow>(JSON.stringify([tokenizer, order, search]), (offset, limit) =>
    call('tokenizers.vocabulary', { tokenizer, order, offset, limit, ...(search ? { search } : {}) }),
  )
  const nothing = search
    ? 'No token of this vocabulary matches the search.'
    : order === 'never-used'
      ? 'Every token is used at least once, or its uses were never counted.'
      : 'This vocabulary is empty.'
  return (
    <>
      <ErrorNote error={page.error} retry={{ label: 'Try again', run: page.reload }} />
      <Text fz="xs" c="dimmed" role="status">
        {page.total === null ? 'Reading the vocabulary …' : `${formatCount(page.total)} tokens`}
      </Text>
      <VirtualTable
        label="Vocabulary"
        columns={columns}
        rows={page.rows}
        rowKey={row => String(row.id)}
        rowHeight={26}
        height={420}
        onNearEnd={page.more}
        empty={
          page.total === 0 && (
            <Text fz="sm" c="dimmed" p="md" ta="center">
              {nothing}
            </Text>
          )
        }
      />
    </>
  )
}
