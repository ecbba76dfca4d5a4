// Phase 4 as a card: the newest model with what it bought at which distance, and the one next step.
import { useApp } from '../../app-state.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { PlainText } from '../../components/plain-text.tsx'
import { MetricTerm } from '../../components/term.tsx'
import { toastError } from '../../components/toast.tsx'
import { formatMetric, formatPercent } from '../../format.ts'
import { call } from '../../lab.ts'
import { phaseOf } from '../../phases.ts'
import { Card, Have, HaveRun } from './phase-card.tsx'
import { nextPpoStep, type PpoStanding, type PpoStep } from './ppo-standing.ts'

const steps: Record<PpoStep, string> = {
  'fine-tune': 'Fine-tune a model first',
  'train-reward': 'Train a reward model first',
  'start-run': 'Reward its answers',
  'watch-run': 'Watch it learn',
  'resume-run': 'Resume',
  chat: 'Chat with it',
}

export function PpoCard({ standing }: { standing: PpoStanding }) {
  const { askChat, showPpo, showReward, showSft } = useApp()
  const { model, waiting, hasReward } = standing
  const step = nextPpoStep(standing)
  const take = async () => {
    if (step === 'fine-tune') showSft('train')
    else if (step === 'train-reward') showReward('train')
    else if (step === 'chat') askChat(model!.id)
    else showPpo('train')
    if (step === 'resume-run') await call('runs.resume', { run: waiting!.id })
  }
  const wins = model?.latest.eval_win_rate
  return (
    <Card phase={phaseOf('ppo')}>
      {!model && (
        <Have name="You have">{hasReward ? 'a reward model to follow' : 'no reward model yet'}</Have>
      )}
      {model && (
        <Have name="Newest model">
          <PlainText text={model.name} />
          <br />
          {wins === undefined ? (
            <>
              <MetricTerm name="objective/scores" phase="ppo" />{' '}
              <strong className="tabular">
                {formatMetric('objective/scores', model.latest['objective/scores'])}
              </strong>
            </>
          ) : (
            <>
              <MetricTerm name="eval_win_rate" phase="ppo" />{' '}
              <strong className="tabular">{formatPercent(wins)}</strong>
            </>
          )}
          <br />
          <MetricTerm name="objective/kl" phase="ppo" />{' '}
          <strong className="tabular">{formatMetric('objective/kl', model.latest['objective/kl'])}</strong>
        </Have>
      )}
      <HaveRun standing={standing} />
      <ActionButton mt="auto" onClick={() => void take().catch(toastError)}>
        {steps[step]}
      </ActionButton>
    </Card>
  )
}
