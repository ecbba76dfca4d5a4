// The request for a run of phase 4 in which "I don't know." has a price of its own.
import type { LabMethods, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { InputOf } from '../../../../../src-shared/contract/method.ts'
import type { RewardSource } from '../../../../../src-shared/contract/ppo-contract.ts'

import { visible } from '../../../components/plain-text.tsx'
import { freeName } from '../../../components/training/free-name.ts'
import { type LikeRun, promptsLike } from '../../../components/training/like-run.ts'
import { withMinus } from '../../../format.ts'
import { isActive } from '../../../run-status.ts'

type PpoRequest = InputOf<LabMethods['ppo.start']>

export interface AbstentionStart {
  /** The run that the evaluated RLHF model is of; its recipe is taken. null = there is none. */
  readonly like: (LikeRun & Pick<RunSummary, 'name'>) | null
  /** The fine-tuned model to start from where there is no such run, and the name of its run. */
  readonly sft: string | null
  readonly sftName: string
  readonly rewardModel: string | null
  /** Seed of the starter world that is asked about; null = none. */
  readonly world: number | null
}

/** Prompts of the starter world that a run answers. */
const PROMPTS = 2000

/** Prompts of the run that it is like, else of the world that was asked about; null = neither is the starter world's. */
const promptsFor = ({ like, world }: AbstentionStart) =>
  like?.data.ppo
    ? promptsLike(like)
    : world === null
      ? null
      : { from: 'starter-world' as const, world, count: PROMPTS, constructed: false }

/** What “I don’t know.” earned in the run that it is like. */
const ownWeight = ({ like }: AbstentionStart): number =>
  like?.data.ppo?.rewards.reduce((sum, { kind, weight }) => sum + (kind === 'abstention' ? weight : 0), 0) ??
  0

/** `+0.25`, `−0.50`, `0.00`. */
export const signed = (weight: number): string => withMinus(`${weight > 0 ? '+' : ''}${weight.toFixed(2)}`)

/**
 * Why no run of this weight is to start, as a sentence; null = one can.
 * @param runs of which one that is just like it may be in training, or wait
 */
export function abstentionProblem(
  start: AbstentionStart,
  weight: number,
  runs: readonly Pick<RunSummary, 'name' | 'phase' | 'status' | 'parentCheckpoint' | 'data'>[],
): string | null {
  if (promptsFor(start) === null)
    return 'Only with the starter world’s prompts: elsewhere train in phase 4, with a reward of your own.'
  if (!(start.like?.parentCheckpoint ?? start.sft)) return 'There is no fine-tuned model here to start from.'
  if (!start.like?.data.ppo && start.rewardModel === null)
    return 'There is no reward model yet: train one in phase 3.'
  if (start.like && Math.abs(weight - ownWeight(start)) < 1e-9)
    return weight === 0
      ? 'The evaluated run has no reward for it either: move the slider.'
      : `The evaluated run has this reward, ${signed(weight)}, already: move the slider.`
  const { checkpoint, rewards } = abstentionRequest(start, weight)
  const same = runs.find(
    run =>
      run.phase === 'ppo' &&
      isActive(run) &&
      run.parentCheckpoint === checkpoint &&
      JSON.stringify(run.data.ppo?.rewards) === JSON.stringify(rewards),
  )
  return same
    ? `“${visible(same.name)}” is made with this reward: it ${same.status === 'running' ? 'trains now' : 'waits for its turn'}. Another reward can be tried beside it.`
    : null
}

/** `archipelago RLHF abstaining +0.25`. @param taken names of runs */
export function abstentionName(start: AbstentionStart, weight: number, taken: ReadonlySet<string>): string {
  const of = start.like
    ? start.like.name.replace(/ abstaining [+−]?\d\.\d\d( \d+)?$/, '')
    : `${start.sftName} RLHF`
  return freeName(of, ` abstaining ${signed(weight)}`, taken)
}

/** What a run of this weight would be. @param name of the run that it would be like, as it can be shown */
export function abstentionWords({ like }: AbstentionStart, weight: number, name: string): string {
  const own = like?.data.ppo?.rewards.some(({ kind }) => kind === 'abstention') ?? false
  const made = like ? `As “${name}” was made` : 'A new run of phase 4 with the reward model’s reward'
  if (weight === 0) return `${made}, ${own ? 'without its' : 'with no'} reward for “I don’t know.”.`
  return `${made}, with this reward ${own ? 'in place of its own for “I don’t know.”.' : like ? 'beside its own.' : 'beside it.'}`
}

/** @param weight of one “I don’t know.” @throws nothing: only where `abstentionProblem` is null */
export function abstentionRequest(start: AbstentionStart, weight: number): PpoRequest {
  const { like } = start
  const others: readonly RewardSource[] = like?.data.ppo?.rewards.filter(
    ({ kind }) => kind !== 'abstention',
  ) ?? [{ kind: 'reward-model', checkpoint: start.rewardModel!, weight: 1 }]
  return {
    checkpoint: (like?.parentCheckpoint ?? start.sft)!,
    prompts: promptsFor(start)!,
    rewards: weight === 0 && others.length > 0 ? [...others] : [...others, { kind: 'abstention', weight }],
    config: like?.config ?? {},
  }
}
