import { expect, test } from 'vitest'
import { compareBenches } from '../../../src-shared/bench/compare.ts'
import { reportOf, resultOf } from './bench-report.ts'

test('speeds of the same task and contender are divided, the others stand alone', () => {
  const before = reportOf({
    results: [
      resultOf({ tokensPerSecond: 4000 }),
      resultOf({ kernels: 'stock', tokensPerSecond: 500 }),
      resultOf({ kernels: 'simd', threads: 2, tokensPerSecond: 20_000 }),
    ],
  })
  const after = reportOf({
    results: [
      resultOf({ kernels: 'simd', threads: 1, tokensPerSecond: 12_000 }),
      resultOf({ kernels: 'simd', threads: 2, tokensPerSecond: 25_000 }),
      resultOf({ tokensPerSecond: 3000 }),
    ],
  })
  const { rows, differences } = compareBenches(before, after)
  expect(
    rows.map(({ kernels, threads, before, after, ratio }) => [kernels, threads, before, after, ratio]),
  ).toEqual([
    ['simd', 1, null, 12_000, null],
    ['simd', 2, 20_000, 25_000, 1.25],
    ['composed', 1, 4000, 3000, 0.75],
    ['stock', 1, 500, null, null],
  ])
  expect(differences).toEqual([])
})

test('what had a single round on either side is rough', () => {
  const full = reportOf({ results: [resultOf(), resultOf({ kernels: 'stock' })] })
  const mixed = reportOf({ results: [resultOf({ rounds: 1 }), resultOf({ kernels: 'stock' })] })
  const rough = (...reports: [typeof full, typeof full]) =>
    compareBenches(...reports).rows.map(row => row.rough)
  expect(rough(full, full)).toEqual([false, false])
  expect(rough(full, mixed)).toEqual([true, false])
  expect(rough(mixed, full)).toEqual([true, false])
})

test('the same kernels in another size, mode or on another backend are another speed', () => {
  const before = reportOf({ results: [resultOf()] })
  for (const change of [{ size: 'medium' }, { mode: 'generate' }, { backend: 'webgpu' }] as const) {
    const { rows } = compareBenches(before, reportOf({ results: [resultOf(change)] }))
    expect(rows.map(row => row.ratio)).toEqual([null, null])
  }
})

test('it says when the devices, machines or versions are not the same', () => {
  const before = reportOf()
  const after = reportOf({
    device: { ...before.device, fingerprint: 'wasm | simd | composed 2' },
    machine: { ...before.machine, cores: 8 },
    version: '0.2.0',
  })
  expect(compareBenches(before, after).differences).toEqual([
    'The fingerprints differ: wasm | simd | composed 1, then wasm | simd | composed 2.',
    'The numbers of cores differ: 2, then 8.',
    'The versions of Andromeda differ: 0.1.0, then 0.2.0.',
  ])
})
