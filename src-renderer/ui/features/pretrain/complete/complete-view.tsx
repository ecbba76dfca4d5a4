// The completion playground: a prompt, the distribution of the next token, and the person or the sampler choosing.
import { Box, Button, Group, Select, SimpleGrid, Stack, Switch, Text, Textarea, Title } from '@mantine/core'
import { useDebouncedValue, useWindowEvent } from '@mantine/hooks'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { CheckpointSummary, TokenPiece } from '../../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../../app-state.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import {
  chosenModel,
  type ModelChoice,
  modelOptions,
  runOf,
  usableModels,
} from '../../../components/model-choice.ts'
import { type Candidate, NextTokenBars } from '../../../components/next-token-bars.tsx'
import { samplingProblem } from '../../../components/sampling-draft.ts'
import { SamplingFields } from '../../../components/sampling-fields.tsx'
import {
  entropySentence,
  probabilityText,
  surpriseBits,
  surpriseLevel,
  surpriseNames,
} from '../../../components/surprise.ts'
import { SurpriseLegend } from '../../../components/surprise-legend.tsx'
import { TokenStrip } from '../../../components/token-strip.tsx'
import { joined, unknownSentence, untakable, untrainedSentence } from '../../../components/token-text.ts'
import { useStickToEnd } from '../../../components/use-stick-to-end.ts'
import { formatCount, formatNumber } from '../../../format.ts'
import { useQuery } from '../../../queries.ts'
import {
  chooseCheckpoint,
  chooseModel,
  FAVOURITE,
  letRun,
  setSampling,
  stop,
  take,
  undo,
  useCompletion,
  write,
} from './completion-store.ts'
import { asked, fullText, takenByKey } from './completion-text.ts'

/** Prompts that show what a base model is: it continues, whatever it is asked. */
const suggestions = [FAVOURITE, 'Which is the nearest star?', 'Once upon a time', 'ROMEO:']

export function CompleteView({ onTrain }: { onTrain: () => void }) {
  const { data, error, refetch } = useQuery('checkpoints.list', {})
  const choice = useCompletion(s => s.choice)
  const [newest] = usableModels(data ?? [])
  useEffect(() => {
    if (choice === null && newest) chooseCheckpoint(newest)
  }, [choice, newest])
  const wanted = useApp(state => state.completionAsked)
  useEffect(() => {
    const checkpoint = data?.find(each => each.id === wanted)
    if (!checkpoint) return
    chooseCheckpoint(checkpoint)
    useApp.setState({ completionAsked: null })
  }, [wanted, data])
  if (error && !data) return <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
  if (!data) return null
  if (!newest)
    return (
      <EmptyState title="No base model yet" action={{ label: 'Train one', run: onTrain }}>
        A base model completes whatever text you give it. Here you will see which token it expects next, and
        choose for it.
      </EmptyState>
    )
  return choice && <Playground choice={choice} checkpoints={data} />
}

/** Enough for every token of a character model. */
const LISTED = 100

function Playground({
  choice,
  checkpoints,
}: {
  choice: ModelChoice
  checkpoints: readonly CheckpointSummary[]
}) {
  const { checkpoint, gone, newestOfRun } = chosenModel(choice, checkpoints)
  const options = modelOptions(choice, checkpoints)
  const { text, sampling, generation, stopping, outcome, error } = useCompletion()
  const [visible, setVisible] = useState(true)
  const whole = fullText(text)
  const running = generation !== null
  const textarea = useRef<HTMLTextAreaElement>(null)
  useStickToEnd(textarea, running, whole)

  // Nothing is asked while the model writes: every answer would be out of date when it comes.
  const { temperature, topK, topP } = sampling
  const { prompt, taken } = text
  const filterProblem = samplingProblem(sampling, ['topK'])
  const checkpointId = checkpoint?.id ?? null
  const question = useMemo(
    () =>
      checkpointId === null || typeof topK !== 'number' || filterProblem
        ? null
        : {
            checkpoint: checkpointId,
            ...asked({ prompt, taken }),
            temperature,
            topK,
            topP,
            count: LISTED,
          },
    [checkpointId, prompt, taken, temperature, topK, topP, filterProblem],
  )
  const [settled] = useDebouncedValue(question, 150)
  const distribution = useQuery('completion.next', running ? null : settled, { keepPrevious: true })
  const answer = distribution.data
  const current = !running && question !== null && !distribution.loading && settled === question

  const noModel = gone && 'Choose a model first.'
  const obstacle = noModel ?? samplingProblem(sampling)
  const run = () => {
    if (checkpoint && !obstacle) void letRun(checkpoint.id)
  }
  const onTake = (candidate: Candidate) => {
    if (current) take(candidate.piece, candidate.probability)
  }
  useWindowEvent('keydown', event => {
    if (event.key === 'Escape' && running) {
      event.preventDefault()
      stop()
      return
    }
    const target = event.target as HTMLElement
    if (target.closest('input, textarea, select, [contenteditable], [role="slider"]')) return
    const rank = takenByKey(event)
    const candidate = rank === null ? undefined : answer?.next[rank - 1]
    if (!candidate || running || untakable(candidate.piece)) return
    event.preventDefault()
    onTake(candidate)
  })

  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" p="md">
      <Stack gap="sm">
        <Select
          label="Model"
          data={options.data}
          value={options.value}
          searchable
          disabled={running}
          onChange={picked => {
            const next = picked === null ? null : options.choiceFor(picked)
            if (next) chooseModel(next)
          }}
        />
        {gone && (
          <Group gap="xs" role="status">
            <Text fz="sm" c="var(--lab-warn)">
              {gone} {newestOfRun ? '' : 'Choose another model.'}
            </Text>
            {newestOfRun && (
              <Button size="compact-xs" variant="default" onClick={() => chooseCheckpoint(newestOfRun)}>
                Use the newest of this run
              </Button>
            )}
          </Group>
        )}
        <Textarea
          ref={textarea}
          label="Text"
          description="The model continues exactly this. Ctrl+Enter lets it run, Escape stops it."
          autosize
          minRows={3}
          maxRows={10}
          maxLength={100_000}
          spellCheck={false}
          value={whole}
          readOnly={running}
          onChange={event => write(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault()
              run()
            }
          }}
        />
        <Group gap={6}>
          {suggestions.map(prompt => (
            <Button
              key={prompt}
              size="compact-xs"
              variant="default"
              disabled={running}
              onClick={() => write(prompt)}
            >
              {prompt}
            </Button>
          ))}
        </Group>
        <Group gap="xs">
          {running ? (
            <Button color="red" variant="light" onClick={stop}>
              Stop
            </Button>
          ) : (
            <ActionButton onClick={run} disabledReason={obstacle}>
              Let it run
            </ActionButton>
          )}
          <ActionButton
            variant="default"
            onClick={undo}
            disabledReason={
              running ? 'The model is writing.' : text.taken.length === 0 ? 'No token was taken yet.' : null
            }
          >
            Undo last token
          </ActionButton>
          <Text fz="xs" c="dimmed" role="status">
            {stopping
              ? 'Stopping …'
              : running
                ? `Writing … ${formatCount(text.taken.length)} tokens`
                : outcome}
          </Text>
        </Group>
        <ErrorNote error={error} />
        <SamplingFields sampling={sampling} onChange={setSampling} />
        <WhatItReads
          // Another run may have another tokenizer: nothing of what the last one read holds.
          key={runOf(choice)}
          promptText={text.prompt}
          running={running}
          answer={answer && current ? answer : undefined}
          visible={visible}
          onVisible={setVisible}
        />
      </Stack>
      <Stack gap="sm">
        <Box aria-busy={question !== null && !current && !running}>
          <Title order={2}>Next token</Title>
          {answer && (
            <Text fz="sm" c="dimmed" className="tabular">
              {entropySentence(answer.entropyBits)}.
            </Text>
          )}
          <ErrorNote
            error={running ? null : distribution.error}
            retry={{ label: 'Try again', run: distribution.refetch }}
          />
          {answer && (
            <Box mt="xs" style={{ opacity: current ? 1 : 0.55 }}>
              <NextTokenBars
                next={answer.next}
                vocabularySize={answer.vocabularySize}
                onTake={onTake}
                refusal={running ? 'The model is writing; stop it first.' : (noModel ?? filterProblem)}
              />
            </Box>
          )}
        </Box>
      </Stack>
    </SimpleGrid>
  )
}

/** The prompt as the model reads it, and the continuation shaded by how much each token surprised the model. */
function WhatItReads({
  promptText,
  running,
  answer,
  visible,
  onVisible,
}: {
  promptText: string
  running: boolean
  answer: { prompt: TokenPiece[]; cutOff: number } | undefined
  visible: boolean
  onVisible: (visible: boolean) => void
}) {
  const taken = useCompletion(s => s.text.taken)
  // The prompt's tokens stay known while tokens are taken after it.
  const [read, setRead] = useState<{ promptText: string; prompt: TokenPiece[]; cutOff: number } | null>(null)
  useEffect(() => {
    // The answer's tokens are the prompt's and then those taken; how many of the prompt's are seen changes with these.
    if (answer)
      setRead({
        promptText,
        prompt: answer.prompt.slice(0, answer.prompt.length - taken.length),
        cutOff: answer.cutOff,
      })
  }, [answer, promptText, taken.length])
  const known = read?.promptText === promptText ? read : null
  const prompt = known?.prompt ?? []
  const pieces = [...prompt, ...taken.map(t => t.piece)]
  const at = (index: number) => taken[index - prompt.length]
  const unknown = known && unknownSentence(promptText, prompt)
  const untrained = untrainedSentence(joined(taken.filter(t => t.by === 'sampler').map(t => t.piece)))
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Title order={2} size="h3">
          As tokens
        </Title>
        <Switch
          label="Show whitespace"
          checked={visible}
          onChange={event => onVisible(event.currentTarget.checked)}
        />
      </Group>
      {known && known.cutOff > 0 && (
        <Text fz="xs" c="var(--lab-warn)" mb={4}>
          The first {formatCount(known.cutOff)} tokens lie beyond the model’s context: it does not see them.
        </Text>
      )}
      {[unknown, untrained].map(
        sentence =>
          sentence && (
            <Text key={sentence} fz="xs" c="var(--lab-warn)" mb={4}>
              {sentence}
            </Text>
          ),
      )}
      <TokenStrip
        label="Prompt and continuation"
        pieces={pieces}
        visible={visible}
        maxHeight={220}
        growing={{ now: running }}
        tone={index => {
          const token = at(index)
          if (!token) return index < (known?.cutOff ?? 0) ? 'unseen' : 'plain'
          return token.logProb === null ? 'plain' : `surprise${surpriseLevel(token.logProb)}`
        }}
        remark={index => {
          const token = at(index)
          if (!token) return index < (known?.cutOff ?? 0) ? 'not seen by the model' : 'prompt'
          if (token.logProb === null) return 'taken by you'
          return `${probabilityText(Math.exp(token.logProb))}, ${formatNumber(surpriseBits(token.logProb), 2)} bits of surprise: ${surpriseNames[surpriseLevel(token.logProb)]}${token.by === 'person' ? ', taken by you' : ''}`
        }}
      />
      {taken.length > 0 && <SurpriseLegend />}
    </div>
  )
}
