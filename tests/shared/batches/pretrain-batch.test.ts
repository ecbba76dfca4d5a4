import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  blockShares,
  epochsPerSource,
  MIXTURE_BLOCK,
  mixture,
  windowsPerEpoch,
} from '../../../src-shared/batches/pretrain-batch.ts'

describe('a pre-training batch', () => {
  test('gives every source its exact share within each block of the mixture', () => {
    const sources = [
      { weight: 67, tokens: 5000 },
      { weight: 28, tokens: 900 },
      { weight: 5, tokens: 300 },
    ]
    expect(blockShares(sources)).toEqual([670, 280, 50])
    const deck = mixture(sources, 16, 1)
    for (const block of [0, 3]) {
      const counts = [0, 0, 0]
      for (let i = 0; i < MIXTURE_BLOCK; i++) counts[deck(block * MIXTURE_BLOCK + i).source]!++
      expect(counts).toEqual([670, 280, 50])
    }
  })

  test('hands out all shares, whatever the weights', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 }),
        weights => {
          fc.pre(weights.some(w => w > 1e-9))
          const shares = blockShares(weights.map(weight => ({ weight, tokens: 10 })))
          return (
            shares.reduce((a, b) => a + b, 0) === MIXTURE_BLOCK &&
            shares.every((s, i) => s >= 0 && (weights[i]! > 0 || s === 0))
          )
        },
      ),
    )
  })

  test('stays inside its source, for any length and context', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 500 }),
        fc.nat(100_000),
        fc.nat(),
        (context, extra, n, seed) => {
          const tokens = context + extra
          const { start } = mixture([{ weight: 1, tokens }], context, seed)(n)
          return start >= 0 && start + context + 1 <= tokens
        },
      ),
    )
  })

  test('reads every window of an epoch once before any is read again', () => {
    const source = { weight: 1, tokens: 1000 }
    const windows = windowsPerEpoch(source.tokens, 10)
    const windows10 = mixture([source], 10, 3)
    const starts = Array.from({ length: windows }, (_, n) => windows10(n).start)
    expect(new Set(starts).size).toBe(windows)
    expect(windows10(windows).epoch).toBe(1)
  })

  test('depends on nothing but seed and sample number', () => {
    const sources = [
      { weight: 1, tokens: 1000 },
      { weight: 2, tokens: 777 },
    ]
    const at = mixture(sources, 8, 9)
    const later = at(12_345)
    for (let n = 0; n < 100; n++) at(n)
    expect(at(12_345)).toEqual(later)
    expect(mixture(sources, 8, 10)(12_345)).not.toEqual(later)
  })

  test('counts epochs as tokens sampled over tokens available', () => {
    expect(
      epochsPerSource(
        [
          { weight: 3, tokens: 100 },
          { weight: 1, tokens: 400 },
        ],
        1600,
      ),
    ).toEqual([12, 1])
  })
})
