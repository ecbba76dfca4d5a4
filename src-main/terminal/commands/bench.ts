// bench: how fast this machine trains and writes, on every backend and kernel set, beside the same model in stock TF.js.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { compareBenches } from '../../../src-shared/bench/compare.ts'
import { type BenchEffort, benchEfforts } from '../../../src-shared/bench/effort.ts'
import {
  type BenchMeasurement,
  type BenchReport,
  parseBenchReport,
} from '../../../src-shared/bench/report.ts'
import { rooflineSvg } from '../../../src-shared/bench/roofline-svg.ts'
import { type BenchSizeName, benchSizeNames } from '../../../src-shared/bench/sizes.ts'
import { LabError, sentence, toFacts } from '../../../src-shared/contract/errors.ts'
import { availableBytes, reportOf } from '../../core/bench/machine.ts'
import { runWorker, workerUrl } from '../../core/jobs/worker.ts'
import { onDisk } from '../../core/workspace/storage-error.ts'
import { comparisonText, reportText } from '../bench-text.ts'
import type { BenchWorkerInput, LongTask } from '../bench-worker.ts'
import { atLeastOne, type GlobalOptions, type Output, type TerminalCommand, UsageError } from '../command.ts'
import { refuseUnwritable, writeTo } from '../out-file.ts'
import type { Session } from '../session.ts'
import { duration } from '../text.ts'

interface Options {
  size?: BenchSizeName[]
  rounds?: number
  steps?: number
  quick?: boolean
  out?: string
  picture?: string
  compare?: string[]
}

export const bench: TerminalCommand<Options> = {
  name: 'bench',
  summary: "this machine's speed, beside stock TF.js in the same process",
  engine: () => 'none',
  declare(command: Command) {
    command
      .option('--size <names>', `comma-separated: ${benchSizeNames.join(', ')}`, sizeList)
      .option('--rounds <n>', 'rounds, in each of which everyone has a turn', atLeastOne)
      .option('--steps <n>', 'training steps, or batches of texts, of each turn', atLeastOne)
      .option('--quick', 'a first idea in seconds instead of minutes')
      .option('--out <file>', 'write the report as JSON')
      .option('--picture <file>', 'write the roofline picture as SVG')
      .option('--compare <files...>', 'measure nothing: the speeds of two reports side by side')
  },
  async run(session, _, options) {
    const { compare: files, out, picture } = options
    if (files && (out ?? picture) !== undefined)
      throw new UsageError('--compare measures nothing: there is nothing to write with --out or --picture')
    if (out !== undefined && picture !== undefined && resolve(out) === resolve(picture))
      throw new UsageError('--out and --picture name the same file')
    return files ? compare(files) : measure(session, options)
  },
}

async function measure(session: Session, options: Options & GlobalOptions): Promise<Output> {
  const effort: BenchEffort = options.quick ? benchEfforts.quick : benchEfforts.full
  const input: BenchWorkerInput = {
    backend: options.backend ?? 'auto',
    effort: {
      ...effort,
      rounds: options.rounds ?? effort.rounds,
      // Who names a size wants it measured, if a step takes a minute.
      ...(options.size && { patienceMs: 60_000 }),
    },
    sizes: options.size,
    units: options.steps,
    threads: options.threads,
    availableBytes: availableBytes(),
  }
  // What cannot be written is said before minutes are spent on it.
  for (const file of [options.out, options.picture]) if (file !== undefined) refuseUnwritable(file)
  const abort = new AbortController()
  const started = performance.now()
  const measurement = await session.until(
    runWorker<BenchMeasurement>(
      workerUrl('bench-worker', new URL('../bench-worker.ts', import.meta.url)),
      input,
      {
        signal: abort.signal,
        onProgress({ done, total, note }) {
          const seconds = (performance.now() - started) / 1000
          const left = done > 1 ? ` · about ${duration((seconds * (total! - done)) / done)} left` : ''
          session.progress.update(`${done} of ${total} turns · ${note}${left}`)
        },
        onMessage(message) {
          const { task, seconds } = message as LongTask
          session.progress.note(`${task}: about ${duration(seconds)}`)
        },
      },
    ),
    () => abort.abort(),
  )
  const report = reportOf(measurement)
  const output = { json: report, text: reportText(report) }
  // What was measured is shown in any case.
  try {
    if (options.out) writeTo(options.out, `${JSON.stringify(report, null, 2)}\n`)
    const picture = rooflineSvg(report)
    if (options.picture && picture) writeTo(options.picture, picture)
    else if (options.picture) session.progress.note('There is nothing to draw: nothing could be measured.')
    return output
  } catch (error) {
    return { ...output, failure: sentence(toFacts(error)) }
  }
}

async function compare(files: readonly string[]): Promise<Output> {
  const [a, b] = files
  if (a === undefined || b === undefined || files.length > 2)
    throw new UsageError('--compare takes two files: --compare before.json after.json')
  const comparison = compareBenches(readReport(a), readReport(b))
  if (!comparison.rows.some(({ ratio }) => ratio !== null))
    throw new LabError({
      code: 'bad-input',
      what: `${a} and ${b} have nothing in common`,
      expected: 'the same size, mode, backend, kernels and threads in both',
      fix: 'measure both in the same way, with the same --size, --backend and --threads',
    })
  return { json: comparison, text: comparisonText(comparison) }
}

/** @throws LabError when it cannot be read or is no report */
const readReport = (file: string): BenchReport =>
  parseBenchReport(
    onDisk(file, () => readFileSync(file, 'utf8')),
    file,
  )

function sizeList(text: string): BenchSizeName[] {
  const names = text.split(',').map(name => name.trim())
  const known = names.filter(name => (benchSizeNames as readonly string[]).includes(name))
  if (known.length < names.length)
    throw new InvalidArgumentError(`It must be some of ${benchSizeNames.join(', ')}.`)
  return known as BenchSizeName[]
}
