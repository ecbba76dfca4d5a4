// What other models say of an answer, in words; and which answers still wait for it.
import type {
  AnswerMeasure,
  ChatAnswer,
  Conversation,
} from '../../../../src-shared/contract/chat-contract.ts'
import { visible } from '../../components/plain-text.tsx'
import { signed } from '../../components/score-text.ts'
import { formatCount } from '../../format.ts'
import type { Models } from './models.ts'

export const measureNames = { reward: 'reward', kl: 'KL' } as const
export type MeasureName = keyof typeof measureNames

export const measureMeanings: Record<MeasureName, string> = {
  reward:
    'What a reward model gives an answer: in standard deviations above the mean of the fine-tuned model’s own answers. It guesses what people prefer; it does not know what is true.',
  kl: 'How far an answer is from what the fine-tuned model would write: log π − log π_SFT summed over its tokens, in nats, 0 for the same probabilities. Drawn at temperature 1 without filters its mean is the KL divergence; a single answer may be below 0.',
}

/** `judge, step 40`; without the step where the checkpoint is gone. */
export function measurerName({ by, name }: Pick<AnswerMeasure, 'by' | 'name'>, models: Models): string {
  const model = models.get(by)
  return visible(name) + (model ? `, step ${formatCount(model.step)}` : '')
}

/** `+1.24`, `−0.30 nats`, or `…` while it is being measured. */
export const measureText = (measure: MeasureName, value: number | null): string =>
  value === null ? '…' : measure === 'kl' ? `${signed(value)} nats` : signed(value)

/** Whether others can say something of it: it has ended, and has a token. */
export const isMeasurable = ({ state, tokenCount }: Pick<ChatAnswer, 'state' | 'tokenCount'>): boolean =>
  state === 'done' && tokenCount > 0

/** What is not there yet and not known to be out of reach, as a text that changes with it; '' = nothing. */
export const lackingMeasures = (conversation: Conversation | null): string =>
  (conversation?.turns ?? [])
    .flatMap(turn => turn.answers)
    .filter(isMeasurable)
    .flatMap(({ id, reward, kl }) =>
      [reward, kl].map(each => (each && each.value === null && !each.error ? `${id} ${each.by}` : '')),
    )
    .filter(Boolean)
    .join()
