// The runs of phase 4: what each bought at which distance, what it was rewarded for, and the model it started from.
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { PlainText } from '../../components/plain-text.tsx'
import { Term } from '../../components/term.tsx'
import { madeFrom, PhaseRuns } from '../../components/training/phase-runs.tsx'
import type { Column } from '../../components/virtual-table.tsx'
import { describeMetric, formatNumber, formatPercent, NONE } from '../../format.ts'
import { useQuery } from '../../queries.ts'
import { showRunHere } from './train/recipe-store.ts'
import { rewardsText } from './train/rewards.ts'

const none: readonly never[] = []

const metric = (key: string, name: string, header: string): Column<RunSummary> => ({
  key,
  header: <Term meaning={describeMetric(name, 'ppo').meaning}>{header}</Term>,
  width: '70px',
  align: 'right',
  cell: ({ latest }) => (latest[name] === undefined ? NONE : formatNumber(latest[name], 3)),
})

export function PpoRuns({ runs, shown }: { runs: readonly RunSummary[]; shown: string | undefined }) {
  const checkpoints = useQuery('checkpoints.list', {}).data ?? none
  const own: readonly Column<RunSummary>[] = [
    {
      key: 'wins',
      header: <Term meaning={describeMetric('eval_win_rate', 'ppo').meaning}>Wins</Term>,
      width: '52px',
      align: 'right',
      cell: ({ latest }) => (latest.eval_win_rate === undefined ? NONE : formatPercent(latest.eval_win_rate)),
    },
    metric('reward', 'objective/scores', 'Reward'),
    metric('kl', 'objective/kl', 'KL'),
    {
      key: 'rewards',
      header: <Term meaning="What its answers were rewarded for.">Rewarded for</Term>,
      width: 'minmax(100px, 1fr)',
      cell: ({ data }) =>
        data.ppo ? (
          <PlainText text={rewardsText(data.ppo.rewards, data.ppo.rewardModel?.name ?? null)} />
        ) : (
          NONE
        ),
    },
    madeFrom(checkpoints, 'The fine-tuned checkpoint that it started from.'),
  ]
  return <PhaseRuns runs={runs} shown={shown} onShow={showRunHere} own={own} />
}
