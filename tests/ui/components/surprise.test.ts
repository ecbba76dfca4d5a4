// Probabilities and entropies in words a person can picture.
import { describe, expect, test } from 'vitest'
import {
  entropySentence,
  filterSentence,
  probabilityText,
  surpriseBits,
  surpriseLevel,
} from '../../../src-renderer/ui/components/surprise.ts'

describe('surprise', () => {
  test('is one bit for a coin flip and none for certainty', () => {
    expect(surpriseBits(Math.log(0.5))).toBeCloseTo(1, 12)
    expect(surpriseBits(0)).toBe(0)
  })

  test('has five shades with their borders at 1, 3, 6 and 10 bits', () => {
    expect([0.9, 0.5, 0.3, 0.1, 0.01, 0.0001].map(p => surpriseLevel(Math.log(p)))).toEqual([
      0, 0, 1, 2, 3, 4,
    ])
  })
})

describe('entropy', () => {
  test('is as unsure as a fair choice among 2^bits tokens', () => {
    expect(entropySentence(5)).toBe('5.0 bits: as unsure as a fair choice among 32 tokens')
    expect(entropySentence(1.5)).toBe('1.5 bits: as unsure as a fair choice among 2.8 tokens')
    expect(entropySentence(0)).toBe('0.0 bits: practically certain')
  })
})

test('probabilities read as percent, small ones as one in so many', () => {
  expect(probabilityText(0)).toBe('0%')
  expect(probabilityText(1)).toBe('100%')
  expect(probabilityText(0.99999)).toBe('> 99.9%')
  expect(probabilityText(0.432)).toBe('43%')
  expect(probabilityText(0.0084)).toBe('0.8%')
  expect(probabilityText(0.00005)).toBe('1 in 20,000')
  expect(probabilityText(1 / 1234)).toBe('1 in 1,200')
  expect(probabilityText(1e-12)).toBe('< 1 in 1B')
})

describe('the filters', () => {
  const next = (probability: number, sampling: number) => ({ probability, sampling })

  test('say how many tokens they leave and what the model gave those', () => {
    expect(filterSentence([next(0.5, 0.625), next(0.3, 0.375), next(0.1, 0)], 65)).toBe(
      '2 of 65 tokens can be drawn; the model gave them 80% together.',
    )
  })

  test('say so when only the likeliest is left', () => {
    expect(filterSentence([next(0.5, 1), next(0.3, 0)], 65)).toContain('Only 1 of 65')
  })

  test('do not claim a count when more are left than are listed', () => {
    expect(filterSentence([next(0.1, 0.1), next(0.1, 0.1)], 4096)).toBe(
      'More than 2 of 4,096 tokens can be drawn.',
    )
  })
})
