// One answer of an update as lanes of numbers, an entry per token: what each lane is called, means, and holds. Pure.
import type { Rollout } from '../../../../../src-shared/contract/ppo-contract.ts'
import { inOneLine } from '../../../components/token-text.ts'
import { formatNumber } from '../../../format.ts'

export interface Lane {
  readonly id: string
  readonly label: string
  readonly unit: string
  readonly meaning: string
  /** null = this lane has nothing at this token. */
  readonly values: readonly (number | null)[]
  /** What a bar of no length stands for: 0, but 1 for a ratio. */
  readonly origin: number
  /** Figures that tell its values apart. */
  readonly digits: number
  /** Tokens to be marked, and what the mark means. */
  readonly marked?: { readonly tokens: readonly boolean[]; readonly word: string }
}

/** −β times the log ratio of each token: what it cost to be likelier than under the fine-tuned model. */
export const klCharges = ({ klCoef, logProbs, refLogProbs }: Rollout): number[] =>
  logProbs.map((logProb, i) => -klCoef * (logProb - refLogProbs[i]!))

/** @param whitenRewards whether what GAE was given is in other units than charge and score */
export function lanesOf(rollout: Rollout, whitenRewards: boolean): Lane[] {
  const { response, score, logProbs, refLogProbs, rewards, values, returns, advantages, ratios, clipped } =
    rollout
  const last = response.length - 1
  const lane = (id: string, label: string, unit: string, meaning: string, numbers: Lane['values']): Lane => ({
    id,
    label,
    unit,
    meaning,
    values: numbers,
    origin: 0,
    digits: 2,
  })
  return [
    lane(
      'log-prob',
      'Log-prob now',
      'nats',
      'Log of the probability that the policy gave the token as it wrote it: 0 = certain.',
      logProbs,
    ),
    lane(
      'reference',
      'Reference',
      'nats',
      'The same under the fine-tuned model, which stays as it was.',
      refLogProbs,
    ),
    lane(
      'kl',
      'KL charge',
      'reward',
      `−β times the difference of both, β = ${formatNumber(rollout.klCoef, 2)}: below 0 where the token has become likelier than it was.`,
      klCharges(rollout),
    ),
    lane(
      'score',
      'Score',
      'reward',
      'What the answer as a whole was rewarded with; it is paid at the last token. A missing end is charged.',
      response.map((_, i) => (i === last ? score : null)),
    ),
    ...(whitenRewards
      ? [
          lane(
            'reward',
            'Whitened reward',
            '',
            'Charge and score of the token, brought to standard deviation 1 over the update’s tokens: what value, return and advantage go by.',
            rewards,
          ),
        ]
      : []),
    lane(
      'value',
      'Value',
      'reward',
      'What the value model expected before the token: the reward still to come.',
      values,
    ),
    lane(
      'return',
      'Return',
      'reward',
      'Advantage, before whitening, plus value: what the value model is to learn to expect here.',
      returns,
    ),
    lane(
      'advantage',
      'Advantage',
      '',
      'How much better than expected the answer went on from here (GAE), whitened over the update’s tokens. Above 0 the token is made likelier, below 0 less likely.',
      advantages,
    ),
    {
      ...lane(
        'ratio',
        'Ratio',
        '',
        'New over old probability of the token, as the update last read it, before its last step: 1 = as when it was written. Clipping stops its gradient where it has moved far enough the way the advantage pushes it.',
        ratios,
      ),
      origin: 1,
      digits: 4,
      marked: { tokens: clipped, word: 'clipped' },
    },
  ]
}

/** Farthest from the lane's origin; at least a little, so that nothing is divided by 0. */
export const reach = ({ values, origin }: Pick<Lane, 'values' | 'origin'>): number =>
  Math.max(1e-9, ...values.map(value => (value === null ? 0 : Math.abs(value - origin))))

/** What happened to one token, as a sentence. */
export function tokenSentence(rollout: Rollout, index: number): string {
  const { response, logProbs, refLogProbs, advantages, ratios, clipped } = rollout
  const probability = (logProb: number) => `${formatNumber(100 * Math.exp(logProb), 3)}%`
  const advantage = advantages[index]!
  const push =
    advantage === 0
      ? 'as expected, so it is left as it is'
      : advantage > 0
        ? 'better than expected, so it is made likelier'
        : 'worse than expected, so it is made less likely'
  return [
    `Token ${index + 1} of ${response.length}, “${inOneLine(response[index]!)}”:`,
    `probability ${probability(logProbs[index]!)}, under the fine-tuned model ${probability(refLogProbs[index]!)};`,
    `it went ${push} (advantage ${formatNumber(advantage, 2)});`,
    `when the update last read it, it was ${formatNumber(ratios[index]!, 3)} times as likely${clipped[index] ? ', where clipping stopped it' : ''}.`,
  ].join(' ')
}

/** Σ log π − log π_SFT over the answer, in nats. */
export const klOf = ({ logProbs, refLogProbs }: Pick<Rollout, 'logProbs' | 'refLogProbs'>): number =>
  logProbs.reduce((sum, logProb, i) => sum + logProb - refLogProbs[i]!, 0)
