// Phase 3 as a card: the rankings, the newest reward model with its verdict, and the one next step.
import type { RewardReport } from '../../../../src-shared/contract/reward-contract.ts'
import { useApp } from '../../app-state.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { PlainText } from '../../components/plain-text.tsx'
import { MetricTerm } from '../../components/term.tsx'
import { toastError } from '../../components/toast.tsx'
import { VerdictWord, verdictMeaning } from '../../components/verdict-light.tsx'
import { formatCounted, formatMetric, formatPercent } from '../../format.ts'
import { call } from '../../lab.ts'
import { phaseOf } from '../../phases.ts'
import { Card, Have, HaveRun } from './phase-card.tsx'
import { nextRewardStep, type RewardStanding, type RewardStep } from './reward-standing.ts'

const steps: Record<RewardStep, string> = {
  'fine-tune': 'Fine-tune a model first',
  rank: 'Rank some responses',
  'go-on-ranking': 'Go on ranking',
  'start-run': 'Train the reward model',
  'watch-run': 'Watch it learn',
  'resume-run': 'Resume',
  'read-verdict': 'Read the verdict',
}

/** @param report of the newest model; undefined = not measured */
export function RewardCard({
  standing,
  report,
}: {
  standing: RewardStanding
  report: RewardReport | undefined
}) {
  const { openBench, showReward, showSft } = useApp()
  const { begun, model, pairs, ranked, simulated, waiting } = standing
  const step = nextRewardStep(standing)
  const take = async () => {
    if (step === 'fine-tune') showSft('train')
    else if (step === 'go-on-ranking') openBench(begun!)
    else if (step === 'read-verdict') showReward('report', model!.id)
    else showReward('train')
    if (step === 'resume-run') await call('runs.resume', { run: waiting!.id })
  }
  return (
    <Card phase={phaseOf('reward')}>
      <Have name="You have">
        {ranked === 0
          ? 'no rankings yet'
          : `${formatCounted(ranked, 'prompt')} ranked${simulated ? ' by a simulated labeler' : ''}, ${formatCounted(pairs, 'pair')}`}
      </Have>
      {model && (
        <Have name="Newest model">
          <PlainText text={model.name} />
          <br />
          <MetricTerm name="eval_accuracy" phase="reward" />{' '}
          <strong className="tabular">
            {report
              ? formatPercent(report.validation.accuracy.share)
              : formatMetric('eval_accuracy', model.latest.eval_accuracy)}
          </strong>
          {report && (
            <>
              <br />
              <VerdictWord level={report.verdict.level} /> {verdictMeaning(report.verdict.level)}
            </>
          )}
        </Have>
      )}
      <HaveRun standing={standing} />
      <ActionButton mt="auto" onClick={() => void take().catch(toastError)}>
        {steps[step]}
      </ActionButton>
    </Card>
  )
}
