// The recipe of a run of phase 4: the fine-tuned model, the prompts, the rewards, the training, and what stands in the way.
import * as v from 'valibot'
import { ppoFields } from '../../../../../src-shared/config/ppo-config.ts'
import { ppoPresets } from '../../../../../src-shared/config/ppo-presets.ts'
import type { LabErrorFacts } from '../../../../../src-shared/contract/errors.ts'
import type {
  CheckpointSummary,
  LabMethods,
  RunSummary,
} from '../../../../../src-shared/contract/lab-contract.ts'
import type { InputOf } from '../../../../../src-shared/contract/method.ts'
import type { Advice } from '../../../../../src-shared/ppo/doctor-rule.ts'
import {
  newPrompts,
  type PromptDraft,
  type PromptSurroundings,
  promptsOf,
  promptsProblem,
} from '../../../components/prompts/prompt-draft.ts'
import { freeName } from '../../../components/training/free-name.ts'
import { changedFields, type LikeRun, promptsLike } from '../../../components/training/like-run.ts'
import { trainingObstacle } from '../../../components/training/recipe.ts'
import {
  draftOf,
  keptReward,
  type RewardDraft,
  type RewardSurroundings,
  rewardsProblem,
  sourceOf,
} from './rewards.ts'

export interface PpoRecipe {
  readonly name: string
  /** The fine-tuned checkpoint; null = the best of the newest run. */
  readonly checkpoint: string | null
  /** null = what is proposed. */
  readonly prompts: PromptDraft | null
  readonly rewards: readonly RewardDraft[] | null
  /** Only what differs from the defaults of ppoFields. */
  readonly config: Readonly<Record<string, unknown>>
}

export const emptyPpoRecipe: PpoRecipe = {
  name: '',
  checkpoint: null,
  prompts: null,
  rewards: null,
  config: {},
}

const keptPrompts = v.object({
  from: v.picklist(['text', 'demonstrations', 'files', 'starter-world']),
  text: v.string(),
  sets: v.nullable(v.array(v.string())),
  count: v.union([v.number(), v.string()]),
  constructed: v.boolean(),
})

const keptRecipe = v.object({
  name: v.pipe(v.string(), v.maxLength(120)),
  checkpoint: v.nullable(v.string()),
  prompts: v.nullable(keptPrompts),
  rewards: v.nullable(v.array(keptReward)),
  config: v.record(v.string(), v.unknown()),
})

/** The recipe as the settings of its workspace hold it; files that were picked are not held from one start to the next. */
export function parsePpoRecipe(stored: unknown): PpoRecipe | null {
  const kept = v.safeParse(keptRecipe, stored)
  if (!kept.success) return null
  const { prompts, config, ...rest } = kept.output
  return {
    ...rest,
    prompts: prompts && { ...prompts, files: [] },
    config: Object.fromEntries(Object.entries(config).filter(([key]) => Object.hasOwn(ppoFields, key))),
  }
}

/** Enough that few prompts come twice in a run of the usual size. */
const USUAL_PROMPTS = ppoPresets['starter-world']!.prompts!

/** Until a person chooses: the starter world where the model was made from it, else demonstrations, else typed ones. */
export function proposedPrompts({ demonstrations, world }: PromptSurroundings): PromptDraft {
  const some = demonstrations.some(set => set.removedAt === null && set.rows > 0)
  return newPrompts(world !== null ? 'starter-world' : some ? 'demonstrations' : 'text', USUAL_PROMPTS)
}

/**
 * The recipe that a run was started by, with one setting changed. Prompts that were not the starter world's are to be chosen
 * again: a run keeps the rows, not where they came from.
 * @param now the recipe as it stands, whose prompts stay where they may be the run's
 */
export function recipeLike(
  run: LikeRun,
  { field, value }: Advice,
  now: Pick<PpoRecipe, 'prompts'>,
): Omit<PpoRecipe, 'name'> {
  const from = run.data.ppo?.prompts.from
  const prompts = promptsLike(run)
  return {
    checkpoint: run.parentCheckpoint,
    prompts:
      prompts || now.prompts?.from !== from
        ? from
          ? newPrompts(from, prompts?.count ?? USUAL_PROMPTS)
          : null
        : now.prompts,
    rewards: run.data.ppo?.rewards.map(draftOf) ?? null,
    config: { ...changedFields(ppoFields, run.config), [field]: value },
  }
}

export interface PpoSurroundings extends PromptSurroundings, RewardSurroundings {}

/** What is wrong with prompts or rewards, as a sentence; null = the core can be asked. */
export const dataProblem = (
  prompts: PromptDraft,
  rewards: readonly RewardDraft[],
  around: PpoSurroundings,
): string | null => {
  const wrong = promptsProblem(prompts, around)
  return wrong ? `${wrong}.` : rewardsProblem(rewards, around)
}

/** What the core is asked for. Prompts and rewards have no problem. */
export const ppoRequestOf = (
  { config }: Pick<PpoRecipe, 'config'>,
  start: Pick<CheckpointSummary, 'id'>,
  prompts: PromptDraft,
  rewards: readonly RewardDraft[],
  around: PpoSurroundings,
): InputOf<LabMethods['ppo.estimate']> => ({
  checkpoint: start.id,
  prompts: promptsOf({ ...prompts, constructed: false }, around),
  rewards: rewards.map(each => sourceOf(each, around)),
  config: { ...config },
})

/** Why the run cannot start yet, the nearest obstacle first; null = it can. */
export function ppoObstacle(facts: {
  start: CheckpointSummary | undefined
  /** Whether the person chose a checkpoint themselves. */
  wanted: boolean
  data: string | null
  wrongField: string | null
  /** What the estimate found; null while it is being made. */
  problems: readonly LabErrorFacts[] | null
}): string | null {
  if (!facts.start)
    return facts.wanted
      ? 'The chosen model is gone: choose another.'
      : 'There is no fine-tuned model yet: train one in phase 2.'
  return facts.data ?? trainingObstacle(facts)
}

/** What a run is called when nobody named it: the model that it starts from. */
export const defaultPpoName = (
  start: Pick<CheckpointSummary, 'runName'>,
  runs: readonly Pick<RunSummary, 'name'>[],
): string => freeName(start.runName, ' RLHF', new Set(runs.map(run => run.name)))
