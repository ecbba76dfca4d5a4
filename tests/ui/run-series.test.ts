import { expect, test } from 'vitest'
import { readUiSettings } from '../../src-renderer/ui/app-state.ts'
import { appendPoints } from '../../src-renderer/ui/run-series.ts'

const series = {
  steps: Float64Array.of(1, 2),
  tokens: Float64Array.of(10, 20),
  seconds: Float64Array.of(0.1, 0.2),
  values: Float64Array.of(5, 4),
}
const point = (step: number, values: Record<string, number>) => ({
  step,
  tokens: step * 10,
  seconds: step / 10,
  values,
})

test('pushed points continue a curve: only those that carry the metric and lie behind its end', () => {
  const longer = appendPoints(series, 'loss', [
    point(2, { loss: 99 }),
    point(3, { loss: 3 }),
    point(4, { grad_norm: 1 }),
    point(5, { loss: 2, grad_norm: 1 }),
  ])
  expect([...longer.steps]).toEqual([1, 2, 3, 5])
  expect([...longer.tokens]).toEqual([10, 20, 30, 50])
  expect([...longer.values]).toEqual([5, 4, 3, 2])
})

test('a curve without new points stays the same object, so that nothing is drawn again', () => {
  expect(appendPoints(series, 'loss', [point(1, { loss: 1 })])).toBe(series)
})

test('settings of another version or another type fall back to the default', () => {
  const stored = { 'ui.theme': 'dark', 'ui.smoothing': 'much', 'ui.chatSeen': null, other: 1 }
  expect(readUiSettings(stored)).toEqual({
    'ui.theme': 'dark',
    'ui.reducedMotion': false,
    'ui.smoothing': 0.6,
    'ui.tab': 'overview',
    'ui.chat': '',
    'ui.chatSeen': [],
    'ui.abBreaks': true,
    labeler: 'me',
  })
  expect(readUiSettings({ 'ui.chatSeen': { 0: 7 } })['ui.chatSeen']).toEqual([])
  expect(readUiSettings({ 'ui.chatSeen': [7] })['ui.chatSeen']).toEqual([7])
})
