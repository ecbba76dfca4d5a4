// Training a tokenizer on the person's own text: kind, corpora, vocabulary size; progress and cancel where it was started.
import { Group, MultiSelect, NumberInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import type { CorpusSummary, TokenizerSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { defaultVocabularySize } from '../../../../../src-shared/tokenizer/default-vocabulary-size.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { JobLine } from '../../../components/job-line.tsx'
import { visible } from '../../../components/plain-text.tsx'
import { Term } from '../../../components/term.tsx'
import { inListOrder } from '../../../components/tokenizer-names.ts'
import { call } from '../../../lab.ts'
import { useAction } from '../../../queries.ts'
import { vocabularyProblem } from '../train/recipe.ts'
import { useTrain } from '../train/recipe-store.ts'

export function TrainTokenizer({
  corpora,
  tokenizers,
}: {
  corpora: readonly CorpusSummary[]
  tokenizers: readonly TokenizerSummary[]
}) {
  const live = corpora.filter(c => c.removedAt === null)
  const [kind, setKind] = useState<'bpe' | 'character'>('bpe')
  const [wanted, setWanted] = useState<string[] | null>(null)
  const [size, setSize] = useState<number | string | null>(null)
  const [name, setName] = useState('')
  const [job, setJob] = useState<string | null>(null)
  const chosen = (wanted ?? live.map(c => c.id)).filter(id => live.some(c => c.id === id))
  const bytes = live
    .filter(c => chosen.includes(c.id))
    .reduce((sum, c) => sum + c.bytes - c.validationBytes, 0)
  // For the texts of the recipe both places propose the same size, be it a preset's.
  const recipe = useTrain(s => s.recipe)
  const sameTexts =
    recipe.sources.length === chosen.length && recipe.sources.every(s => chosen.includes(s.corpus))
  const planned = recipe.tokenizer?.kind === 'bpe' && sameTexts ? recipe.tokenizer.vocabularySize : null
  const vocabularySize = size ?? planned ?? defaultVocabularySize(bytes)
  const sizeErrorId = useId()
  const sizeError = kind === 'bpe' ? vocabularyProblem(vocabularySize) : null
  const start = useAction(async () => {
    const request = {
      kind,
      corpora: chosen,
      ...(name.trim() ? { name: name.trim() } : {}),
      ...(kind === 'bpe' ? { vocabularySize: vocabularySize as number } : {}),
    }
    setJob((await call('tokenizers.train', request)).job)
  })
  const obstacle =
    live.length === 0 ? 'Add a text first.' : chosen.length === 0 ? 'Choose at least one text.' : sizeError
  const owned = inListOrder(tokenizers).filter(t => t.kind !== 'foreign').length
  return (
    <Stack gap="sm" maw={640}>
      <Text fz="sm" c="dimmed">
        A tokenizer of your own knows the words of your text: the same text becomes fewer tokens, and a small
        model does not carry entries it never sees. {owned > 0 ? `You have ${owned}.` : ''}
      </Text>
      <Group gap="md" align="end">
        <SegmentedControl
          aria-label="Kind of tokenizer"
          data={[
            { value: 'bpe', label: 'Byte-level BPE' },
            { value: 'character', label: 'Characters' },
          ]}
          value={kind}
          onChange={value => setKind(value as 'bpe' | 'character')}
        />
        {kind === 'bpe' && (
          <NumberInput
            w={150}
            label={
              <Term meaning="How many different tokens there are. Small models do best with small vocabularies: each entry costs as many parameters as the model is wide.">
                Vocabulary
              </Term>
            }
            aria-label="Vocabulary"
            value={vocabularySize}
            error={sizeError !== null}
            aria-describedby={sizeError === null ? undefined : sizeErrorId}
            thousandSeparator=","
            onChange={setSize}
          />
        )}
        <TextInput
          label="Name"
          placeholder="chosen for you"
          w={180}
          maxLength={120}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
      </Group>
      {sizeError && (
        <Text id={sizeErrorId} fz="xs" c="var(--mantine-color-error)">
          {sizeError}
        </Text>
      )}
      <MultiSelect
        size="xs"
        label="Trained on"
        data={live.map(c => ({ value: c.id, label: visible(c.name) }))}
        value={chosen}
        onChange={setWanted}
      />
      <Group>
        <ActionButton onClick={() => void start.run()} loading={start.busy} disabledReason={obstacle}>
          Train tokenizer
        </ActionButton>
      </Group>
      <ErrorNote error={start.error} onClose={start.clear} />
      <JobLine job={job} />
    </Stack>
  )
}
