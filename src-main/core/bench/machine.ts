// What a report says about the computer it was made on.
import { arch, availableParallelism, cpus, freemem, platform, totalmem } from 'node:os'
import { version } from '../../../package.json' with { type: 'json' }
import type { BenchMachine, BenchMeasurement, BenchReport } from '../../../src-shared/bench/report.ts'

const machine = (): BenchMachine => ({
  cpu: cpus()[0]?.model.trim() || 'unknown',
  cores: availableParallelism(),
  memoryBytes: totalmem(),
  system: `${platform()} ${arch()}`,
})

/** For the estimate of what fits. */
export const availableBytes = freemem

/** A measurement of an engine on this computer, now. */
export const reportOf = (measurement: BenchMeasurement): BenchReport => ({
  format: 1,
  measuredAt: new Date().toISOString(),
  version,
  machine: machine(),
  ...measurement,
})
