import { expect, test } from 'vitest'
import { bitsPerByte, metricOf, perplexity } from '../../../src-shared/metrics/metrics.ts'

test('a model that hesitates between two bytes needs one bit per byte', () => {
  expect(bitsPerByte(8 * Math.LN2, 8)).toBeCloseTo(1)
  expect(perplexity(Math.LN2)).toBeCloseTo(2)
})

test('bits per byte does not change when the same text is cut into fewer tokens', () => {
  // 12 bytes at 6 nats, as 12 tokens of 0.5 or 4 tokens of 1.5
  expect(bitsPerByte(12 * 0.5, 12)).toBe(bitsPerByte(4 * 1.5, 12))
})

test('a loss of pairs has another unit than a loss of tokens; a name that nobody knows has no row', () => {
  expect(metricOf('loss')?.unit).toBe('nats per token')
  expect(metricOf('eval_loss', 'sft')?.unit).toBe('nats per token')
  expect(metricOf('eval_loss', 'reward')?.unit).toBe('nats per prompt')
  expect(metricOf('accuracy', 'reward')).toBe(metricOf('accuracy'))
  for (const name of ['toString', '__proto__', 'nothing']) expect(metricOf(name, 'reward')).toBeUndefined()
})
