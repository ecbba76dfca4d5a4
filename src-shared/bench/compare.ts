// Two benches side by side: which speeds changed, and what else differs between them.
import type { BenchReport, BenchResult } from './report.ts'

export interface ComparedSpeed {
  readonly size: string
  readonly mode: BenchResult['mode']
  readonly backend: BenchResult['backend']
  readonly kernels: BenchResult['kernels']
  readonly threads: number
  /** Tokens per second; null where only the other has it. */
  readonly before: number | null
  readonly after: number | null
  /** after / before */
  readonly ratio: number | null
  /** One of the two had a single round. */
  readonly rough: boolean
}

export interface BenchComparison {
  readonly rows: readonly ComparedSpeed[]
  /** What makes the two less than comparable, each a sentence; empty on the same device. */
  readonly differences: readonly string[]
}

/** What the sign before a ratio means. */
export const ROUGH_NOTE = '≈: measured in one round only, so that the change may be chance.'

const subjectOf = ({ size, mode, backend, kernels, threads }: BenchResult) =>
  [size, mode, backend, kernels, threads].join(' ')

/** Rows in the order of `after`, then what only `before` has. */
export function compareBenches(before: BenchReport, after: BenchReport): BenchComparison {
  const earlier = new Map(before.results.map(result => [subjectOf(result), result]))
  const later = new Map(after.results.map(result => [subjectOf(result), result]))
  const rows = [...new Set([...later.keys(), ...earlier.keys()])].map((key): ComparedSpeed => {
    const old = earlier.get(key)
    const now = later.get(key)
    const { size, mode, backend, kernels, threads } = (now ?? old)!
    return {
      size,
      mode,
      backend,
      kernels,
      threads,
      before: old?.tokensPerSecond ?? null,
      after: now?.tokensPerSecond ?? null,
      ratio: old && now ? now.tokensPerSecond / old.tokensPerSecond : null,
      rough: old?.rounds === 1 || now?.rounds === 1,
    }
  })
  return { rows, differences: differences(before, after) }
}

function differences(before: BenchReport, after: BenchReport): string[] {
  const facts: [string, (report: BenchReport) => string][] = [
    ['fingerprints', report => report.device.fingerprint],
    ['CPUs', report => report.machine.cpu],
    ['numbers of cores', report => String(report.machine.cores)],
    ['systems', report => report.machine.system],
    ['versions of Andromeda', report => report.version],
  ]
  return facts
    .filter(([, of]) => of(before) !== of(after))
    .map(([name, of]) => `The ${name} differ: ${of(before)}, then ${of(after)}.`)
}
