// Phase 2 as a card: what you have, the newest model, and the one next step.
import { useApp } from '../../app-state.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { PlainText } from '../../components/plain-text.tsx'
import { MetricTerm } from '../../components/term.tsx'
import { toastError } from '../../components/toast.tsx'
import { formatCount, formatCounted, formatMetric } from '../../format.ts'
import { call } from '../../lab.ts'
import { phaseOf } from '../../phases.ts'
import { takeStarterDemonstrations } from '../../starter-world.ts'
import { Card, Have, HaveRun } from './phase-card.tsx'
import { nextSftStep, type SftStanding, type SftStep } from './sft-standing.ts'

const steps: Record<SftStep, string> = {
  'train-base': 'Train a base model first',
  'add-demonstrations': 'Add demonstrations',
  'take-starter-demonstrations': 'Take starter demonstrations',
  'start-run': 'Fine-tune',
  'watch-run': 'Watch it learn',
  'resume-run': 'Resume',
  chat: 'Chat with it',
}

export function SftCard({ standing }: { standing: SftStanding }) {
  const { askChat, showPretrain, showSft } = useApp()
  const { model, waiting } = standing
  const step = nextSftStep(standing)
  const take = async () => {
    if (step === 'train-base') showPretrain('train')
    else if (step === 'chat') askChat(model!.id)
    else if (step === 'add-demonstrations' || step === 'take-starter-demonstrations')
      showSft('demonstrations')
    else showSft('train')
    if (step === 'resume-run') await call('runs.resume', { run: waiting!.id })
    if (step === 'take-starter-demonstrations') await takeStarterDemonstrations()
  }
  return (
    <Card phase={phaseOf('sft')}>
      <Have name="You have">
        {standing.sets === 0
          ? 'no demonstrations yet'
          : `${formatCounted(standing.sets, 'set')}, ${formatCounted(standing.pairs, 'pair')}`}
      </Have>
      {model && (
        <Have name="Newest model">
          <PlainText text={model.name} />, {formatCount(model.parameters)} parameters
          {model.bestEvalLoss !== null && (
            <>
              <br />
              <MetricTerm name="eval_loss" />{' '}
              <strong className="tabular">{formatMetric('eval_loss', model.bestEvalLoss)}</strong>
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
