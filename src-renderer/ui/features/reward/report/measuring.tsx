// Measuring a reward model: by itself when its run ends, or on a click; progress while it runs.
import { Text } from '@mantine/core'
import { useState } from 'react'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { JobLine } from '../../../components/job-line.tsx'
import { useAction, useQuery } from '../../../queries.ts'
import { measure, useMeasurement } from './measured.ts'

export function Measuring({ checkpoint, again }: { checkpoint: string; again: boolean }) {
  const job = useMeasurement()
  const jobs = useQuery('jobs.list', {}).data
  const [mine, setMine] = useState<string>()
  const act = useAction(async () => setMine((await measure(checkpoint)).job))
  if (job)
    return (
      <div>
        <JobLine job={job.id} />
        <Text fz="xs" c="dimmed">
          It scores pairs of which the better one is known, and the responses of the validation prompts.
        </Text>
      </div>
    )
  const failed = jobs?.find(each => each.id === mine && each.state === 'failed')
  return (
    <div>
      <ActionButton variant={again ? 'default' : 'filled'} loading={act.busy} onClick={() => void act.run()}>
        {again ? 'Measure again' : 'Measure what it can judge'}
      </ActionButton>
      <ErrorNote error={act.error ?? failed?.error ?? null} />
    </div>
  )
}
