// The bench of one backend: the ceiling of the machine, then every size, mode and contender that memory and patience
// allow.
import type { BenchEffort } from '../../../src-shared/bench/effort.ts'
import {
  type BenchMeasurement,
  type BenchMode,
  type BenchResult,
  type BenchSkipped,
  modeNames,
} from '../../../src-shared/bench/report.ts'
import { type BenchSize, benchSizes } from '../../../src-shared/bench/sizes.ts'
import { benchWork } from '../../../src-shared/bench/work.ts'
import type { OpenDevice } from '../device.ts'
import { Speeds, tooLarge } from './affordable.ts'
import { type Ceiling, combinedCeiling } from './ceiling.ts'
import { type Contender, kernelsContender, peers } from './contender.ts'
import { type Turns, takeTurns } from './turns.ts'
import { type Breathe, median } from './workload.ts'

export interface BenchRequest extends BenchEffort {
  /** Units of a turn, whatever they take: steps of training, batches of texts. */
  readonly units?: number | undefined
  /** null where a host cannot tell. */
  readonly availableBytes: number | null
}

/** One backend with the kernels that were opened on it. */
export interface BenchSubject {
  /** Which device the report is about. */
  readonly device: OpenDevice
  /** `composed` first, then SIMD kernels, the fewest threads first. */
  readonly opened: readonly OpenDevice[]
  /** Closes what was opened for the bench and gives its memory back. */
  close(): Promise<void>
}

export interface BenchControl {
  readonly breathe: Breathe
  /** Turns, of all that were planned. */
  onProgress(progress: { done: number; total: number; note: string }): void
  /** Before a task that takes long. @param task `large, training` */
  onLongTask?(task: string, seconds: number): void
}

const LONG_SECONDS = 20

export async function runBench(
  request: BenchRequest,
  { device, opened }: BenchSubject,
  { breathe, onProgress, onLongTask }: BenchControl,
): Promise<BenchMeasurement> {
  const { backend } = device.info
  const ours = opened.map(kernelsContender)
  const composed = ours[0]!
  const contenders = [...ours, ...peers(opened[0]!)]
  const speeds = new Speeds()
  const results: Omit<BenchResult, 'ceilingShare'>[] = []
  const skipped: BenchSkipped[] = []
  const turnsPerTask = contenders.length * request.rounds
  const total = 1 + request.sizes.length * Object.keys(modeNames).length * turnsPerTask
  let done = 0

  const measureCeiling = opened.at(-1)!.ceiling
  onProgress({ done, total, note: measureCeiling ? 'the ceiling of this machine' : 'warming up' })
  await breathe()
  const first = await measureCeiling?.()
  done++
  for (const name of request.sizes)
    for (const mode of Object.keys(modeNames) as BenchMode[]) {
      const whenEnded = done + turnsPerTask
      await measure(benchSizes[name], mode)
      // What was left out takes no time.
      done = whenEnded
    }
  // Once more at the end: what else the machine did at the beginning must not lower the ceiling.
  const { ceiling, notes } = first
    ? combinedCeiling([first, await measureCeiling!()])
    : { ceiling: null, notes: [] }
  onProgress({ done, total, note: 'done' })
  return {
    device: device.info,
    ceiling,
    results: results.map(result => ({ ...result, ceilingShare: ceiling && shareOf(ceiling, result) })),
    skipped,
    notes,
  }

  async function measure(size: BenchSize, mode: BenchMode): Promise<void> {
    const entered: Contender[] = []
    let seconds = 0
    for (const contender of contenders) {
      if (contender.name === (mode === 'train' ? 'uncached' : 'stock')) continue
      await breathe()
      const expected = await expectation(contender, size, mode)
      if (typeof expected === 'string') leaveOut(contender, size, mode, expected)
      else {
        entered.push(contender)
        seconds += entryMs(contender, size, mode, expected) / 1000
      }
    }
    if (seconds > LONG_SECONDS) onLongTask?.(`${size.name}, ${modeNames[mode]}`, seconds)
    const entrants = entered.map(contender => ({
      label: labelOf(contender, size, mode),
      once: contender.name === 'uncached',
      start: () => contender[mode](size)!,
      probe: contender.probe,
    }))
    const { tokens } = benchWork(size, mode)
    const turns = await takeTurns(entrants, {
      ...request,
      breathe,
      onTurn(label, unitMs) {
        const speed = Math.round((1000 * tokens) / unitMs).toLocaleString('en-US')
        onProgress({ done: ++done, total, note: `${label} · ${speed} tokens/s` })
      },
    })
    const measured: Measured[] = []
    for (const [i, contender] of entered.entries()) {
      const one = turns[i]!
      if (typeof one === 'string') leaveOut(contender, size, mode, one)
      else measured.push({ contender, turns: one })
    }
    record(size, mode, measured)
  }

  function leaveOut({ name, threads }: Contender, size: BenchSize, mode: BenchMode, reason: string): void {
    skipped.push({ size: size.name, mode, backend, kernels: name, threads, reason })
  }

  /** Milliseconds of one unit, 0 where it is measured in any case; or why it is left out. */
  async function expectation(
    contender: Contender,
    size: BenchSize,
    mode: BenchMode,
  ): Promise<number | string> {
    const { name, threads } = contender
    if (size.name === 'large' && ours.some(other => other.name === name && other.threads > threads))
      return 'this size is measured with all threads only'
    const memory = tooLarge(contender, size, backend, request.availableBytes)
    if (memory !== null) return memory
    // What everything else is told by is always measured.
    if (size.name === 'minimal' || (size.name === 'small' && name !== 'uncached')) return 0
    const ms = await speeds.expectedMs(contender, composed, size, mode)
    if (ms <= (name === 'uncached' ? request.uncachedMs : request.patienceMs)) return ms
    return `${mode === 'train' ? 'one step' : 'one batch of texts'} would take about ${Math.round(ms / 1000)} s`
  }

  /** From its first weights to its last round, roughly. @param unitMs 0: not known, and short */
  function entryMs({ name }: Contender, size: BenchSize, mode: BenchMode, unitMs: number): number {
    const warmupMs = mode === 'train' ? 2 * unitMs : 0
    const turnMs = request.units ? request.units * unitMs : Math.max(unitMs, request.turnMs)
    return speeds.initialMs(size) + warmupMs + (name === 'uncached' ? 1 : request.rounds) * turnMs
  }

  function record(size: BenchSize, mode: BenchMode, measured: readonly Measured[]): void {
    const { tokens, flops } = benchWork(size, mode)
    const find = (name: Contender['name']) => measured.find(({ contender }) => contender.name === name)
    const peer = find(mode === 'train' ? 'stock' : 'uncached') ?? find('composed')
    for (const one of measured) {
      const { name, threads } = one.contender
      const unitMs = median(one.turns.unitMs)
      const flopsPerSecond = (1000 * flops) / unitMs
      speeds.remember(one.contender, mode, flopsPerSecond)
      if (name === 'uncached') continue
      results.push({
        size: size.name,
        mode,
        backend,
        kernels: name,
        threads,
        tokensPerSecond: (1000 * tokens) / unitMs,
        flopsPerSecond,
        dispatches: one.turns.dispatches,
        boundBytes: one.turns.boundBytes,
        ...(one.turns.peakBytes !== undefined && { peakBytes: one.turns.peakBytes }),
        ...((one.contender.probe || backend === 'webgpu') && { jsMsPerStep: one.turns.jsMsPerStep }),
        steps: one.turns.steps,
        rounds: one.turns.unitMs.length,
        ratio: peer && peer !== one ? ratioTo(peer, one, tokens) : null,
      })
    }
  }
}

const shareOf = (
  ceiling: Ceiling,
  { flopsPerSecond, threads }: Pick<BenchResult, 'flopsPerSecond' | 'threads'>,
) => flopsPerSecond / (threads > 1 ? ceiling.flopsPerSecond : ceiling.flopsPerSecondOneThread)

interface Measured {
  readonly contender: Contender
  readonly turns: Turns
}

const labelOf = ({ name, threads }: Contender, size: BenchSize, mode: BenchMode): string =>
  `${size.name}, ${modeNames[mode]}, ${name}${threads > 1 ? `, ${threads} threads` : ''}`

/** Round by round, since both met the same machine in it; against the only turn of a peer that had one. */
function ratioTo(peer: Measured, ours: Measured, tokens: number): NonNullable<BenchResult['ratio']> {
  const ofPeer = peer.turns.unitMs
  const ratios = ours.turns.unitMs.map((ms, round) => (ofPeer[round] ?? ofPeer[0]!) / ms)
  return {
    peer: peer.contender.name as NonNullable<BenchResult['ratio']>['peer'],
    peerTokensPerSecond: (1000 * tokens) / median(peer.turns.unitMs),
    low: Math.min(...ratios),
    median: median(ratios),
    high: Math.max(...ratios),
  }
}
