// The whole report on a reward model: verdict, what it can judge, how its scores lie, and the labels it disagrees with.
import { Group, Select, Stack, Text } from '@mantine/core'
import type { RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { RewardReport } from '../../../../../src-shared/contract/reward-contract.ts'
import { useApp } from '../../../app-state.ts'
import { AccuracyByMargin } from '../../../charts/accuracy-by-margin.tsx'
import { CalibrationChart } from '../../../charts/calibration-chart.tsx'
import { RewardByLength } from '../../../charts/reward-by-length.tsx'
import { ScoreHistogram } from '../../../charts/score-histogram.tsx'
import { ActionButton } from '../../../components/action-button.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { checkpointLabel } from '../../../components/model-choice.ts'
import { Panel } from '../../../components/panel.tsx'
import { formatWhen } from '../../../format.ts'
import { useQuery } from '../../../queries.ts'
import { rewardModels } from '../../../reward-reports.ts'
import { Disagreements } from './disagreements.tsx'
import { Judges } from './judges.tsx'
import { chooseModel, useMeasured } from './measured.ts'
import { Measuring } from './measuring.tsx'
import classes from './report.module.css'
import { AccuracyBars, ScoreFacts } from './report-facts.tsx'
import { VerdictPanel } from './verdict-panel.tsx'

export function ReportView({ run }: { run: RunSummary | undefined }) {
  const showReward = useApp(state => state.showReward)
  const { model, report, error, refetch } = useMeasured(run)
  const checkpoints = useQuery('checkpoints.list', {}).data
  if (!checkpoints) return null
  if (!model)
    return (
      <EmptyState title="No reward model yet" action={{ label: 'Train one', run: () => showReward('train') }}>
        The report tells what a reward model can judge, what it cannot, and whether it is good enough for
        phase 4.
      </EmptyState>
    )
  return (
    <Stack p="md" gap="md">
      <Group gap="sm" align="flex-end">
        <Select
          label="Reward model"
          w={420}
          searchable
          data={rewardModels(checkpoints).map(each => ({ value: each.id, label: checkpointLabel(each) }))}
          value={model.id}
          onChange={chooseModel}
        />
        <Measuring checkpoint={model.id} again={Boolean(report)} />
        <ActionButton variant="default" onClick={() => showReward('playground')}>
          Try it in the playground
        </ActionButton>
        {report && (
          <Text fz="xs" c="dimmed" ml="auto">
            Measured {formatWhen(report.createdAt, new Date())}
          </Text>
        )}
      </Group>
      <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
      {report === null && !error && (
        <EmptyState title="Not measured yet">
          A measurement runs by itself when a run ends. It needs seconds to a minute or two, and no training
          under way.
        </EmptyState>
      )}
      {report && <Report report={report} />}
    </Stack>
  )
}

function Report({ report }: { report: RewardReport }) {
  return (
    <>
      <div className={classes.columns}>
        <Stack gap="md">
          <Panel title="Is it good enough for phase 4?">
            <VerdictPanel verdict={report.verdict} />
          </Panel>
          <Panel title="Agreement with the labels">
            <AccuracyBars report={report} />
          </Panel>
          <Panel title="Figures">
            <ScoreFacts report={report} />
          </Panel>
        </Stack>
        <Stack gap="md">
          <Panel title="What it can judge">
            <Judges judges={report.judges} />
          </Panel>
          <Panel title="How its scores lie">
            <div className={classes.figures}>
              <ScoreHistogram scores={report.scores} />
              <AccuracyByMargin bins={report.byMargin} />
              <CalibrationChart bins={report.calibration} error={report.calibrationError} />
              <RewardByLength length={report.length} />
            </div>
          </Panel>
        </Stack>
      </div>
      <Panel
        title="Worst disagreements"
        aside={
          <Text fz="xs" c="dimmed">
            Validation pairs whose loser scores highest above the winner: errors of the model, or labels to
            mend
          </Text>
        }
      >
        <Disagreements worst={report.worst} first={10} since={report.createdAt} />
      </Panel>
    </>
  )
}
