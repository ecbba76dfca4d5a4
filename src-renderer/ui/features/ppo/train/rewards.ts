// What answers are to be rewarded for, in the making: a list of sources with weights. Pure: what is proposed, what is wrong
// with it, and what the core is asked for.
import * as v from 'valibot'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import {
  type RewardKind,
  type RewardSource,
  rewardSource,
} from '../../../../../src-shared/contract/ppo-contract.ts'
import type { Verdict } from '../../../../../src-shared/contract/reward-contract.ts'
import { formatCount, formatNumber, withMinus } from '../../../format.ts'
import { descentOf } from '../../../run-descent.ts'

/** A source as a person types it: what cannot be read as a number stays as typed. */
export interface RewardDraft {
  readonly kind: RewardKind
  readonly weight: number | string
  /** Of a reward model; null = the one that is proposed. */
  readonly checkpoint: string | null
  readonly pattern: string
  readonly most: number | string
  readonly target: number | string
}

export const keptReward = v.object({
  kind: v.picklist(['reward-model', 'truth', 'abstention', 'exact', 'regex', 'length']),
  weight: v.union([v.number(), v.string()]),
  checkpoint: v.nullable(v.string()),
  pattern: v.string(),
  most: v.union([v.number(), v.string()]),
  target: v.union([v.number(), v.string()]),
})

export interface RewardKindWords {
  readonly label: string
  readonly meaning: string
  /** Only the starter world knows what is true. */
  readonly ofWorld: boolean
}

export const rewardKinds: Readonly<Record<RewardKind, RewardKindWords>> = {
  'reward-model': {
    label: 'Reward model',
    meaning:
      'What phase 3 learnt from rankings. Its scores have mean 0 and standard deviation 1 over the fine-tuned model’s own answers; less where they hardly differ, so that chance is not taken for an opinion.',
    ofWorld: false,
  },
  truth: {
    label: 'Truth',
    meaning:
      'The starter world’s own judge: 1 for a right answer, 0 for “I don’t know.” to a question of fact, −1 for anything else.',
    ofWorld: true,
  },
  abstention: {
    label: 'Abstaining',
    meaning: '1 for “I don’t know.” and nothing else, whatever was asked.',
    ofWorld: false,
  },
  exact: {
    label: 'Exact answer',
    meaning: '1 where the answer is, letter for letter, one that the prompt came with.',
    ofWorld: false,
  },
  regex: {
    label: 'Pattern',
    meaning: 'How often a regular expression is found in the answer.',
    ofWorld: false,
  },
  length: {
    label: 'Length',
    meaning: '0 at the wanted number of tokens, −1 where it is missed by as much again.',
    ofWorld: false,
  },
}

export const newReward = (kind: RewardKind): RewardDraft => ({
  kind,
  weight: 1,
  checkpoint: null,
  pattern: kind === 'regex' ? 'a' : '',
  most: 10,
  target: 12,
})

/** A source that a run had, to be changed. */
export const draftOf = (source: RewardSource): RewardDraft => ({ ...newReward(source.kind), ...source })

/** What decides which rewards can be had. */
export interface RewardSurroundings {
  /** Reward models that can score, the one that fits best first. */
  readonly models: readonly CheckpointSummary[]
  /** Of the starter world that the start was made from; null = other texts. */
  readonly world: number | null
  /** There was a reward model, and its run was removed. */
  readonly lost: boolean
}

type Level = Verdict['level']

/** One that nobody measured may be good; one that is measured red is not. */
const trust = (level: Level | undefined): number =>
  level === undefined ? 2 : { green: 0, amber: 1, red: 3 }[level]

/**
 * The usable reward models: of the start's own lineage first, then by what their reports say of them, then newest first,
 * in each run the best first.
 * @param verdicts by checkpoint
 */
export function orderedModels(
  start: CheckpointSummary | undefined,
  models: readonly CheckpointSummary[],
  verdicts: ReadonlyMap<string, Level>,
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): CheckpointSummary[] {
  const ownRuns = new Set(
    runs
      .filter(run => start && descentOf(run, checkpoints, runs).some(each => each.id === start.run))
      .map(run => run.id),
  )
  const newest = [...new Set(models.map(model => model.run))]
  return [...models].sort(
    (a, b) =>
      Number(ownRuns.has(b.run)) - Number(ownRuns.has(a.run)) ||
      trust(verdicts.get(a.id)) - trust(verdicts.get(b.id)) ||
      newest.indexOf(a.run) - newest.indexOf(b.run) ||
      Number(b.best) - Number(a.best) ||
      b.step - a.step,
  )
}

/** Until a person chooses: the reward model, also where it is gone since; else the truth, else nothing. */
export function proposedRewards({ models, world, lost }: RewardSurroundings): RewardDraft[] {
  if (models.length > 0 || lost) return [newReward('reward-model')]
  return world === null ? [] : [newReward('truth')]
}

export const modelOf = (
  reward: Pick<RewardDraft, 'checkpoint'>,
  { models }: Pick<RewardSurroundings, 'models'>,
): CheckpointSummary | undefined =>
  reward.checkpoint === null ? models[0] : models.find(model => model.id === reward.checkpoint)

/** What is wrong with one source, as a sentence; null = nothing. */
export function rewardProblem(reward: RewardDraft, around: RewardSurroundings): string | null {
  const { label, ofWorld } = rewardKinds[reward.kind]
  if (ofWorld && around.world === null)
    return `${label}: only the starter world knows what is true, and this model was not made from it.`
  if (reward.kind === 'reward-model' && !modelOf(reward, around))
    return around.lost && around.models.length === 0
      ? 'The reward model is gone, as its run was removed: restore it in Runs, train one in phase 3, or reward something else.'
      : reward.checkpoint === null
        ? 'There is no reward model yet: train one in phase 3, or reward something else.'
        : 'The chosen reward model is gone: choose another.'
  for (const { field, name, low, high, whole } of numbersOf(reward.kind)) {
    const value = reward[field]
    if (typeof value !== 'number') return `${label}: a number is needed as ${name}.`
    if (value < low || value > high || (whole && !Number.isInteger(value)))
      return `${label}: ${name} must be a ${whole ? 'whole ' : ''}number from ${withMinus(String(low))} to ${formatCount(high)}.`
  }
  const parsed = v.safeParse(rewardSource, sourceOf(reward, around))
  if (!parsed.success) return `${label}: the pattern ${parsed.issues[0].message}.`
  if (reward.kind === 'regex' && !compiles(reward.pattern))
    return `${label}: “${reward.pattern}” is no regular expression.`
  return null
}

interface NumberRule {
  readonly field: 'weight' | 'most' | 'target'
  readonly name: string
  readonly low: number
  readonly high: number
  readonly whole: boolean
}

/** As the contract's rewardSource bounds them. */
const numbersOf = (kind: RewardKind): readonly NumberRule[] => [
  { field: 'weight', name: 'weight', low: -1000, high: 1000, whole: false },
  ...(kind === 'regex'
    ? [{ field: 'most', name: 'most that counts', low: 1, high: 1000, whole: true } as const]
    : kind === 'length'
      ? [{ field: 'target', name: 'wanted length', low: 1, high: 4096, whole: true } as const]
      : []),
]

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, 'gu')
    return true
  } catch {
    return false
  }
}

/** What the core is asked for. The draft has no problem. */
export function sourceOf(reward: RewardDraft, around: RewardSurroundings): RewardSource {
  const weight = reward.weight as number
  const { kind } = reward
  switch (kind) {
    case 'reward-model':
      return { kind, checkpoint: modelOf(reward, around)!.id, weight }
    case 'regex':
      return { kind, pattern: reward.pattern, most: reward.most as number, weight }
    case 'length':
      return { kind, target: reward.target as number, weight }
    default:
      return { kind, weight }
  }
}

/** The first thing that is wrong with the list; null = nothing. */
export function rewardsProblem(rewards: readonly RewardDraft[], around: RewardSurroundings): string | null {
  if (rewards.length === 0) return 'Choose what answers are rewarded for.'
  return rewards.map(each => rewardProblem(each, around)).find(problem => problem !== null) ?? null
}

/** `2 · truth + 1 · “a”, at most 10`. */
export const rewardsText = (sources: readonly RewardSource[], modelName: string | null): string =>
  sources
    .map(source => {
      const { label } = rewardKinds[source.kind]
      const what =
        source.kind === 'reward-model'
          ? (modelName ?? label)
          : source.kind === 'regex'
            ? `/${source.pattern}/, at most ${source.most}`
            : source.kind === 'length'
              ? `${source.target} tokens`
              : label.toLowerCase()
      return source.weight === 1 ? what : `${formatNumber(source.weight, 2)} · ${what}`
    })
    .join(' + ')
