// Draws the next token from logits, on the host: temperature, top-k, top-p, as Hugging Face orders them.
import type { Sampling, TokenAlternatives } from '../../../src-shared/contract/engine-contract.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'

export type SamplingFilters = Pick<Sampling, 'temperature' | 'topK' | 'topP'>

function largestOf(x: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, x[i]!)
  return largest
}

/** ln Σ exp x, without overflow. */
function logSumExp(x: Float32Array): number {
  const largest = largestOf(x)
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += Math.exp(x[i]! - largest)
  return largest + Math.log(sum)
}

/** logits (V) → log-probs (V) in nats */
export function logSoftmax(logits: Float32Array): Float32Array<ArrayBuffer> {
  const normalizer = logSumExp(logits)
  return Float32Array.from(logits, x => x - normalizer)
}

/** The first of the largest. */
export function argMax(x: Float32Array): number {
  let best = 0
  for (let i = 1; i < x.length; i++) if (x[i]! > x[best]!) best = i
  return best
}

/** Room for one vocabulary, used again by every draw. */
let room = { heap: new Uint32Array(0), tokens: new Uint32Array(0), weights: new Float64Array(0) }

function roomFor(size: number): typeof room {
  if (room.weights.length < size)
    room = { heap: new Uint32Array(size), tokens: new Uint32Array(size), weights: new Float64Array(size) }
  return room
}

/**
 * The tokens that may be drawn and their weights (not normalised): softmax(logits / temperature), of which the topK
 * likeliest stay (Fan et al. 2018), of which the smallest set stays whose share reaches topP (Holtzman et al. 2020).
 * @param filters temperature > 0; topK 0 = all; topP 1 = all. The likeliest token always stays.
 * @returns views that the next call overwrites; likeliest first where something was filtered, else by id
 */
export function candidates(
  logits: Float32Array,
  { temperature, topK, topP }: SamplingFilters,
): { tokens: Uint32Array; weights: Float64Array } {
  const size = logits.length
  const { heap, tokens, weights } = roomFor(size)
  const largest = largestOf(logits)
  const weightOf = (token: number) => Math.exp((logits[token]! - largest) / temperature)
  const limit = topK > 0 ? Math.min(topK, size) : size
  const views = (kept: number) => ({ tokens: tokens.subarray(0, kept), weights: weights.subarray(0, kept) })
  if (limit === size) {
    for (let token = 0; token < size; token++) {
      tokens[token] = token
      weights[token] = weightOf(token)
    }
    if (topP >= 1) return views(size)
  }
  // Of a heap, only what is kept has to be put in order.
  const wanted = limit === size ? topP * sum(weights, size) : Number.POSITIVE_INFINITY
  makeHeap(heap, logits)
  let mass = 0
  let kept = 0
  for (; kept < limit && (kept === 0 || mass < wanted); kept++) {
    tokens[kept] = takeLikeliest(heap, size - kept, logits)
    weights[kept] = weightOf(tokens[kept]!)
    mass += weights[kept]!
  }
  return views(limit < size && topP < 1 ? countReaching(topP * mass, weights, kept) : kept)
}

function sum(weights: Float64Array, count: number): number {
  let total = 0
  for (let i = 0; i < count; i++) total += weights[i]!
  return total
}

/** How many of the first `count` weights, one at least, it takes to reach `wanted`. */
function countReaching(wanted: number, weights: Float64Array, count: number): number {
  let mass = weights[0]!
  let taken = 1
  for (; taken < count && mass < wanted; taken++) mass += weights[taken]!
  return taken
}

/** Fills `heap` with all tokens, the likeliest on top, the lower of equals first. */
function makeHeap(heap: Uint32Array, logits: Float32Array): void {
  for (let token = 0; token < logits.length; token++) heap[token] = token
  for (let i = (logits.length >> 1) - 1; i >= 0; i--) sink(heap, i, logits.length, logits)
}

/** Takes the top off a heap of `size` tokens. */
function takeLikeliest(heap: Uint32Array, size: number, logits: Float32Array): number {
  const top = heap[0]!
  heap[0] = heap[size - 1]!
  sink(heap, 0, size - 1, logits)
  return top
}

const comesBefore = (a: number, b: number, logits: Float32Array): boolean =>
  logits[a]! > logits[b]! || (logits[a] === logits[b] && a < b)

function sink(heap: Uint32Array, from: number, size: number, logits: Float32Array): void {
  const token = heap[from]!
  let place = from
  for (let child = 2 * place + 1; child < size; child = 2 * place + 1) {
    if (child + 1 < size && comesBefore(heap[child + 1]!, heap[child]!, logits)) child++
    if (!comesBefore(heap[child]!, token, logits)) break
    heap[place] = heap[child]!
    place = child
  }
  heap[place] = token
}

/** What was drawn, and its log-prob in nats under the model itself: temperature 1, nothing filtered. */
export interface SampledToken {
  readonly token: number
  readonly logProb: number
  /** The likeliest tokens at this place, where they were asked for. */
  readonly alternatives?: TokenAlternatives
}

/**
 * The `count` likeliest tokens, best first, the lower of equals first. One pass in which nearly every token is passed
 * over after one comparison.
 */
export function likeliest(logits: Float32Array, count: number): Int32Array<ArrayBuffer> {
  const size = Math.min(count, logits.length)
  const best = new Int32Array(size)
  for (let token = 0, kept = 0; token < logits.length && size > 0; token++) {
    if (kept === size && logits[token]! <= logits[best[size - 1]!]!) continue
    let place = kept < size ? kept++ : size - 1
    for (; place > 0 && logits[token]! > logits[best[place - 1]!]!; place--) best[place] = best[place - 1]!
    best[place] = token
  }
  return best
}

/**
 * @param logits (V)
 * @param position index of the new token in its text: draw and seed alone decide, so a text continues alike wherever
 * one stopped
 * @param alternatives how many of the likeliest tokens to tell
 */
export function sampleToken(
  logits: Float32Array,
  filters: SamplingFilters,
  seed: number,
  position: number,
  alternatives = 0,
): SampledToken {
  const token = filters.temperature === 0 ? argMax(logits) : draw(candidates(logits, filters), seed, position)
  const normalizer = logSumExp(logits)
  const logProb = logits[token]! - normalizer
  if (alternatives === 0) return { token, logProb }
  const tokens = likeliest(logits, alternatives)
  return {
    token,
    logProb,
    alternatives: { tokens, logProbs: Float32Array.from(tokens, other => logits[other]! - normalizer) },
  }
}

function draw({ tokens, weights }: ReturnType<typeof candidates>, seed: number, position: number): number {
  let left = randomStream(seed, 'sample', position).uniform() * sum(weights, weights.length)
  const last = weights.length - 1
  for (let i = 0; i < last; i++) {
    left -= weights[i]!
    if (left < 0) return tokens[i]!
  }
  return tokens[last]!
}
