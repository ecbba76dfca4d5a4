// Every document of a corpus: a searchable list, and one of them as text or as coloured tokens.
import {
  ActionIcon,
  Grid,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { CorpusSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText } from '../../../components/plain-text.tsx'
import { TokenStrip } from '../../../components/token-strip.tsx'
import { bytesPerToken } from '../../../components/token-text.ts'
import { firstPair, inListOrder, tokenizerLabel } from '../../../components/tokenizer-names.ts'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatBytes, formatCount } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { usePagedRows } from '../../../paged-rows.ts'
import { useQuery } from '../../../queries.ts'
import { countOfDocuments, documentOf, rowTitle } from './document-parts.ts'

interface DocumentRow {
  readonly number: number
  readonly file: string
  readonly line: number | null
  readonly split: 'train' | 'validation'
  readonly bytes: number
  readonly excerpt: string
}

const columnsFor = (corpus: CorpusSummary, stored: number): readonly Column<DocumentRow>[] => [
  {
    key: 'number',
    header: 'No.',
    width: '56px',
    align: 'right',
    cell: d => formatCount(documentOf(d.number, corpus, stored) ?? d.number + 1),
  },
  {
    key: 'excerpt',
    header: 'Begins with',
    width: 'minmax(110px, 1.6fr)',
    cell: d => <PlainText text={d.excerpt.replaceAll('\n', ' ')} />,
  },
  {
    key: 'place',
    header: 'From',
    width: 'minmax(70px, 1fr)',
    cell: d => <PlainText text={d.line === null ? d.file : `${d.file}:${d.line}`} />,
  },
  {
    key: 'split',
    header: 'Split',
    width: '76px',
    cell: d => (d.split === 'train' ? 'training' : 'validation'),
  },
  { key: 'bytes', header: 'Size', width: '78px', align: 'right', cell: d => formatBytes(d.bytes) },
]

export function DocumentBrowser({ corpus: summary }: { corpus: CorpusSummary }) {
  const corpus = summary.id
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search, 250)
  const [wanted, setWanted] = useState<number | null>(null)
  const page = usePagedRows<DocumentRow>(JSON.stringify([corpus, settled]), (offset, limit) =>
    call('corpora.documents', { corpus, offset, limit, ...(settled ? { search: settled } : {}) }),
  )
  const stored =
    useQuery('corpora.documents', { corpus, offset: 0, limit: 1 }).data?.total ?? summary.documents
  const position = Math.max(
    0,
    page.rows.findIndex(d => d.number === wanted),
  )
  const open = page.rows[position]
  const step = (by: number) => {
    const next = page.rows[position + by]
    if (next) setWanted(next.number)
    if (position + by >= page.rows.length - 5) page.more()
  }
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <TextInput
          aria-label="Search the documents"
          placeholder="Search the documents"
          w={240}
          value={search}
          onChange={event => setSearch(event.currentTarget.value)}
        />
        <Text fz="xs" c="dimmed" role="status" className="tabular">
          {page.loading && page.total === null
            ? 'Reading …'
            : settled
              ? `${formatCount(page.total ?? 0)} found`
              : countOfDocuments(summary, stored)}
        </Text>
      </Group>
      <ErrorNote error={page.error} retry={{ label: 'Try again', run: page.reload }} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <VirtualTable
            label="Documents"
            columns={columnsFor(summary, stored)}
            rows={page.rows}
            rowKey={d => String(d.number)}
            rowHeight={26}
            height={360}
            selected={d => d.number === open?.number}
            onRowClick={d => setWanted(d.number)}
            onNearEnd={page.more}
            empty={
              page.total === 0 && (
                <Text fz="sm" c="dimmed" p="sm" ta="center">
                  No document holds “{settled}”.
                </Text>
              )
            }
          />
        </Grid.Col>
        {open && (
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Group gap={4} mb={6}>
              <ActionIcon
                size="sm"
                aria-label="Previous document"
                disabled={position === 0}
                onClick={() => step(-1)}
              >
                <ChevronLeft size={15} />
              </ActionIcon>
              <ActionIcon
                size="sm"
                aria-label="Next document"
                disabled={position >= page.rows.length - 1}
                onClick={() => step(1)}
              >
                <ChevronRight size={15} />
              </ActionIcon>
              <Text fz="sm" className="tabular">
                {rowTitle(open.number, open.split, summary, stored)}
              </Text>
            </Group>
            <DocumentView corpus={corpus} number={open.number} />
          </Grid.Col>
        )}
      </Grid>
    </Stack>
  )
}

function DocumentView({ corpus, number }: { corpus: string; number: number }) {
  const tokenizers = useQuery('tokenizers.list', {}).data ?? []
  const [shape, setShape] = useState<'text' | 'tokens'>('text')
  const [wanted, setWanted] = useState<string | null>(null)
  const [visible, setVisible] = useState(false)
  const listed = inListOrder(tokenizers)
  const tokenizer = listed.find(t => t.id === wanted)?.id ?? firstPair(tokenizers)[0]
  const asTokens = shape === 'tokens' && tokenizer !== null
  const preview = useQuery(
    'corpora.document',
    { corpus, number, ...(asTokens ? { tokenizer } : {}) },
    { keepPrevious: true },
  )
  const { data } = preview
  const ratio = data?.tokens ? bytesPerToken(data.tokens.bytes, data.tokens.count) : null
  return (
    <Stack gap={6}>
      <Group gap="xs">
        <SegmentedControl
          aria-label="Show the document as"
          data={[
            { value: 'text', label: 'Text' },
            { value: 'tokens', label: 'Tokens' },
          ]}
          value={shape}
          onChange={value => setShape(value as 'text' | 'tokens')}
        />
        {shape === 'tokens' && (
          <>
            <Select
              aria-label="Tokenizer"
              w={240}
              data={listed.map(t => ({ value: t.id, label: tokenizerLabel(t) }))}
              value={tokenizer}
              onChange={setWanted}
            />
            <Switch
              label="Show whitespace"
              checked={visible}
              onChange={event => setVisible(event.currentTarget.checked)}
            />
          </>
        )}
      </Group>
      <ErrorNote error={preview.error} retry={{ label: 'Try again', run: preview.refetch }} />
      {asTokens && data?.tokens && (
        <>
          <Text fz="xs" c="dimmed" className="tabular">
            {formatCount(data.tokens.count)} tokens
            {ratio === null ? '' : `, ${ratio.toFixed(2)} bytes per token`}
          </Text>
          <TokenStrip label="Document" pieces={data.tokens.pieces} visible={visible} maxHeight={300} />
        </>
      )}
      {data && !asTokens && (
        <section
          className="mono"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          aria-label="Document text"
          style={{
            maxHeight: 300,
            overflow: 'auto',
            border: '1px solid var(--lab-line)',
            borderRadius: 4,
            padding: '0.5rem 0.625rem',
            background: 'var(--lab-surface)',
            fontSize: 'var(--mantine-font-size-xs)',
          }}
        >
          <PlainText mono text={data.text} />
        </section>
      )}
      {data?.truncated && (
        <Text fz="xs" c="dimmed">
          Only the beginning is shown; the whole document is in the corpus.
        </Text>
      )}
    </Stack>
  )
}
