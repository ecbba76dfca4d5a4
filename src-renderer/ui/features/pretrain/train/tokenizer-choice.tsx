// Which tokenizer the run reads its text with: one that is there, or one trained for it first.
import { Group, NumberInput, Select, Text } from '@mantine/core'
import { useId } from 'react'
import type { TokenizerSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { defaultVocabularySize } from '../../../../../src-shared/tokenizer/default-vocabulary-size.ts'
import { inListOrder, tokenizerLabel } from '../../../components/tokenizer-names.ts'
import { type TokenizerChoice, vocabularyProblem } from './recipe.ts'

const TRAIN_BPE = 'train bpe'
const TRAIN_CHARACTERS = 'train characters'

export function TokenizerChoiceField({
  choice,
  tokenizers,
  bytes,
  onChange,
}: {
  choice: TokenizerChoice
  tokenizers: readonly TokenizerSummary[]
  /** Training bytes of the chosen sources. */
  bytes: number
  onChange: (choice: TokenizerChoice) => void
}) {
  const value = choice.kind === 'existing' ? choice.id : choice.kind === 'bpe' ? TRAIN_BPE : TRAIN_CHARACTERS
  const size = choice.kind === 'bpe' ? (choice.vocabularySize ?? defaultVocabularySize(bytes)) : null
  const problem = size === null ? null : vocabularyProblem(size)
  const problemId = useId()
  return (
    <div>
      <Group gap="xs" wrap="nowrap" align="start">
        <Select
          style={{ flex: 1 }}
          aria-label="Tokenizer"
          data={[
            {
              group: 'Train one on these sources',
              items: [
                { value: TRAIN_BPE, label: 'New: byte-level BPE' },
                { value: TRAIN_CHARACTERS, label: 'New: characters (very small text)' },
              ],
            },
            {
              group: 'Already there',
              items: inListOrder(tokenizers).map(t => ({ value: t.id, label: tokenizerLabel(t) })),
            },
          ]}
          value={value}
          onChange={picked =>
            picked &&
            onChange(
              picked === TRAIN_BPE
                ? { kind: 'bpe', vocabularySize: null }
                : picked === TRAIN_CHARACTERS
                  ? { kind: 'character' }
                  : { kind: 'existing', id: picked },
            )
          }
        />
        {size !== null && (
          <NumberInput
            w={100}
            aria-label="Vocabulary of the new tokenizer"
            // 0 stands for a field that was emptied: it is refused, and shown as it is.
            value={size === 0 ? '' : size}
            error={problem !== null}
            aria-describedby={problem === null ? undefined : problemId}
            thousandSeparator=","
            onChange={next => {
              if (next !== size)
                onChange({ kind: 'bpe', vocabularySize: typeof next === 'number' ? next : 0 })
            }}
          />
        )}
      </Group>
      {problem && (
        <Text id={problemId} fz="xs" c="var(--mantine-color-error)" mt={2}>
          {problem}
        </Text>
      )}
      {choice.kind !== 'existing' && (
        <Text fz="xs" c="dimmed" mt={2}>
          Trained on the sources when the run starts, usually within seconds.
        </Text>
      )}
    </div>
  )
}
