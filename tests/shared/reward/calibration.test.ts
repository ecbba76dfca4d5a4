import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src-shared/random/counter.ts'
import {
  accuracyByMargin,
  calibrationError,
  errorByChance,
  overconfidence,
  reliability,
} from '../../../src-shared/reward/calibration.ts'

const logit = (p: number): number => Math.log(p / (1 - p))
const pair = (rawMargin: number, scale = 1) => ({ rawMargin, margin: rawMargin / scale })
const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value)

describe('Calibration', () => {
  it('compares how sure the model is with how often the label agrees', () => {
    // 25 pairs at 60 %, 16 of them right; 25 at 90 %, 20 right.
    const pairs = [
      ...times(16, pair(logit(0.6))),
      ...times(9, pair(-logit(0.6))),
      ...times(20, pair(logit(0.9))),
      ...times(5, pair(-logit(0.9))),
    ]
    const bins = reliability(pairs)
    expect(bins.map(({ pairs }) => pairs)).toEqual([25, 25])
    expect(bins[0]!.predicted).toBeCloseTo(0.6, 12)
    expect(bins[0]!.observed).toBeCloseTo(0.64, 12)
    expect(bins[1]!.predicted).toBeCloseTo(0.9, 12)
    expect(bins[1]!.observed).toBeCloseTo(0.8, 12)
    expect(calibrationError(bins)).toBeCloseTo((0.04 + 0.1) / 2, 12)
    expect(overconfidence(bins)).toBeCloseTo((-0.04 + 0.1) / 2, 12)
    const half = (p: number) => Math.sqrt((2 * p * (1 - p)) / (Math.PI * 25))
    expect(errorByChance(bins)).toBeCloseTo((half(0.6) + half(0.9)) / 2, 12)
  })

  it('is of raw scores: their scale says how sure the model is', () => {
    const bins = reliability(times(30, { rawMargin: logit(0.7), margin: 5 }))
    expect(bins).toHaveLength(1)
    expect(bins[0]!.predicted).toBeCloseTo(0.7, 12)
  })

  it('takes equal scores for half right', () => {
    expect(reliability(times(3, pair(0)))).toEqual([{ predicted: 0.5, observed: 0.5, pairs: 3 }])
  })

  it('of labels drawn as the model predicts them is off by what chance gives', () => {
    const random = randomStream(2, 'calibration')
    const errors = Array.from({ length: 200 }, () => {
      const pairs = Array.from({ length: 300 }, () => {
        const p = 0.5 + random.uniform() / 2
        return pair(random.uniform() < p ? logit(p) : -logit(p))
      })
      const bins = reliability(pairs)
      return [calibrationError(bins), errorByChance(bins)] as const
    })
    const mean = (i: 0 | 1) => errors.reduce((sum, each) => sum + each[i], 0) / errors.length
    expect(mean(0)).toBeGreaterThan(0.02)
    expect(Math.abs(mean(0) - mean(1))).toBeLessThan(0.005)
  })

  it('is nothing without pairs', () => {
    expect(reliability([])).toEqual([])
    expect(calibrationError([])).toBe(0)
  })
})

describe('Accuracy by margin', () => {
  it('has bins of about equal size, from the least difference to the largest, in normalised units', () => {
    const pairs = Array.from({ length: 47 }, (_, i) => pair(i % 3 === 0 && i < 24 ? -(i + 1) : i + 1, 2))
    const bins = accuracyByMargin(pairs)
    expect(bins.map(({ pairs }) => pairs)).toEqual([24, 23])
    expect(bins[0]).toMatchObject({ from: 0.5, to: 12 })
    expect(bins[0]!.accuracy).toBeCloseTo(16 / 24, 12)
    expect(bins[1]).toMatchObject({ from: 12.5, to: 23.5, accuracy: 1 })
  })

  it('has at most ten of them', () => {
    const bins = accuracyByMargin(Array.from({ length: 5003 }, (_, i) => pair(i)))
    expect(bins).toHaveLength(10)
    expect(bins.reduce((sum, { pairs }) => sum + pairs, 0)).toBe(5003)
    expect(
      Math.max(...bins.map(({ pairs }) => pairs)) - Math.min(...bins.map(({ pairs }) => pairs)),
    ).toBeLessThanOrEqual(1)
  })
})
