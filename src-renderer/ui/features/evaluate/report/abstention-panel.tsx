// What if "I don't know." were worth more, or less? A slider that starts a new run of phase 4 with that reward beside
// the others.
import { Slider, Text } from '@mantine/core'
import { useState } from 'react'
import type { EvaluationReport } from '../../../../../src-shared/contract/evaluation-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../../app-state.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { visible } from '../../../components/plain-text.tsx'
import { Term } from '../../../components/term.tsx'
import { toast } from '../../../components/toast.tsx'
import { call } from '../../../lab.ts'
import { refetchQuery, useAction, useQuery } from '../../../queries.ts'
import { rewardModels } from '../../../reward-reports.ts'
import {
  type AbstentionStart,
  abstentionName,
  abstentionProblem,
  abstentionRequest,
  abstentionWords,
  signed,
} from './abstention-run.ts'

const none: readonly never[] = []

export function AbstentionPanel({ report }: { report: EvaluationReport }) {
  const [weight, setWeight] = useState(0.25)
  const checkpoints = useQuery('checkpoints.list', {}).data ?? none
  const runs = useQuery('runs.list', {}).data ?? none
  const start = startOf(report, checkpoints, runs)
  const problem = abstentionProblem(start, weight, runs)
  const begin = useAction(async () => {
    if (problem !== null) return
    const taken = new Set((await call('runs.list', {})).map(({ name }) => name))
    const name = abstentionName(start, weight, taken)
    const { run } = await call('ppo.start', { ...abstentionRequest(start, weight), name })
    // The next click is to know of this run.
    await refetchQuery('runs.list', {})
    toast('success', `“${name}” is in the queue; evaluate it when it is done`, {
      label: 'Show it',
      run: () => useApp.getState().showRun(run),
    })
  })
  return (
    <section aria-label="Reward for abstaining" style={{ marginTop: 12 }}>
      <Text fz="sm" fw={600}>
        <Term meaning="Added to what else is rewarded, once for every answer that is “I don’t know.” and nothing else, in standard deviations of the reward model’s scores. Too much, and the model abstains from everything.">
          What if “I don’t know.” earned {signed(weight)}?
        </Term>
      </Text>
      <Slider
        size="xs"
        min={-1}
        max={1}
        step={0.05}
        label={null}
        thumbLabel="Reward for “I don’t know.”"
        thumbProps={{ 'aria-valuetext': signed(weight) }}
        marks={[
          { value: -1, label: '−1' },
          { value: 0, label: '0' },
          { value: 1, label: '+1' },
        ]}
        mb="lg"
        mt={4}
        value={weight}
        onChange={value => setWeight(Number(value.toFixed(2)))}
      />
      <ErrorNote error={begin.error} onClose={begin.clear} />
      <ActionButton
        variant="default"
        loading={begin.busy}
        disabledReason={problem}
        onClick={() => void begin.run()}
      >
        Train a model with this reward
      </ActionButton>
      <Text fz="xs" c="dimmed" mt={4}>
        {problem === null && abstentionWords(start, weight, visible(start.like?.name ?? ''))}
      </Text>
    </section>
  )
}

/** What a new run starts from: as the evaluated RLHF model was made, else from the evaluated SFT model. */
function startOf(
  { models, prompts }: EvaluationReport,
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): AbstentionStart {
  const runOf = (checkpoint: string) => {
    const run = checkpoints.find(({ id }) => id === checkpoint)?.run
    return runs.find(({ id }) => id === run)
  }
  const rlhf = models.findLast(({ phase }) => phase === 'ppo')
  const sft = models.findLast(({ phase }) => phase === 'sft')
  return {
    like: (rlhf && runOf(rlhf.checkpoint)) ?? null,
    sft: sft?.checkpoint ?? null,
    sftName: sft?.name ?? '',
    rewardModel: rewardModels(checkpoints)[0]?.id ?? null,
    world: prompts.from === 'starter-world' ? prompts.seed : null,
  }
}
