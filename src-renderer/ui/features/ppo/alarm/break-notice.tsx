// Says, while a run trains, that answers wait to be compared blind. A switch turns it off, and is remembered.
import { Anchor, Text } from '@mantine/core'
import type { RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { useSettings } from '../../../app-state.ts'
import { useQuery } from '../../../queries.ts'
import { openBreak } from './break-store.ts'
import { breakWords, inFirstBreak, waitingBreak } from './standing.ts'

export function BreakNotice({ run }: { run: RunSummary }) {
  const wanted = useSettings()['ui.abBreaks']
  const training = run.status === 'running'
  const evaluations = useQuery('ppo.evaluations', wanted && training ? { run: run.id } : null).data
  const waiting = evaluations && wanted && training ? waitingBreak(evaluations) : null
  if (waiting === null) return null
  const { step } = waiting
  return (
    <Text fz="sm" role="status">
      {inFirstBreak(waiting) ? 'An A/B break is not through' : 'An A/B break is ready'}:{' '}
      <Anchor component="button" type="button" fz="sm" onClick={() => void openBreak(run.id, step)}>
        {breakWords(waiting)}
      </Anchor>
      . The run goes on meanwhile.
    </Text>
  )
}
