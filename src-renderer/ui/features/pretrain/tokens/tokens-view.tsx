// Tokens: explore a text, search a vocabulary, train a tokenizer, and keep those there are.
import { Box, Button, Stack, Tabs, Text } from '@mantine/core'
import type { CorpusSummary, TokenizerSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText } from '../../../components/plain-text.tsx'
import { toastError, toastUndo } from '../../../components/toast.tsx'
import { inListOrder } from '../../../components/tokenizer-names.ts'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatDuration, formatWhen, NONE } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { useQuery } from '../../../queries.ts'
import { TokenExplorer } from './token-explorer.tsx'
import { TrainTokenizer } from './train-tokenizer.tsx'
import { VocabularyTable } from './vocabulary-table.tsx'

export function TokensView() {
  const tokenizers = useQuery('tokenizers.list', {})
  const corpora = useQuery('corpora.list', {})
  const list = tokenizers.data ?? []
  return (
    <Box p="md">
      <ErrorNote error={tokenizers.error} retry={{ label: 'Try again', run: tokenizers.refetch }} />
      {tokenizers.data && (
        <Tabs defaultValue="explore" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="explore">Explore</Tabs.Tab>
            <Tabs.Tab value="vocabulary">Vocabulary</Tabs.Tab>
            <Tabs.Tab value="train">Train a tokenizer</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="explore">
            <TokenExplorer tokenizers={list} />
          </Tabs.Panel>
          <Tabs.Panel value="vocabulary">
            <VocabularyTable tokenizers={list} />
          </Tabs.Panel>
          <Tabs.Panel value="train">
            <Stack gap="lg">
              <TrainTokenizer corpora={corpora.data ?? []} tokenizers={list} />
              <TokenizerTable tokenizers={list} corpora={corpora.data ?? []} />
            </Stack>
          </Tabs.Panel>
        </Tabs>
      )}
    </Box>
  )
}

async function remove(tokenizer: TokenizerSummary): Promise<void> {
  await call('tokenizers.remove', { tokenizer: tokenizer.id })
  toastUndo(`Removed the tokenizer “${tokenizer.name}”.`, () =>
    call('tokenizers.restore', { tokenizer: tokenizer.id }),
  )
}

function TokenizerTable({
  tokenizers,
  corpora,
}: {
  tokenizers: readonly TokenizerSummary[]
  corpora: readonly CorpusSummary[]
}) {
  const rows = inListOrder(tokenizers)
  const corpusName = (id: string) => corpora.find(c => c.id === id)?.name ?? id
  const columns: readonly Column<TokenizerSummary>[] = [
    { key: 'name', header: 'Name', width: 'minmax(140px, 1.2fr)', cell: t => <PlainText text={t.name} /> },
    {
      key: 'kind',
      header: 'Kind',
      width: '90px',
      cell: t => ({ bpe: 'BPE', character: 'characters', foreign: 'built in' })[t.kind],
    },
    {
      key: 'size',
      header: 'Tokens',
      width: '80px',
      align: 'right',
      cell: t => formatCount(t.vocabularySize),
    },
    {
      key: 'ratio',
      header: 'Bytes per token',
      width: '130px',
      align: 'right',
      cell: t => t.bytesPerToken?.toFixed(2) ?? NONE,
    },
    {
      key: 'on',
      header: 'Trained on',
      width: 'minmax(120px, 1fr)',
      cell: t => <PlainText text={t.trainedOn.map(corpusName).join(', ') || NONE} />,
    },
    {
      key: 'minutes',
      header: 'Took',
      width: '80px',
      align: 'right',
      cell: t => (t.minutes === null ? NONE : formatDuration(t.minutes * 60)),
    },
    {
      key: 'when',
      header: 'Made',
      width: '110px',
      cell: t => (t.createdAt === null ? NONE : formatWhen(t.createdAt, new Date())),
    },
    {
      key: 'remove',
      header: <span className="visually-hidden">Actions</span>,
      width: '90px',
      align: 'right',
      cell: t =>
        t.kind === 'foreign' ? null : (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={`Remove ${t.name}`}
            onClick={() => void remove(t).catch(toastError)}
          >
            Remove
          </Button>
        ),
    },
  ]
  return (
    <div>
      <Text fw={600} fz="sm" mb={4}>
        Tokenizers
      </Text>
      <VirtualTable label="Tokenizers" columns={columns} rows={rows} rowKey={t => t.id} />
    </div>
  )
}
