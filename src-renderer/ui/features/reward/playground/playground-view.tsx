// The playground: a prompt, one to nine responses, their scores, and which tokens the scores hang on. It scores after a
// pause in typing; Ctrl+Enter scores at once.
import { Box, Button, Group, Select, Stack, Switch, Text, Textarea, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Plus, X } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../../app-state.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { checkpointLabel } from '../../../components/model-choice.ts'
import { signed } from '../../../components/score-text.ts'
import { toast } from '../../../components/toast.tsx'
import { invalidate, useAction, useQueries, useQuery } from '../../../queries.ts'
import { rewardModels } from '../../../reward-reports.ts'
import { chooseModel, useMeasured } from '../report/measured.ts'
import classes from './playground.module.css'
import {
  addResponse,
  changeDraft,
  type Known,
  knownOf,
  LONGEST_TEXT,
  MOST_RESPONSES,
  questionOf,
  removeResponse,
  requestsOf,
  takeExample,
  usePlayground,
  writeResponse,
} from './playground-store.ts'
import { bestFirst, preferenceSentence, ScoredResponses, ScoreLegend } from './scored-responses.tsx'

const none: readonly never[] = []

/** A pause in typing after which it is worth scoring. */
const PAUSE_MS = 500

export function PlaygroundView({ run }: { run: RunSummary | undefined }) {
  const showReward = useApp(state => state.showReward)
  const checkpoints = useQuery('checkpoints.list', {})
  const { model } = useMeasured(run)
  if (checkpoints.error && !checkpoints.data)
    return <ErrorNote error={checkpoints.error} retry={{ label: 'Try again', run: checkpoints.refetch }} />
  if (!checkpoints.data) return null
  if (!model)
    return (
      <EmptyState title="No reward model yet" action={{ label: 'Train one', run: () => showReward('train') }}>
        A reward model gives a number to any response. Here you will type a prompt and some responses, see
        their scores, and which tokens they hang on.
      </EmptyState>
    )
  return <Playground model={model} models={rewardModels(checkpoints.data)} />
}

function Playground({ model, models }: { model: CheckpointSummary; models: readonly CheckpointSummary[] }) {
  const draft = usePlayground(state => state.draft)
  const { system, prompt, responses, sorted } = draft
  const question = useMemo(
    () => questionOf({ system, prompt, responses, sorted: false }, model.id),
    [system, prompt, responses, model.id],
  )
  const [paused] = useDebouncedValue(question, PAUSE_MS)
  const [hurried, setHurried] = useState<typeof question>(null)
  const settled = hurried === question ? question : paused
  // One by one: what does not fit must not keep the others from their scores.
  const answers = useQueries('reward.score', settled ? requestsOf(settled) : none)
  const answered = !answers.some(answer => answer.loading)
  // The answers before, while the next are on their way: with the places that they were of.
  const [known, setKnown] = useState<Known>({ scored: [], refused: [], error: null })
  useEffect(() => {
    if (answered && settled) setKnown(knownOf(settled.places, answers))
  }, [answers, answered, settled])
  const current = settled === question && answered
  const { scored, refused, error } = question === null ? knownOf([], []) : known
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter works from every field
    <div
      className={classes.columns}
      onKeyDown={event => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        setHurried(question)
      }}
    >
      <Stack gap="sm">
        <Select
          label="Reward model"
          searchable
          data={models.map(each => ({ value: each.id, label: checkpointLabel(each) }))}
          value={model.id}
          onChange={chooseModel}
        />
        <Writing />
      </Stack>
      <Box aria-busy={question !== null && !current}>
        <Group justify="space-between" mb="xs">
          <Title order={2}>Scores</Title>
          <Switch
            label="Best first"
            checked={sorted}
            onChange={event => changeDraft({ sorted: event.currentTarget.checked })}
          />
        </Group>
        <ErrorNote
          error={error}
          retry={{ label: 'Try again', run: () => invalidate(method => method === 'reward.score') }}
        />
        {scored.length + refused.length === 0 ? (
          !error && (
            <Text fz="sm" c="dimmed">
              {question === null ? 'Write a prompt and a response, or take a ranked prompt.' : 'Scoring …'}
            </Text>
          )
        ) : (
          <Stack gap="sm" style={{ opacity: current ? 1 : 0.55 }}>
            <ScoredResponses scored={sorted ? bestFirst(scored) : scored} refused={refused} />
            {scored.length > 0 && <Explanation scored={scored} />}
          </Stack>
        )}
      </Box>
    </div>
  )
}

function Explanation({ scored }: { scored: Parameters<typeof preferenceSentence>[0] }) {
  const [first] = scored
  return (
    <>
      <Text fz="sm" role="status">
        {preferenceSentence(scored)}
      </Text>
      <ScoreLegend />
      <Text fz="xs" c="dimmed">
        0 is the mean score of the fine-tuned model’s own answers, and +1.00 one standard deviation above it.
        The prompt alone scores {signed(first!.response.promptScore)}; each token’s shade is how far it moved
        the score from there. Only the score after the last token counts: the ones on the way are what the
        model would say if the response ended there.
      </Text>
    </>
  )
}

function Writing() {
  const { system, prompt, responses } = usePlayground(state => state.draft)
  const [withSystem, setWithSystem] = useState(system !== '')
  const sets = (useQuery('preferences.list', {}).data ?? []).filter(
    set => set.removedAt === null && set.sampled > 0,
  )
  const example = useAction(async () => {
    if (!(await takeExample(sets))) toast('info', 'This prompt has no responses yet; take another one.')
  })
  const last = useRef<HTMLTextAreaElement>(null)
  const [added, setAdded] = useState(0)
  useEffect(() => {
    if (added > 0) last.current?.focus()
  }, [added])
  return (
    <>
      {withSystem || system !== '' ? (
        <Textarea
          label="System message"
          autosize
          minRows={1}
          maxRows={6}
          maxLength={LONGEST_TEXT}
          value={system}
          onChange={event => changeDraft({ system: event.currentTarget.value })}
        />
      ) : null}
      <Textarea
        label="Prompt"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={LONGEST_TEXT}
        value={prompt}
        onChange={event => changeDraft({ prompt: event.currentTarget.value })}
      />
      <Group gap="xs">
        <ActionButton
          variant="default"
          size="compact-xs"
          loading={example.busy}
          disabledReason={sets.length === 0 ? 'There is no prompt with responses yet.' : null}
          onClick={() => void example.run()}
        >
          Take a ranked prompt
        </ActionButton>
        {!withSystem && system === '' && (
          <Button variant="subtle" size="compact-xs" onClick={() => setWithSystem(true)}>
            Add a system message
          </Button>
        )}
      </Group>
      <ErrorNote error={example.error} onClose={example.clear} />
      <Text fz="sm" fw={600}>
        Responses
      </Text>
      {responses.map((text, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a response has no other name than its place
        <div key={i} className={classes.response}>
          <span aria-hidden>{i + 1}</span>
          <Textarea
            ref={i === responses.length - 1 ? last : undefined}
            aria-label={`Response ${i + 1}`}
            placeholder={i === 0 ? 'What a model might answer' : undefined}
            autosize
            minRows={1}
            maxRows={8}
            maxLength={LONGEST_TEXT}
            spellCheck={false}
            value={text}
            onChange={event => writeResponse(i, event.currentTarget.value)}
          />
          <ActionButton
            variant="subtle"
            color="gray"
            px={6}
            aria-label={`Remove response ${i + 1}`}
            disabledReason={responses.length === 1 ? 'One response stays.' : null}
            onClick={() => removeResponse(i)}
          >
            <X size={14} aria-hidden />
          </ActionButton>
        </div>
      ))}
      <Group gap="xs">
        <ActionButton
          variant="default"
          size="compact-xs"
          leftSection={<Plus size={13} aria-hidden />}
          disabledReason={
            responses.length >= MOST_RESPONSES
              ? `${MOST_RESPONSES} responses at most are scored at once.`
              : null
          }
          onClick={() => {
            addResponse()
            setAdded(added + 1)
          }}
        >
          Add a response
        </ActionButton>
        <Text fz="xs" c="dimmed">
          Scored as you type; Ctrl+Enter scores at once.
        </Text>
      </Group>
    </>
  )
}
