// Sampling on hand-made distributions: what stays, how often it is drawn, and that seed and position alone decide.
import { expect, it } from 'vitest'
import { candidates, likeliest, logSoftmax, sampleToken } from '../../src-renderer/engine/generate/sampler.ts'
import { normals } from './gradient-check.ts'

const logits = (probabilities: number[]) => Float32Array.from(probabilities, Math.log)
/** Token 2 is likeliest, then 0, 3, 1. */
const four = logits([0.3, 0.05, 0.5, 0.15])
const kept = (filters: { temperature?: number; topK?: number; topP?: number }) =>
  Array.from(candidates(four, { temperature: 1, topK: 0, topP: 1, ...filters }).tokens)

it('top-k keeps the k likeliest', () => {
  expect(kept({ topK: 1 })).toEqual([2])
  expect(kept({ topK: 3 })).toEqual([2, 0, 3])
  expect(kept({ topK: 0 })).toEqual([0, 1, 2, 3])
  expect(kept({ topK: 9 })).toEqual([0, 1, 2, 3])
})

it('top-p keeps the smallest set that reaches p, and never nothing', () => {
  expect(kept({ topP: 0 })).toEqual([2])
  expect(kept({ topP: 0.49 })).toEqual([2])
  expect(kept({ topP: 0.6 })).toEqual([2, 0])
  expect(kept({ topP: 0.9 })).toEqual([2, 0, 3])
  expect(kept({ topP: 0.99 })).toEqual([2, 0, 3, 1])
})

it('top-p counts shares of what top-k left', () => {
  // Of {0.5, 0.3} the first has 0.625.
  expect(kept({ topK: 2, topP: 0.6 })).toEqual([2])
  expect(kept({ topK: 2, topP: 0.65 })).toEqual([2, 0])
})

it('filters keep what sorting all tokens would, in that order, however many there are', () => {
  for (const size of [1, 2, 7, 64, 1000]) {
    // Rounded, so that many are equal.
    const logits = normals(size, `logits ${size}`, 2).map(x => Math.round(x * 4) / 4)
    for (const [topK, topP] of [
      [5, 1],
      [0, 0.7],
      [40, 0.9],
      [size, 0.5],
    ] as const) {
      const order = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b)
      const likeliest = topK > 0 ? order.slice(0, topK) : order
      const weights = likeliest.map(token => Math.exp((logits[token]! - logits[order[0]!]!) / 0.9))
      const wanted = topP * weights.reduce((a, b) => a + b, 0)
      let count = topP < 1 ? 1 : likeliest.length
      while (weights.slice(0, count).reduce((a, b) => a + b, 0) < wanted && topP < 1) count++
      const got = candidates(logits, { temperature: 0.9, topK, topP })
      const everything = topP >= 1 && topK >= size
      expect([...got.tokens]).toEqual(everything ? [...logits.keys()] : likeliest.slice(0, count))
      if (!everything) expect([...got.weights]).toEqual(weights.slice(0, count))
    }
  }
})

it('the likeliest tokens are those that sorting all would put first, the lower of equals first', () => {
  expect([...likeliest(four, 3)]).toEqual([2, 0, 3])
  for (const size of [1, 2, 7, 64, 1000]) {
    const logits = normals(size, `likeliest ${size}`, 2).map(x => Math.round(x * 4) / 4)
    const order = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b)
    for (const count of [0, 1, 5, size, size + 3])
      expect([...likeliest(logits, count)]).toEqual(order.slice(0, count))
  }
})

it('temperature sharpens or flattens', () => {
  const share = (temperature: number) => {
    const { weights } = candidates(four, { temperature, topK: 0, topP: 1 })
    return weights[2]! / weights.reduce((a, b) => a + b, 0)
  }
  expect(share(1)).toBeCloseTo(0.5, 6)
  // p² / Σ p²
  expect(share(0.5)).toBeCloseTo(0.25 / (0.09 + 0.0025 + 0.25 + 0.0225), 6)
  expect(share(100)).toBeCloseTo(0.25, 2)
})

it('tokens are drawn as often as the model says', () => {
  const draws = 20_000
  const counts = [0, 0, 0, 0]
  for (let position = 0; position < draws; position++)
    counts[sampleToken(four, { temperature: 1, topK: 0, topP: 1 }, 11, position).token]!++
  // Pearson's χ² with 3 degrees of freedom: 16.3 is passed once in a thousand seeds, and this seed is fixed.
  const chiSquared = [0.3, 0.05, 0.5, 0.15].reduce(
    (sum, p, i) => sum + (counts[i]! - draws * p) ** 2 / (draws * p),
    0,
  )
  expect(chiSquared).toBeLessThan(16.3)
})

it('temperature 0 takes the likeliest, the first of equals', () => {
  const greedy = { temperature: 0, topK: 0, topP: 1 }
  expect(sampleToken(four, greedy, 1, 0).token).toBe(2)
  expect(sampleToken(Float32Array.of(1, 3, 3, 2), greedy, 1, 0).token).toBe(1)
})

it('the log-prob is the unfiltered model’s at temperature 1', () => {
  const { token, logProb } = sampleToken(four, { temperature: 0.2, topK: 1, topP: 0.5 }, 1, 0)
  expect(token).toBe(2)
  expect(logProb).toBeCloseTo(Math.log(0.5), 6)
})

it('seed and position decide, nothing else', () => {
  const filters = { temperature: 1, topK: 0, topP: 1 }
  const draw = (seed: number) =>
    Array.from({ length: 50 }, (_, position) => sampleToken(four, filters, seed, position).token)
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
})

it('logSoftmax sums to one, also for huge logits', () => {
  const total = logSoftmax(Float32Array.of(1000, 999, -1000)).reduce((sum, x) => sum + Math.exp(x), 0)
  expect(total).toBeCloseTo(1, 6)
})
