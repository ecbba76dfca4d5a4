// The demo: the starter world through the phases, with what each brought as numbers. One seed, one device: one result.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Lab } from '../lab.ts'
import { type DemoBase, pretrainDemo } from './demo-pretrain.ts'
import { type DemoReward, rewardDemo } from './demo-reward.ts'
import type { Narrate } from './demo-run.ts'
import { type DemoSft, sftDemo } from './demo-sft.ts'

export const demoPhases = ['pretrain', 'sft', 'reward'] as const
export type DemoPhase = (typeof demoPhases)[number]

export interface DemoOptions {
  readonly seed: number
  /** In the phases' order, from the first on. */
  readonly phases: readonly DemoPhase[]
  readonly onProgress: Narrate
  /** Ends the questions at the end; a run is paused, and a job cancelled, by whoever wants the demo to end. */
  readonly signal?: AbortSignal
}

export interface DemoResult {
  readonly backend: string
  readonly seed: number
  readonly minutes: {
    readonly pretrain: number
    readonly sft?: number
    readonly reward?: number
    readonly evaluate?: number
    readonly total: number
  }
  readonly pretrain: DemoBase['result']
  readonly sft?: DemoSft
  readonly reward?: DemoReward
}

/** @throws LabError when a phase did not finish; `bad-input` for a phase whose predecessor is left out */
export async function runDemo(
  lab: Lab,
  { seed, phases: given, onProgress, signal }: DemoOptions,
): Promise<DemoResult> {
  const phases = [...new Set(given)]
  const needed = demoPhases.slice(0, demoPhases.findLastIndex(phase => phases.includes(phase)) + 1)
  if (needed.length !== phases.length)
    throw new LabError({
      code: 'bad-input',
      what: 'a phase needs the model of the one before',
      where: '--phases',
      expected: needed.join(','),
      got: phases.join(','),
      fix: `use --phases ${needed.join(',')}`,
    })
  const minutes: { -readonly [phase in keyof DemoResult['minutes']]: number } = { pretrain: 0, total: 0 }
  const timed = async <T>(
    part: Exclude<keyof DemoResult['minutes'], 'total'>,
    work: () => Promise<T>,
  ): Promise<T> => {
    const startedMs = performance.now()
    const result = await work()
    minutes[part] = (performance.now() - startedMs) / 60_000
    minutes.total += minutes[part]
    return result
  }
  const base = await timed('pretrain', () => pretrainDemo(lab, seed, onProgress))
  const { device } = await lab.handlers['engine.status']({})
  const done = { backend: device!.backend, seed, minutes, pretrain: base.result }
  if (!phases.includes('sft')) return done
  const tuned = await timed('sft', () => sftDemo(lab, seed, base.checkpoint, onProgress))
  const scoring = phases.includes('reward')
    ? await timed('reward', () => rewardDemo(lab, seed, tuned.checkpoint, onProgress))
    : null
  const judged = await timed('evaluate', async () => ({
    sft: await tuned.evaluate(signal),
    ...(scoring ? { reward: await scoring.evaluate() } : {}),
  }))
  return { ...done, ...judged }
}
