// A new bench: which model answers which prompts, how often, and what that takes. It opens at once: answers are ranked as
// they come.
import { Group, Modal, Slider, Stack, Text, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { useApp } from '../../../app-state.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { bestOfNewestRun } from '../../../components/model-choice.ts'
import { promptCount } from '../../../components/prompts/prompt-draft.ts'
import { PromptSourceFields } from '../../../components/prompts/prompt-source-fields.tsx'
import { SamplingFields } from '../../../components/sampling-fields.tsx'
import { Term } from '../../../components/term.tsx'
import { CheckpointSelect } from '../../../components/training/checkpoint-select.tsx'
import { roughTime } from '../../../components/training/rough-time.ts'
import { type GivenFile, grantFiles } from '../../../grant-files.ts'
import { call } from '../../../lab.ts'
import { useAction, useQuery } from '../../../queries.ts'
import { worldOf } from '../../../starter-world.ts'
import {
  answeringModels,
  answersSentence,
  type BenchDraft,
  benchProblem,
  draftLike,
  FEWEST_RESPONSES,
  MOST_RESPONSES,
  newDraft,
  requestOf,
  samplingMinutes,
  withLength,
} from './new-bench-draft.ts'
import { chooseSet, closeNewBench, usePreferences } from './preferences-store.ts'

type BenchRecipe = NonNullable<PreferenceSet['bench']>

export function NewBenchDialog({ like }: { like: BenchRecipe | null }) {
  const checkpoints = useQuery('checkpoints.list', {})
  const runs = useQuery('runs.list', {}).data
  return (
    <Modal
      opened
      onClose={closeNewBench}
      title="Sample answers and rank them"
      size={640}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <ErrorNote error={checkpoints.error} retry={{ label: 'Try again', run: checkpoints.refetch }} />
      {checkpoints.data && runs && <Content like={like} checkpoints={checkpoints.data} runs={runs} />}
    </Modal>
  )
}

function Content({
  like,
  checkpoints,
  runs,
}: {
  like: BenchRecipe | null
  checkpoints: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
}) {
  const options = answeringModels(checkpoints)
  if (options.length === 0)
    return (
      <EmptyState
        title="No model that answers yet"
        action={{
          label: 'Fine-tune one in phase 2',
          run: () => {
            closeNewBench()
            useApp.getState().showSft('train')
          },
        }}
      >
        What is ranked are answers of your own fine-tuned model: the reward model is to tell its better ones
        from its worse.
      </EmptyState>
    )
  return <Form like={like} checkpoints={checkpoints} runs={runs} options={options} />
}

const none: readonly never[] = []

function Form({
  like,
  checkpoints,
  runs,
  options,
}: {
  like: BenchRecipe | null
  checkpoints: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
  options: ReturnType<typeof answeringModels>
}) {
  const corpora = useQuery('corpora.list', {}).data ?? none
  const demonstrations = useQuery('demonstrations.list', {}).data ?? none
  const report = useQuery('bench.latest', {}).data?.report
  const proposed = bestOfNewestRun(checkpoints, ['sft']) ?? bestOfNewestRun(checkpoints, ['ppo', 'pretrain'])
  const [written, setWritten] = useState<BenchDraft | null>(null)
  const checkpoint =
    checkpoints.find(each => each.id === (written?.checkpoint ?? like?.checkpoint)) ?? proposed
  const run = runs.find(each => each.id === checkpoint?.run)
  const world = checkpoint ? worldOf(checkpoint, checkpoints, runs, corpora) : null
  const from =
    world !== null ? 'starter-world' : demonstrations.some(set => set.rows > 0) ? 'demonstrations' : 'text'
  const raw = written ?? (like ? draftLike(like, from) : newDraft(from))
  const draft = withLength(raw, run?.model.contextLength)
  const change = (part: Partial<BenchDraft>) => setWritten({ ...raw, ...part })
  const addFiles = useAction(async (given: readonly GivenFile[]) => {
    const ids = await grantFiles(given)
    const files = ids.map((file, i) => ({ file, name: given[i]!.path }))
    setWritten(now => ({ ...(now ?? raw), from: 'files', files: [...(now ?? raw).files, ...files] }))
  })
  // What is chosen there is read before the whole form is there: not the button that closes it has the focus.
  const form = useRef<HTMLDivElement>(null)
  useEffect(() => {
    form.current?.focus({ preventScroll: true })
  }, [])
  const dropped = usePreferences(state => state.promptFiles)
  const latest = useRef(addFiles.run)
  latest.current = addFiles.run
  useEffect(() => {
    if (!dropped) return
    usePreferences.setState({ promptFiles: null })
    void latest.current(dropped)
  }, [dropped])

  const surroundings = { checkpoint, demonstrations, world }
  const problem = benchProblem(draft, surroundings)
  const prompts = promptCount(draft, demonstrations)
  const minutes =
    prompts === null || !run
      ? null
      : samplingMinutes({
          answers: prompts * draft.responses,
          maxTokens: Number(draft.sampling.maxTokens) || 0,
          parameters: run.parameters,
          report,
        })
  const start = useAction(async () => {
    const { set } = await call('ranking.create', requestOf(draft, surroundings))
    closeNewBench()
    chooseSet(set)
    useApp.getState().openBench(set)
  })
  const submit = () => {
    if (problem === null && !start.busy) void start.run()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter works from every field
    <div
      ref={form}
      tabIndex={-1}
      data-autofocus
      style={{ outline: 'none' }}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
      }}
    >
      <Stack gap="md">
        <Part title="Model that answers">
          <CheckpointSelect
            label="Model that answers"
            placeholder="Choose a model"
            options={options}
            chosen={checkpoint}
            wanted={raw.checkpoint}
            checkpoints={checkpoints}
            runs={runs}
            onChoose={id => change({ checkpoint: id })}
          />
        </Part>
        <Part title="Prompts">
          <PromptSourceFields
            draft={draft}
            demonstrations={demonstrations}
            world={world}
            onChange={change}
            onAddFiles={given => void addFiles.run(given)}
            adding={addFiles.busy}
            accent="amber"
            ranked
            onLeave={closeNewBench}
          />
          <ErrorNote error={addFiles.error} onClose={addFiles.clear} />
        </Part>
        <Part title={`Answers to each prompt: ${draft.responses}`}>
          <Slider
            color="amber"
            size="sm"
            mb="xl"
            label={null}
            thumbLabel="Answers to each prompt"
            min={FEWEST_RESPONSES}
            max={MOST_RESPONSES}
            step={1}
            marks={[2, 4, 9].map(value => ({ value, label: value }))}
            value={draft.responses}
            onChange={responses => change({ responses })}
          />
          <SamplingFields
            sampling={draft.sampling}
            onChange={part =>
              change({
                sampling: { ...draft.sampling, ...part },
                lengthChosen: raw.lengthChosen || part.maxTokens !== undefined,
              })
            }
          />
        </Part>
        <TextInput
          label="Name of the set"
          placeholder="chosen for you"
          maxLength={120}
          value={draft.name}
          onChange={event => change({ name: event.currentTarget.value })}
          onKeyDown={event => {
            if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.nativeEvent.isComposing)
              submit()
          }}
        />
        <ErrorNote error={start.error} onClose={start.clear} />
        <Group justify="flex-end" gap="xs" wrap="nowrap">
          <Text fz="xs" c="dimmed" mr="auto" className="tabular">
            {prompts !== 0 && `${answersSentence(prompts, draft.responses)} ${timeSentence(minutes)} `}
            <Term meaning="About one prompt in ten is shown a second time, later, so that you learn how often you agree with yourself: no reward model can do better.">
              Some prompts come back silently.
            </Term>
          </Text>
          <ActionButton variant="default" flex="none" onClick={closeNewBench}>
            Cancel
          </ActionButton>
          <ActionButton
            color="amber"
            flex="none"
            loading={start.busy}
            disabledReason={problem}
            onClick={submit}
          >
            Start
          </ActionButton>
        </Group>
      </Stack>
    </div>
  )
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <Text fz="sm" fw={600} mb={6}>
        {title}
      </Text>
      {children}
    </section>
  )
}

const timeSentence = (minutes: number | null): string =>
  minutes === null
    ? 'How long it takes is told as soon as the first are there; you rank meanwhile.'
    : `At most about ${roughTime(minutes)} on this device; you rank meanwhile.`
