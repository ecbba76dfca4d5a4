// The runs of phase 3: how well each judges, its verdict, and the model it was made from.
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { Term } from '../../components/term.tsx'
import { madeFrom, PhaseRuns } from '../../components/training/phase-runs.tsx'
import { VerdictWord } from '../../components/verdict-light.tsx'
import type { Column } from '../../components/virtual-table.tsx'
import { describeMetric, formatCount, formatMetric, NONE } from '../../format.ts'
import { useQuery } from '../../queries.ts'
import { reportOfRun, rewardModels, useReports } from '../../reward-reports.ts'
import { chooseModel } from './report/measured.ts'
import { showRunHere } from './train/recipe-store.ts'

const none: readonly never[] = []

export function RewardRuns({ runs, shown }: { runs: readonly RunSummary[]; shown: string | undefined }) {
  const checkpoints = useQuery('checkpoints.list', {}).data ?? none
  const models = rewardModels(checkpoints)
  const reports = useReports(models).flatMap(({ data }) => (data ? [data] : []))
  const own: readonly Column<RunSummary>[] = [
    {
      key: 'accuracy',
      header: <Term meaning={describeMetric('eval_accuracy').meaning}>Accuracy</Term>,
      width: '76px',
      align: 'right',
      cell: run => formatMetric('eval_accuracy', run.latest.eval_accuracy),
    },
    {
      key: 'pairs',
      header: <Term meaning="Comparisons that were trained on.">Pairs</Term>,
      width: '72px',
      align: 'right',
      cell: run => formatCount(run.data.preferences?.pairs.train ?? 0),
    },
    {
      key: 'verdict',
      header: <Term meaning="Whether it is good enough for phase 4, as its report says.">Verdict</Term>,
      width: '84px',
      cell: run => {
        const verdict = reportOfRun(run.id, models, reports)?.verdict
        return verdict ? <VerdictWord level={verdict.level} /> : NONE
      },
    },
    madeFrom(checkpoints, 'The fine-tuned checkpoint that it started from.'),
  ]
  return (
    <PhaseRuns
      runs={runs}
      shown={shown}
      onShow={run => {
        showRunHere(run)
        chooseModel(null)
      }}
      own={own}
    />
  )
}
