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
  const clock = stopwatch()
  const base = await pretrainDemo(lab, seed, onProgress)
  const pretrain = clock()
  const { device } = await lab.handlers['engine.status']({})
  const done = { backend: device!.backend, seed, pretrain: base.result }
  if (!phases.includes('sft')) return { ...done, minutes: { pretrain, total: pretrain } }
  const tuned = await sftDemo(lab, seed, base.checkpoint, onProgress)
  const sft = clock()
  if (!phases.includes('reward')) {
    const judged = await tuned.evaluate(signal)
    const evaluate = clock()
    return { ...done, minutes: { pretrain, sft, evaluate, total: pretrain + sft + evaluate }, sft: judged }
  }
  const scoring = await rewardDemo(lab, seed, tuned.checkpoint, onProgress)
  const reward = clock()
  const judged = { sft: await tuned.evaluate(signal), reward: await scoring.evaluate() }
  const evaluate = clock()
  const total = pretrain + sft + reward + evaluate
  return { ...done, minutes: { pretrain, sft, reward, evaluate, total }, ...judged }
}

/** Minutes since it was last asked. */
function stopwatch(): () => number {
  let beforeMs = performance.now()
  return () => {
    const nowMs = performance.now()
    const minutes = (nowMs - beforeMs) / 60_000
    beforeMs = nowMs
    return minutes
  }
}
