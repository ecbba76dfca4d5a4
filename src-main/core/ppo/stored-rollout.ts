// An answer that an update learnt from, as it is kept: lists of numbers as JSON has them.
import * as v from 'valibot'
import type { engineTopics } from '../../../src-shared/contract/engine-contract.ts'
import type { TopicPayload } from '../../../src-shared/contract/method.ts'

const numbers = v.array(v.number())
export const rolloutRow = v.object({
  klCoef: v.number(),
  prompt: numbers,
  response: numbers,
  stopped: v.boolean(),
  score: v.number(),
  logProbs: numbers,
  refLogProbs: numbers,
  values: numbers,
  rewards: numbers,
  advantages: numbers,
  returns: numbers,
  ratios: numbers,
  clipped: numbers,
})
export type RolloutRow = v.InferOutput<typeof rolloutRow>

type Told = Omit<TopicPayload<typeof engineTopics, 'rollout'>, 'run' | 'step' | 'index'>

/** Six digits are more than a screen shows; JSON has no NaN, and a value that is none is told as 0. */
const rounded = (list: Float32Array): number[] =>
  [...list].map(value => (Number.isFinite(value) ? Number(value.toPrecision(6)) : 0))

export const storedRollout = ({
  klCoef,
  prompt,
  response,
  stopped,
  score,
  clipped,
  ...lists
}: Told): RolloutRow => ({
  klCoef,
  prompt: [...prompt],
  response: [...response],
  stopped,
  score: Number.isFinite(score) ? score : 0,
  logProbs: rounded(lists.logProbs),
  refLogProbs: rounded(lists.refLogProbs),
  values: rounded(lists.values),
  rewards: rounded(lists.rewards),
  advantages: rounded(lists.advantages),
  returns: rounded(lists.returns),
  ratios: rounded(lists.ratios),
  clipped: [...clipped],
})
