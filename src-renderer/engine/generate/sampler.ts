// Draws the next token from logits, on the host: temperature, top-k, top-p, as Hugging Face orders them.
import type { Sampling } from '../../../src-shared/contract/engine-contract.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'

export type SamplingFilters = Pick<Sampling, 'temperature' | 'topK' | 'topP'>

/** ln Σ exp x, without overflow. */
function logSumExp(x: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY
  for (const value of x) largest = Math.max(largest, value)
  let sum = 0
  for (const value of x) sum += Math.exp(value - largest)
  return largest + Math.log(sum)
}

/** logits (V) → log-probs (V) in nats */
export function logSoftmax(logits: Float32Array): Float32Array<ArrayBuffer> {
  const normalizer = logSumExp(logits)
  return Float32Array.from(logits, x => x - normalizer)
}

/** The first of the largest. */
function argMax(x: Float32Array): number {
  let best = 0
  for (let i = 1; i < x.length; i++) if (x[i]! > x[best]!) best = i
  return best
}

/**
 * The tokens that may be drawn and their weights (not normalised): softmax(logits / temperature), of which the topK
 * likeliest stay (Fan et al. 2018), of which the smallest set stays whose share reaches topP (Holtzman et al. 2020).
 * @param filters temperature > 0; topK 0 = all; topP 1 = all. The likeliest token always stays.
 */
export function candidates(
  logits: Float32Array,
  { temperature, topK, topP }: SamplingFilters,
): { tokens: ArrayLike<number>; weights: Float64Array } {
  let largest = Number.NEGATIVE_INFINITY
  for (const value of logits) largest = Math.max(largest, value)
  const weightOf = (token: number) => Math.exp((logits[token]! - largest) / temperature)

  let tokens = Uint32Array.from(logits, (_, token) => token)
  if (topP >= 1 && (topK === 0 || topK >= logits.length))
    return { tokens, weights: Float64Array.from(tokens, weightOf) }

  tokens.sort((a, b) => logits[b]! - logits[a]! || a - b)
  if (topK > 0) tokens = tokens.subarray(0, topK)
  const weights = Float64Array.from(tokens, weightOf)
  if (topP >= 1) return { tokens, weights }
  const wanted = topP * weights.reduce((a, b) => a + b, 0)
  let kept = 0
  for (let mass = 0; kept < weights.length && (kept === 0 || mass < wanted); kept++) mass += weights[kept]!
  return { tokens: tokens.subarray(0, kept), weights: weights.subarray(0, kept) }
}

/**
 * @param logits (V)
 * @param position index of the new token in its text: draw and seed alone decide, so a text continues alike wherever
 * one stopped
 * @returns the token and its log-prob in nats under the model itself: temperature 1, nothing filtered
 */
export function sampleToken(
  logits: Float32Array,
  filters: SamplingFilters,
  seed: number,
  position: number,
): { token: number; logProb: number } {
  const token = filters.temperature === 0 ? argMax(logits) : draw(candidates(logits, filters), seed, position)
  return { token, logProb: logits[token]! - logSumExp(logits) }
}

function draw({ tokens, weights }: ReturnType<typeof candidates>, seed: number, position: number): number {
  const total = weights.reduce((a, b) => a + b, 0)
  let left = randomStream(seed, 'sample', position).uniform() * total
  const last = weights.length - 1
  for (let i = 0; i < last; i++) {
    left -= weights[i]!
    if (left < 0) return tokens[i]!
  }
  return tokens[last]!
}
