// The head of a model that scores, in the place of the unembedding.
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import type { ParameterSpec } from './parameter.ts'

/** As `transformers` names it in …ForSequenceClassification. */
export const SCORE_HEAD = 'score.weight'

/**
 * A hundredth of N(0, 1/√(C + 1)), no bias. At its whole size (Ziegler et al. 2019) a fine-tuned model's answers differ by
 * nearly two at the start, and the loss begins at 0.8–1.1 instead of ln 2 (docs/log.md).
 */
export const scoreHead = ({ nEmbd }: ModelConfig): ParameterSpec => ({
  name: SCORE_HEAD,
  shape: [1, nEmbd],
  start: { std: 0.01 / Math.sqrt(nEmbd + 1) },
  transposed: true,
})
