// WHAT IT SAYS in phase 3: the verdict in short, the worst disagreements, and the way to the whole report.
import { Button, Stack, Text } from '@mantine/core'
import type { RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../../app-state.ts'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { JobLine } from '../../../components/job-line.tsx'
import { isActive } from '../../../run-status.ts'
import { Disagreements } from './disagreements.tsx'
import { Judges } from './judges.tsx'
import { useMeasured } from './measured.ts'
import { Measuring } from './measuring.tsx'
import { AccuracyLine } from './report-facts.tsx'
import { VerdictPanel } from './verdict-panel.tsx'

export function VerdictZone({ run }: { run: RunSummary | undefined }) {
  const showReward = useApp(state => state.showReward)
  const { model, report, error, refetch, job } = useMeasured(run)
  if (!run)
    return (
      <EmptyState title="It has judged nothing yet">
        Here stands the verdict, as a traffic light with its reasons: what the reward model can judge, what it
        cannot, and whether phase 4 may trust it.
      </EmptyState>
    )
  if (report)
    return (
      <Stack gap="md">
        {job && <JobLine job={job.id} />}
        <VerdictPanel verdict={report.verdict} />
        <AccuracyLine report={report} />
        {report.judges.length > 0 && (
          <section aria-label="What it can judge">
            <Text fz="sm" fw={600}>
              What it can judge
            </Text>
            <Judges judges={report.judges} />
          </section>
        )}
        <section aria-label="Worst disagreements">
          <Text fz="sm" fw={600} mb={4}>
            Worst disagreements
          </Text>
          <Disagreements worst={report.worst} first={2} since={report.createdAt} />
        </section>
        <div>
          <Button variant="default" onClick={() => showReward('report')}>
            Read the whole report
          </Button>
        </div>
      </Stack>
    )
  return (
    <>
      <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
      <Text fz="sm" c="dimmed" mb="sm">
        {isActive(run)
          ? 'When the run ends, what the model can judge is measured by itself, and the verdict stands here.'
          : model
            ? job
              ? 'The verdict stands here as soon as it is measured.'
              : report === undefined
                ? ''
                : 'What this model can judge is not measured yet.'
            : 'This run has no checkpoint that can score.'}
      </Text>
      {model && report === null && !isActive(run) && <Measuring checkpoint={model.id} again={false} />}
    </>
  )
}
