// The report of a bench, as `bench --out` writes it and the workspace keeps it.
import * as v from 'valibot'
import { deviceInfo } from '../contract/device-info.ts'
import { LabError } from '../contract/errors.ts'
import { count } from '../contract/method.ts'

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0, 'must be above 0'))
const text = v.pipe(v.string(), v.maxLength(2000))

export const benchMode = v.picklist(['train', 'generate'])
export type BenchMode = v.InferOutput<typeof benchMode>
/** As people read them. */
export const modeNames: Readonly<Record<BenchMode, string>> = { train: 'training', generate: 'writing' }
export const benchKernels = v.picklist(['stock', 'composed', 'simd', 'fused'])
export type BenchKernels = v.InferOutput<typeof benchKernels>

/** What was measured, by its names: the key of a comparison. */
const subject = {
  size: text,
  mode: benchMode,
  backend: deviceInfo.entries.backend,
  /** `stock`: the same model as anyone would write it in TF.js. */
  kernels: benchKernels,
  /** CPU cores used; 1 on a GPU. */
  threads: v.pipe(count, v.minValue(1)),
}

/** Speed over that of the peer in the same round: the slowest, median and fastest round. */
const ratio = v.object({
  /** `uncached`: `composed`, reading the whole text again for every token. */
  peer: v.picklist(['stock', 'composed', 'uncached']),
  peerTokensPerSecond: positive,
  low: positive,
  median: positive,
  high: positive,
})

export const benchResult = v.object({
  ...subject,
  /** Of the median round. */
  tokensPerSecond: positive,
  /** FLOPs that the task takes, over its time (work.ts). */
  flopsPerSecond: positive,
  /** Of the machine's FMA rate with as many threads, 0–1; null where no ceiling is known. */
  ceilingShare: v.nullable(v.number()),
  /** Kernel launches and bytes bound in one step, each launch counted; on webgpu alone. */
  dispatches: v.nullable(count),
  boundBytes: v.nullable(v.number()),
  /** Its own device memory in use at the most while it was timed. Absent for TF.js's, which all share one heap. */
  peakBytes: v.optional(v.number()),
  /**
   * Time in JavaScript: on webgpu until the device is first waited for, in `simd` all that is not in kernels. Absent
   * where TF.js computes on the CPU: its kernels are called in between and not told apart. A step of `generate` is one
   * token of the batch.
   */
  jsMsPerStep: v.optional(v.number()),
  /** Steps timed, over all rounds. */
  steps: count,
  rounds: count,
  /** null for the peer itself, and where nothing was there to compare with. */
  ratio: v.nullable(ratio),
})
export type BenchResult = v.InferOutput<typeof benchResult>

/** `uncached` is the peer of writing. */
export const benchSkipped = v.object({
  ...subject,
  kernels: v.picklist([...benchKernels.options, 'uncached']),
  reason: text,
})
export type BenchSkipped = v.InferOutput<typeof benchSkipped>

/** The machine's own limits: fused multiply-adds in registers (2 FLOPs each), and bytes read plus bytes written. */
export const benchCeiling = v.object({
  threads: v.pipe(count, v.minValue(1)),
  flopsPerSecond: positive,
  flopsPerSecondOneThread: positive,
  copyBytesPerSecond: positive,
  copyBytesPerSecondOneThread: positive,
})
export type BenchCeiling = v.InferOutput<typeof benchCeiling>

/** What an engine measures. */
export const benchMeasurement = v.object({
  device: deviceInfo,
  /** Of the CPU cores; null where no kernels measure it. */
  ceiling: v.nullable(benchCeiling),
  results: v.array(benchResult),
  skipped: v.array(benchSkipped),
  /** What makes the figures less than they should be, each a sentence. */
  notes: v.optional(v.array(text), []),
})
export type BenchMeasurement = v.InferOutput<typeof benchMeasurement>

/** What only a host knows of its machine. */
export const benchMachine = v.object({
  cpu: text,
  cores: v.pipe(count, v.minValue(1)),
  memoryBytes: v.number(),
  /** `linux x64` */
  system: text,
})
export type BenchMachine = v.InferOutput<typeof benchMachine>

export const benchReport = v.object({
  ...benchMeasurement.entries,
  format: v.literal(1),
  measuredAt: v.pipe(v.string(), v.isoTimestamp('must be a time such as 2026-01-31T12:00:00.000Z')),
  version: text,
  machine: benchMachine,
})
export type BenchReport = v.InferOutput<typeof benchReport>

/**
 * A report from the text of a file.
 * @param where its name, for messages   @throws LabError `bad-input` for anything else than a bench
 */
export function parseBenchReport(json: string, where: string): BenchReport {
  const refuse = (got: string) =>
    new LabError({
      code: 'bad-input',
      what: 'this file is not a bench of Andromeda',
      where,
      expected: 'the JSON that `bench --out FILE` writes',
      got,
      fix: 'give a file that `andromeda bench --out FILE` wrote',
    })
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw refuse(json.trim() === '' ? 'an empty file' : 'something that is no JSON')
  }
  const parsed = v.safeParse(benchReport, value)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const place = v.getDotPath(issue)
  throw refuse(place ? `${place}: ${issue.message}` : issue.message)
}

/** A report that a workspace keeps. */
export const benchRecord = v.object({ id: count, report: benchReport })
export type BenchRecord = v.InferOutput<typeof benchRecord>
