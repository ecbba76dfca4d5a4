// Measuring a reward model: by itself when its run ends, or on a click; progress while it runs.
import { Text } from '@mantine/core'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { JobLine } from '../../../components/job-line.tsx'
import { useAction } from '../../../queries.ts'
import { measure, useMeasurement } from './measured.ts'

export function Measuring({ checkpoint, again }: { checkpoint: string; again: boolean }) {
  const job = useMeasurement()
  const act = useAction(measure)
  if (job)
    return (
      <div>
        <JobLine job={job.id} />
        <Text fz="xs" c="dimmed">
          It answers pairs of which the better one is known, and every response of the validation prompts.
        </Text>
      </div>
    )
  return (
    <div>
      <ActionButton
        variant={again ? 'default' : 'filled'}
        loading={act.busy}
        onClick={() => void act.run(checkpoint)}
      >
        {again ? 'Measure again' : 'Measure what it can judge'}
      </ActionButton>
      <ErrorNote error={act.error} onClose={act.clear} />
    </div>
  )
}
