// Reports for tests: one of a machine with round figures, changed where a test needs it.
import type { BenchReport, BenchResult } from '../../../src-shared/bench/report.ts'

export const resultOf = (change: Partial<BenchResult> = {}): BenchResult => ({
  size: 'small',
  mode: 'train',
  backend: 'wasm',
  kernels: 'composed',
  threads: 1,
  tokensPerSecond: 4000,
  flopsPerSecond: 20e9,
  ceilingShare: 0.4,
  dispatches: null,
  boundBytes: null,
  peakBytes: 2 ** 27,
  jsMsPerStep: 250,
  steps: 12,
  rounds: 3,
  ratio: { peer: 'stock', peerTokensPerSecond: 500, low: 7, median: 8, high: 9 },
  ...change,
})

export const reportOf = (change: Partial<BenchReport> = {}): BenchReport => ({
  format: 1,
  measuredAt: '2026-03-01T12:00:00.000Z',
  version: '0.1.0',
  machine: { cpu: 'Test CPU', cores: 2, memoryBytes: 2 ** 33, system: 'linux x64' },
  device: {
    backend: 'wasm',
    kernels: 'composed',
    adapter: 'CPU, 1 thread',
    reason: 'asked for',
    software: false,
    threads: 1,
    features: ['simd'],
    limits: {},
    fingerprint: 'wasm | simd | composed 1',
    runtime: 'Node 24.21.0',
  },
  ceiling: {
    threads: 2,
    flopsPerSecond: 100e9,
    flopsPerSecondOneThread: 50e9,
    copyBytesPerSecond: 20e9,
    copyBytesPerSecondOneThread: 10e9,
  },
  results: [resultOf()],
  skipped: [],
  notes: [],
  ...change,
})
