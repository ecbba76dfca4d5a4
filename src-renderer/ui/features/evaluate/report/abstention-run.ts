// The request for a run of phase 4 in which "I don't know." has a price of its own.

import type { LabMethods, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { InputOf } from '../../../../../src-shared/contract/method.ts'
import type { RewardSource } from '../../../../../src-shared/contract/ppo-contract.ts'

type PpoRequest = InputOf<LabMethods['ppo.start']>

export interface AbstentionStart {
  /** The run that the evaluated RLHF model is of; its recipe is taken. null = there is none. */
  readonly like: Pick<RunSummary, 'name' | 'parentCheckpoint' | 'config' | 'data'> | null
  /** The fine-tuned model to start from where there is no such run. */
  readonly sft: string | null
  readonly rewardModel: string | null
  /** Seed of the starter world that is asked about; null = none. */
  readonly world: number | null
}

/** Prompts of the starter world that a run answers. */
const PROMPTS = 2000

const worldOf = ({ like, world }: AbstentionStart): number | null =>
  like?.data.ppo ? like.data.ppo.prompts.world : world

/** Why no run can start, as a sentence; null = one can. */
export function abstentionProblem(start: AbstentionStart): string | null {
  const from = start.like?.data.ppo?.prompts.from ?? 'starter-world'
  if (from !== 'starter-world' || worldOf(start) === null)
    return 'Only with the starter world’s prompts: elsewhere train in phase 4, with a reward of your own.'
  if (!(start.like?.parentCheckpoint ?? start.sft)) return 'There is no fine-tuned model here to start from.'
  if (!start.like?.data.ppo && start.rewardModel === null)
    return 'There is no reward model yet: train one in phase 3.'
  return null
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
    prompts: {
      from: 'starter-world',
      world: worldOf(start)!,
      count: like?.data.ppo ? like.data.ppo.prompts.train + like.data.ppo.prompts.refused : PROMPTS,
      constructed: false,
    },
    rewards: weight === 0 && others.length > 0 ? [...others] : [...others, { kind: 'abstention', weight }],
    config: like?.config ?? {},
  }
}
