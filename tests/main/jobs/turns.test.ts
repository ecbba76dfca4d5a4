import { expect, test } from 'vitest'
import { takeTurns } from '../../../src-main/core/jobs/turns.ts'

const busy = (ms: number) => {
  for (const since = performance.now(); performance.now() - since < ms; );
}

test('a long loop lets what waits for its turn in between, and a short one is not held up', async () => {
  let ticks = 0
  const timer = setInterval(() => ticks++, 1)
  try {
    const othersTurn = takeTurns(5)
    expect(othersTurn()).toBeUndefined()
    for (let i = 0; i < 100; i++) {
      busy(1)
      await othersTurn()
    }
    expect(ticks).toBeGreaterThan(5)
  } finally {
    clearInterval(timer)
  }
})
