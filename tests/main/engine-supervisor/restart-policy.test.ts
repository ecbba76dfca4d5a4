import { describe, expect, test } from 'vitest'
import {
  BACK_OFF_SECONDS,
  type Loss,
  restartPolicy,
} from '../../../src-main/core/engine-supervisor/restart-policy.ts'

const losses = (...steps: (number | null)[]): Loss[] => steps.map((step, i) => ({ at: i * 10, step }))

describe('a lost engine', () => {
  test('is started again after 1, 2, 5, 15, 60 and 130 seconds, as long as training gets on', () => {
    for (let n = 1; n <= BACK_OFF_SECONDS.length; n++)
      expect(restartPolicy(losses(...Array.from({ length: n }, (_, i) => i * 7)))).toEqual({
        waitSeconds: BACK_OFF_SECONDS[n - 1],
      })
  })
  test('waits longer than the two minutes for which Chromium refuses an adapter', () => {
    expect(BACK_OFF_SECONDS.at(-1)).toBeGreaterThan(120)
  })
  test('needs a person when it dies three times at the same step', () => {
    expect(restartPolicy(losses(5, 5))).toEqual({ waitSeconds: 2 })
    expect(restartPolicy(losses(5, 5, 5))).toBe('needs-user')
    expect(restartPolicy(losses(5, 9, 5, 5))).toBe('needs-user')
  })
  test('needs a person when it keeps dying while nothing is trained', () => {
    expect(restartPolicy(losses(null, null, null))).toEqual({ waitSeconds: 5 })
    expect(restartPolicy(losses(...Array<null>(BACK_OFF_SECONDS.length + 1).fill(null)))).toBe('needs-user')
  })
  test('is forgiven what lies ten minutes back', () => {
    expect(restartPolicy([...losses(5, 5), { at: 10_000, step: 5 }])).toEqual({ waitSeconds: 1 })
  })
})
