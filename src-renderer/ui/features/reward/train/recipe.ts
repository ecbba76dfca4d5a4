// The recipe of a reward model to be: the fine-tuned model, the preferences, the training. What stands in the way, and the
// request it becomes.
import { type LabErrorFacts, sentence } from '../../../../../src-shared/contract/errors.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { bestOfNewestRun, checkpointLabel, usableModels } from '../../../components/model-choice.ts'
import { visible } from '../../../components/plain-text.tsx'
import { freeName } from '../../../components/training/free-name.ts'
import { ESTIMATING } from '../../../components/training/recipe-fields.ts'

export interface Recipe {
  readonly name: string
  /** The fine-tuned checkpoint; null = the best of the newest fine-tuned model. */
  readonly checkpoint: string | null
  /** Ids of sets; null = those of the last run, or else every set that makes pairs. */
  readonly sets: readonly string[] | null
  /** Only what differs from the defaults of rewardFields. */
  readonly config: Readonly<Record<string, unknown>>
}

export const emptyRecipe: Recipe = { name: '', checkpoint: null, sets: null, config: {} }

/** The fine-tuned checkpoints that a reward model can start from: the best of each run first, the newest run first. */
export function possibleStarts(checkpoints: readonly CheckpointSummary[]): CheckpointSummary[] {
  const tuned = usableModels(checkpoints, ['sft'])
  const newest = [...new Set(tuned.map(each => each.run))]
  return tuned.sort(
    (a, b) =>
      newest.indexOf(a.run) - newest.indexOf(b.run) || Number(b.best) - Number(a.best) || b.step - a.step,
  )
}

/** A select's groups, one per run. */
export const startOptions = (checkpoints: readonly CheckpointSummary[]) =>
  [...Map.groupBy(possibleStarts(checkpoints), each => each.run).values()].map(own => ({
    group: visible(own[0]!.runName),
    items: own.map(each => ({ value: each.id, label: checkpointLabel(each) })),
  }))

/** The fine-tuned model that the recipe starts from; undefined = there is none, or the chosen one is gone. */
export const startOf = (
  recipe: Pick<Recipe, 'checkpoint'>,
  checkpoints: readonly CheckpointSummary[],
): CheckpointSummary | undefined =>
  recipe.checkpoint === null
    ? bestOfNewestRun(checkpoints, ['sft'])
    : possibleStarts(checkpoints).find(checkpoint => checkpoint.id === recipe.checkpoint)

/**
 * The sets that the recipe reads, as far as they are still there. Until the person chooses: those of the last run, or
 * else every set that makes pairs, the chat's votes among them.
 */
export function setsOf(
  recipe: Pick<Recipe, 'sets'>,
  sets: readonly PreferenceSet[],
  runs: readonly Pick<RunSummary, 'createdAt' | 'data'>[],
): PreferenceSet[] {
  const live = sets.filter(set => set.removedAt === null)
  if (recipe.sets !== null) return live.filter(set => recipe.sets!.includes(set.id))
  const [last] = runs
    .flatMap(({ createdAt, data }) => (data.preferences ? [{ createdAt, sets: data.preferences.sets }] : []))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  const used = live.filter(set => last?.sets.some(each => each.set === set.id))
  return used.length > 0 ? used : live.filter(set => set.pairs > 0)
}

export const requestOf = (
  { config }: Pick<Recipe, 'config'>,
  start: Pick<CheckpointSummary, 'id'>,
  sets: readonly Pick<PreferenceSet, 'id'>[],
) => ({ checkpoint: start.id, sets: sets.map(set => set.id), config: { ...config } })

const capitalized = (text: string) => text[0]!.toUpperCase() + text.slice(1)

/**
 * Why the run cannot start yet, the nearest obstacle first; null = it can.
 * @param problems what the estimate found; null while it is being made
 */
export function obstacle({
  start,
  wanted,
  sets,
  wrongField,
  problems,
}: {
  start: CheckpointSummary | undefined
  /** Whether the person chose a model themselves. */
  wanted: boolean
  sets: readonly PreferenceSet[]
  wrongField: string | null
  problems: readonly LabErrorFacts[] | null
}): string | null {
  if (!start)
    return wanted
      ? 'The chosen model is gone: choose another.'
      : 'There is no fine-tuned model yet: train one in phase 2.'
  if (sets.length === 0) return 'Choose the rankings to learn from.'
  if (sets.every(set => set.pairs === 0)) return 'The chosen rankings make no pair yet: rank some responses.'
  if (wrongField) return wrongField
  if (problems === null) return ESTIMATING
  return problems.length > 0 ? capitalized(sentence(problems[0]!)) : null
}

/** What a run is called when nobody named it: the model it starts from and that it rewards. */
export const defaultRunName = (
  start: Pick<CheckpointSummary, 'runName'>,
  runs: readonly Pick<RunSummary, 'name'>[],
): string => freeName(start.runName, ' reward', new Set(runs.map(run => run.name)))
