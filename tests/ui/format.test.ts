import { describe, expect, test } from 'vitest'
import {
  formatBooks,
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatEta,
  formatMetric,
  formatNumber,
  formatPercent,
  formatRate,
  formatWhen,
  NONE,
} from '../../src-renderer/ui/format.ts'

describe('numbers on every screen', () => {
  test('counts are exact until a million, then three figures', () => {
    expect([0, 999, 12_345, 999_999, 1_000_000, 123_456_789].map(formatCount)).toEqual([
      '0',
      '999',
      '12,345',
      '999,999',
      '1M',
      '123M',
    ])
    expect(formatCount(Number.NaN)).toBe(NONE)
  })

  test('a count agrees with its noun', () => {
    expect(formatCounted(1, 'document')).toBe('1 document')
    expect(formatCounted(2, 'corpus', 'corpora')).toBe('2 corpora')
  })

  test('bytes never read 1,000 of a unit that has a larger one', () => {
    expect([0, 1, 999, 1000, 1_115_394, 999_999, 3.2e9].map(formatBytes)).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1 kB',
      '1.12 MB',
      '1 MB',
      '3.2 GB',
    ])
  })

  test('durations show two units at most and carry over', () => {
    expect([0, 0.4, 42, 59.7, 200, 3600, 7500, 90_061].map(formatDuration)).toEqual([
      '0 s',
      'under 1 s',
      '42 s',
      '1 min',
      '3 min 20 s',
      '1 h',
      '2 h 5 min',
      '1 d 1 h',
    ])
    expect(formatDuration(Number.POSITIVE_INFINITY)).toBe(NONE)
  })

  test('an estimate does not pretend to seconds beyond a minute', () => {
    expect(formatEta(182)).toBe('about 3 min left')
    expect(formatEta(42)).toBe('about 42 s left')
    expect(formatEta(0.2)).toBe('almost done')
    expect(formatEta(7000)).toBe('about 1 h 55 min left')
    expect(formatEta(null)).toBe('')
  })

  test('small probabilities stay apart', () => {
    expect([0, 0.62, 0.0042, 0.00003, 1].map(formatPercent)).toEqual(['0%', '62%', '0.42%', '0.003%', '100%'])
  })

  test('measured numbers keep four figures that mean something', () => {
    expect([1.8837, 0.00012346, 12_345.6, 0.00001, 5e9, 0, -2.5].map(n => formatNumber(n))).toEqual([
      '1.884',
      '0.0001235',
      '12,346',
      '1.00e-5',
      '5.00e9',
      '0',
      '−2.500',
    ])
    expect(formatNumber(Number.NaN)).toBe('NaN')
    expect(formatNumber(9.9996)).toBe('10.00')
  })

  test('metrics read as their unit wants', () => {
    expect(formatMetric('num_tokens', 2_048_000)).toBe('2.05M')
    expect(formatMetric('learning_rate', 0.0005)).toBe('5.00e-4')
    expect(formatMetric('tokens_per_second', 41_234)).toBe('41.2K')
    expect(formatMetric('loss', undefined)).toBe(NONE)
    expect(formatRate(41_234)).toBe('41.2K tok/s')
  })

  test("books are the article's: 2 T tokens are about 4 million", () => {
    expect(formatBooks(2e12)).toBe('4M books')
    expect(formatBooks(500_000)).toBe('1 book')
    expect(formatBooks(2000)).toBe('0.004 books')
  })

  test('the recent past is told in words, the rest by date', () => {
    const now = new Date('2026-03-10T12:00:00Z')
    expect(formatWhen('2026-03-10T11:59:50Z', now)).toBe('just now')
    expect(formatWhen('2026-03-10T11:55:00Z', now)).toBe('5 minutes ago')
    expect(formatWhen('2026-03-09T11:00:00Z', now)).toBe('yesterday')
    expect(formatWhen('2026-01-02T12:00:00Z', now)).toBe('Jan 2, 2026')
    expect(formatWhen('nonsense', now)).toBe(NONE)
  })
})
