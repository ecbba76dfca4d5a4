import { expect, test } from 'vitest'
import { type Entrant, type Turns, takeTurns } from '../../src-renderer/engine/bench/turns.ts'
import { LabError } from '../../src-shared/contract/errors.ts'

/** Who does nothing, and writes down when. */
function entrant(label: string, log: string[], change: Partial<Entrant> = {}): Entrant {
  return {
    label,
    once: false,
    start() {
      log.push(`start ${label}`)
      return {
        stepsPerUnit: 2,
        async step(index) {
          log.push(`${label}${index}`)
        },
        dispose: () => log.push(`end ${label}`),
      }
    },
    ...change,
  }
}
const options = { rounds: 2, turnMs: 0, units: 1, breathe: async () => {}, onTurn: () => {} }

test('in every round all have their turn; the slow one has it once', async () => {
  const log: string[] = []
  const turns = await takeTurns([entrant('a', log), entrant('slow', log, { once: true })], options)
  expect(log.join(' ')).toBe('start a a0 a1 a0 a1 start slow slow0 slow1 slow0 slow1 a0 a1 end a end slow')
  expect(turns).toMatchObject([
    { steps: 4, dispatches: null, unitMs: [expect.any(Number), expect.any(Number)] },
    { steps: 2, unitMs: [expect.any(Number)] },
  ])
})

test('a probe measures in its own turns alone: the highest peak, and JavaScript without the kernels', async () => {
  const log: string[] = []
  const peaks = [5, 9]
  let kernelMs = 0
  const probe = {
    start: () => void log.push('on'),
    stop: () => void log.push('off'),
    get kernelMs() {
      kernelMs += 1e6
      return kernelMs
    },
    get peakBytes() {
      return peaks.shift()!
    },
  }
  const [probed, plain] = await takeTurns([entrant('a', log, { probe }), entrant('b', log)], options)
  expect(log.join(' ')).toBe('start a a0 a1 on a0 a1 off start b b0 b1 b0 b1 on a0 a1 off b0 b1 end a end b')
  expect(probed).toMatchObject({ peakBytes: 9 })
  expect((probed as Turns).jsMsPerStep).toBeLessThan(-1e5)
  expect(plain).not.toHaveProperty('peakBytes')
})

test('one that the memory does not suffice for is left out, and the others go on', async () => {
  const log: string[] = []
  const tooLarge = entrant('b', log, {
    start() {
      throw new LabError({ code: 'no-space', what: 'the memory is full', fix: 'use a smaller model' })
    },
  })
  const turns = await takeTurns([entrant('a', log), tooLarge, entrant('c', log)], options)
  expect(turns.map(one => (typeof one === 'string' ? one : one.steps))).toEqual([4, 'the memory is full', 4])
})

test('whatever else fails ends it, and nobody is left on the device', async () => {
  const log: string[] = []
  const broken = entrant('b', log, {
    start() {
      throw new Error('broken')
    },
  })
  await expect(takeTurns([entrant('a', log), broken], options)).rejects.toThrow('broken')
  expect(log.at(-1)).toBe('end a')
})
