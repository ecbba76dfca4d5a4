// The ceiling of several measurements.
import { expect, test } from 'vitest'
import { combinedCeiling } from '../../src-renderer/engine/bench/ceiling.ts'

const measured = (all: number, one: number, threads = 2) => ({
  threads,
  flopsPerSecond: all * 1e9,
  flopsPerSecondOneThread: one * 1e9,
  copyBytesPerSecond: all * 1e8,
  copyBytesPerSecondOneThread: one * 1e8,
})

test('the best of each rate counts', () => {
  const { ceiling, notes } = combinedCeiling([measured(100, 40), measured(80, 50)])
  expect(ceiling).toEqual(measured(100, 50))
  expect(notes).toEqual([])
})

test('all threads can do what one can, and cores that were not free are told of', () => {
  const { ceiling, notes } = combinedCeiling([measured(30, 50), measured(45, 40)])
  expect(ceiling).toEqual(measured(50, 50))
  expect(notes).toEqual([
    'Other work kept the cores busy: figures with several threads are too low. 2 threads did 0.9 times the ' +
      'multiply-adds of one; on free cores it would be about 2 times.',
  ])
  expect(combinedCeiling([measured(45, 50, 1)]).notes).toEqual([])
})
