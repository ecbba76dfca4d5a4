// The bench without a card: answers that are still being sampled, that were never sampled, or that are all ranked.
import { Button, Group, Text } from '@mantine/core'
import type { BenchState, PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { useApp } from '../../../app-state.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { JobLine } from '../../../components/job-line.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { useAction } from '../../../queries.ts'
import { openNewBench, sampleOn } from '../preferences/preferences-store.ts'
import classes from './bench.module.css'

export function NoCard({
  state,
  set,
}: {
  state: BenchState
  /** undefined while it is not listed yet. */
  set: PreferenceSet | undefined
}) {
  if (state.sampling) return <Waiting state={state} job={state.sampling.job} />
  if (set && set.sampled < set.prompts) return <Unsampled set={set} />
  return <AllRanked state={state} set={set} />
}

function Waiting({ state, job }: { state: BenchState; job: string }) {
  return (
    <div className={classes.middle}>
      <Text fw={600} fz="lg">
        {state.done === 0 ? 'The first answers are being sampled' : 'You are faster than the model'}
      </Text>
      <Text c="dimmed">
        {state.done === 0
          ? 'The first card is shown as soon as all answers to its prompt are there. The rest goes on while you rank.'
          : 'Everything that is sampled is ranked. The next card is shown as soon as its answers are there.'}
      </Text>
      <div data-wide>
        <JobLine job={job} />
      </div>
    </div>
  )
}

function Unsampled({ set }: { set: PreferenceSet }) {
  const on = useAction(() => sampleOn(set.id))
  return (
    <div className={classes.middle}>
      <Text fw={600} fz="lg">
        {set.sampled === 0
          ? 'Nothing is sampled yet'
          : `Answers to ${formatCount(set.sampled)} of ${formatCounted(set.prompts, 'prompt')} are sampled and ranked`}
      </Text>
      <Text c="dimmed">
        Sampling stopped before its end. It goes on where it was, with the same answers as if it had never
        stopped.
      </Text>
      <Button color="amber" loading={on.busy} onClick={() => void on.run()}>
        Go on sampling
      </Button>
      <ErrorNote error={on.error} onClose={on.clear} />
    </div>
  )
}

function AllRanked({ state, set }: { state: BenchState; set: PreferenceSet | undefined }) {
  const { closeBench, showReward } = useApp()
  const nothing = state.total === 0
  const pairs = set?.pairs ?? 0
  return (
    <div className={classes.middle}>
      <Text fw={600} fz="lg">
        {nothing ? 'There is nothing to rank' : 'All ranked'}
      </Text>
      <Text c="dimmed">
        {nothing
          ? 'To every prompt the model gave the same answer each time. Sample with a higher temperature, or ask other questions.'
          : `${formatCounted(set?.ranked ?? state.done, 'prompt')} ranked: ${formatCounted(pairs, 'comparison')} for a reward model.`}
      </Text>
      <Group gap="xs">
        {!nothing && (
          <Button
            color="amber"
            onClick={() => {
              closeBench()
              showReward('train')
            }}
          >
            Train a reward model
          </Button>
        )}
        <Button
          variant={nothing ? 'filled' : 'default'}
          onClick={() => {
            closeBench()
            openNewBench(set?.bench ?? null)
          }}
        >
          Sample more answers …
        </Button>
      </Group>
    </div>
  )
}
