// The starter world's second door, before there is a ranking: a simulated labeler ranks, and says so everywhere.
import { Stack, Text } from '@mantine/core'
import { rewardPresets } from '../../../../../src-shared/config/reward-presets.ts'
import type { CheckpointSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { formatCount, formatPercent } from '../../../format.ts'
import { useAction, useQuery } from '../../../queries.ts'
import { worldOf } from '../../../starter-world.ts'
import { begunSet, simulateStarterRankings, useSimulation } from './simulated-rankings.ts'

const none: readonly never[] = []

export function SimulatedDoor({ start, sets }: { start: CheckpointSummary; sets: readonly PreferenceSet[] }) {
  const corpora = useQuery('corpora.list', {}).data ?? none
  const checkpoints = useQuery('checkpoints.list', {}).data ?? none
  const runs = useQuery('runs.list', {}).data ?? none
  const busy = useSimulation(state => state.busy)
  const simulate = useAction(simulateStarterRankings)
  const world = worldOf(start, checkpoints, runs, corpora)
  if (world === null) return null
  const begun = begunSet(sets, start, world)
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
          onClick={() => void simulate.run(start, world, begun)}
        >
          {begun && !busy ? 'Go on, and let it rank' : 'Let a simulated labeler rank'}
        </ActionButton>
      </div>
      <ErrorNote error={simulate.error} onClose={simulate.clear} />
    </Stack>
  )
}
