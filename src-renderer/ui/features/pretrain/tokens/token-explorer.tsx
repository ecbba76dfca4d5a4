// The token explorer: one text, two tokenizers side by side, every token with its id and bytes.
import { Group, Select, SimpleGrid, Stack, Switch, Text, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { TokenizerSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { Term } from '../../../components/term.tsx'
import { TokenStrip } from '../../../components/token-strip.tsx'
import { bytesPerToken, unknownSentence } from '../../../components/token-text.ts'
import { firstPair, inListOrder, tokenizerLabel } from '../../../components/tokenizer-names.ts'
import { formatBytes, formatCount } from '../../../format.ts'
import { useQuery } from '../../../queries.ts'

/** The article's example: a word falls apart into pieces. */
const ARTICLE_TEXT =
  'You can think of tokens as a word, a character or even a sub-word of a word (like -meda in Andromeda), depending on the model that is being used.'
const LONGEST = 200_000

export function TokenExplorer({ tokenizers }: { tokenizers: readonly TokenizerSummary[] }) {
  const [text, setText] = useState(ARTICLE_TEXT)
  const [visible, setVisible] = useState(false)
  const [chosen, setChosen] = useState<[string | null, string | null]>([null, null])
  const first = firstPair(tokenizers)
  const exists = (id: string | null) =>
    tokenizers.some(t => t.id === id && t.removedAt === null) ? id : null
  const pair = [exists(chosen[0]) ?? first[0], exists(chosen[1]) ?? first[1]] as const
  const [settled] = useDebouncedValue(text, 120)
  return (
    <Stack gap="sm">
      <Textarea
        label="Text"
        description="Type or paste: each tokenizer cuts it its own way."
        autosize
        minRows={3}
        maxRows={10}
        maxLength={LONGEST}
        spellCheck={false}
        value={text}
        error={
          text.length >= LONGEST
            ? `Only the first ${formatCount(LONGEST)} characters are shown here; longer texts belong in a corpus.`
            : undefined
        }
        onChange={event => setText(event.currentTarget.value)}
      />
      <Switch
        label="Show whitespace"
        checked={visible}
        onChange={event => setVisible(event.currentTarget.checked)}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {pair.map((id, side) => (
          <Side
            // biome-ignore lint/suspicious/noArrayIndexKey: left and right
            key={side}
            side={side === 0 ? 'Left' : 'Right'}
            tokenizers={tokenizers}
            tokenizer={id}
            text={settled}
            visible={visible}
            onChoose={choice => setChosen(side === 0 ? [choice, pair[1]] : [pair[0], choice])}
          />
        ))}
      </SimpleGrid>
    </Stack>
  )
}

function Side({
  side,
  tokenizers,
  tokenizer,
  text,
  visible,
  onChoose,
}: {
  side: string
  tokenizers: readonly TokenizerSummary[]
  tokenizer: string | null
  text: string
  visible: boolean
  onChoose: (tokenizer: string) => void
}) {
  const encoded = useQuery('tokenizers.encode', tokenizer === null ? null : { tokenizer, text }, {
    keepPrevious: true,
  })
  const data = encoded.data
  const unknown = data && !encoded.loading ? unknownSentence(text, data.pieces) : null
  const ratio = data ? bytesPerToken(data.bytes, data.count) : null
  return (
    <Stack gap={6} miw={0}>
      <Select
        aria-label={`${side} tokenizer`}
        data={inListOrder(tokenizers).map(t => ({ value: t.id, label: tokenizerLabel(t) }))}
        value={tokenizer}
        searchable
        onChange={id => id && onChoose(id)}
      />
      <ErrorNote error={encoded.error} retry={{ label: 'Try again', run: encoded.refetch }} />
      {data && (
        <>
          <Group gap="md" fz="sm" className="tabular">
            <Text inherit>
              <b>{formatCount(data.count)}</b> tokens
            </Text>
            <Text inherit c="dimmed">
              {formatCount(data.characters)} characters, {formatBytes(data.bytes)}
            </Text>
            {ratio !== null && (
              <Text inherit c="dimmed">
                <Term meaning="How much text one token stands for: more means shorter sequences and a longer view back, at the price of a larger vocabulary.">
                  {ratio.toFixed(2)} bytes per token
                </Term>
              </Text>
            )}
          </Group>
          {unknown && (
            <Text fz="xs" c="var(--lab-warn)">
              {unknown}
            </Text>
          )}
          <TokenStrip label={`${side} tokens`} pieces={data.pieces} visible={visible} />
          <Ids ids={data.pieces.map(p => p.id)} />
        </>
      )}
    </Stack>
  )
}

const IDS_SHOWN = 400

/** What the model really receives. */
function Ids({ ids }: { ids: readonly number[] }) {
  if (ids.length === 0) return null
  return (
    <details>
      <summary style={{ cursor: 'pointer', fontSize: 'var(--mantine-font-size-xs)' }}>
        Token ids: what the model receives
      </summary>
      <Text fz="xs" className="mono" style={{ overflowWrap: 'anywhere' }}>
        [{ids.slice(0, IDS_SHOWN).join(', ')}
        {ids.length > IDS_SHOWN ? `, … ${formatCount(ids.length - IDS_SHOWN)} more` : ''}]
      </Text>
    </details>
  )
}
