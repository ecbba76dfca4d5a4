// Contenders in one task, turn by turn: whatever else the machine does in a round falls on all of them.
import { LabError } from '../../../src-shared/contract/errors.ts'
import { countLaunches, type Launches } from './counted-step.ts'
import { type Breathe, median, type Probe, timeUnits, type Workload } from './workload.ts'

export interface Entrant {
  readonly label: string
  /** So slow that it has a turn in the first round alone. */
  readonly once: boolean
  readonly probe?: Probe | undefined
  start(): Workload
}

export interface TurnOptions {
  readonly rounds: number
  /** A turn repeats its unit for about this long. */
  readonly turnMs: number
  /** Units of a turn, whatever they take. */
  readonly units?: number | undefined
  readonly breathe: Breathe
  /** After every turn. */
  onTurn(label: string, unitMs: number): void
}

export interface Turns extends Launches {
  /** Median time of a unit, by round. */
  readonly unitMs: readonly number[]
  /** Median of the steps. */
  readonly jsMsPerStep: number
  /** In use at the most during the steps timed; absent without a probe. */
  readonly peakBytes?: number | undefined
  /** All that were timed. */
  readonly steps: number
}

interface Running {
  readonly workload: Workload
  readonly launches: Launches
  readonly units: number
  readonly rounds: { unitMs: number; jsMs: readonly number[]; peakBytes: number | undefined }[]
}

/** In the order of the entrants; a sentence for one that the memory did not suffice for. */
export async function takeTurns(
  entrants: readonly Entrant[],
  options: TurnOptions,
): Promise<(Turns | string)[]> {
  const running = new Map<Entrant, Running | string>()
  try {
    for (let round = 0; round < options.rounds; round++)
      for (const entrant of entrants) {
        if (entrant.once && round > 0) continue
        const one = running.get(entrant) ?? (await enter(entrant, options))
        running.set(entrant, one)
        if (typeof one === 'string') continue
        const { unitMs, jsMs, peakBytes } = await takeTurn(entrant, one, options.breathe)
        one.rounds.push({ unitMs: median(unitMs), jsMs, peakBytes })
        options.onTurn(entrant.label, median(unitMs))
      }
    return [...running.values()].map(one => (typeof one === 'string' ? one : turnsOf(one)))
  } finally {
    for (const one of running.values()) if (typeof one !== 'string') one.workload.dispose()
  }
}

async function takeTurn({ probe }: Entrant, { workload, units }: Running, breathe: Breathe) {
  probe?.start()
  try {
    const timing = await timeUnits(workload, units, breathe, probe)
    return { ...timing, peakBytes: probe?.peakBytes }
  } finally {
    probe?.stop()
  }
}

function turnsOf({ rounds, launches }: Running): Turns {
  const jsMs = rounds.flatMap(round => round.jsMs)
  const peaks = rounds.flatMap(({ peakBytes }) => peakBytes ?? [])
  return {
    ...launches,
    ...(peaks.length > 0 && { peakBytes: Math.max(...peaks) }),
    unitMs: rounds.map(round => round.unitMs),
    jsMsPerStep: median(jsMs),
    steps: jsMs.length,
  }
}

/** Starts an entrant, warms it up with two steps (compilation, packing, caches) and finds out how many units make a turn. */
async function enter(entrant: Entrant, options: TurnOptions): Promise<Running | string> {
  let workload: Workload | undefined
  try {
    workload = entrant.start()
    await workload.step(0)
    await options.breathe()
    const second = 1 % workload.stepsPerUnit
    const start = performance.now()
    const launches = await countLaunches(() => workload!.step(second))
    const stepMs = performance.now() - start
    const units = options.units ?? Math.max(1, Math.round(options.turnMs / (stepMs * workload.stepsPerUnit)))
    return { workload, launches, units, rounds: [] }
  } catch (error) {
    workload?.dispose()
    // The rest of the bench can go on without it.
    if (error instanceof LabError && error.facts.code === 'no-space') return error.facts.what
    throw error
  }
}
