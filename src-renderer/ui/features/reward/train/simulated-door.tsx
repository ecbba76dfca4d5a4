// The starter world's second door, before there is a ranking: a simulated labeler ranks, and says so everywhere.
import { Stack, Text } from '@mantine/core'
import { rewardPresets } from '../../../../../src-shared/config/reward-presets.ts'
import type { CheckpointSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { JobLine } from '../../../components/job-line.tsx'
import { formatCount, formatPercent } from '../../../format.ts'
import { useAction, useQuery } from '../../../queries.ts'
import { simulateStarterRankings, useSimulation, worldOf } from './simulated-rankings.ts'

const none: readonly never[] = []

export function SimulatedDoor({ start }: { start: CheckpointSummary }) {
  const corpora = useQuery('corpora.list', {}).data ?? none
  const checkpoints = useQuery('checkpoints.list', {}).data ?? none
  const runs = useQuery('runs.list', {}).data ?? none
  const { job, busy } = useSimulation()
  const simulate = useAction(simulateStarterRankings)
  const world = worldOf(start, checkpoints, runs, corpora)
  if (world === null) return null
  const { prompts, responses, noise } = rewardPresets['starter-world']!.preferences!
  return (
    <Stack gap={6} mt="sm">
      <Text fz="sm" c="dimmed">
        Or, for the starter world, let a simulated labeler rank {formatCount(prompts)} prompts of {responses}{' '}
        answers: true first, then polite and brief, with {formatPercent(noise)} of its labels turned round.
        Its labels say everywhere that they are simulated.
      </Text>
      <div>
        <ActionButton
          size="compact-sm"
          variant="default"
          loading={busy || simulate.busy}
          onClick={() => void simulate.run(start, world)}
        >
          Let a simulated labeler rank
        </ActionButton>
      </div>
      <ErrorNote error={simulate.error} onClose={simulate.clear} />
      {busy && <JobLine job={job} />}
    </Stack>
  )
}
