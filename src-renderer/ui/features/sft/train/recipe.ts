// The recipe of a fine-tuning to be: the base, the sets, the training. What stands in the way, and the request it becomes.
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { type LabErrorFacts, sentence } from '../../../../../src-shared/contract/errors.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { freeName } from '../../../components/training/free-name.ts'
import { ESTIMATING } from '../../../components/training/recipe-fields.ts'
import { defaultBase, possibleBases } from '../base-choice.ts'

export interface Recipe {
  readonly name: string
  /** The base; null = the best of the newest base model. */
  readonly checkpoint: string | null
  /** Ids of sets; null = those of the last run, or else the first set. */
  readonly sets: readonly string[] | null
  /** Only what differs from the defaults of sftFields. */
  readonly config: Readonly<Record<string, unknown>>
}

export const emptyRecipe: Recipe = { name: '', checkpoint: null, sets: null, config: {} }

/** The base that the recipe starts from; undefined = there is none, or the chosen one is gone. */
export const baseOf = (
  recipe: Recipe,
  checkpoints: readonly CheckpointSummary[],
): CheckpointSummary | undefined =>
  recipe.checkpoint === null
    ? defaultBase(checkpoints)
    : possibleBases(checkpoints).find(checkpoint => checkpoint.id === recipe.checkpoint)

/**
 * The sets that the recipe reads, as far as they are still there. Until the person chooses, those of the last run, or
 * else the first set with rows: neither an import nor a removal puts others in their place.
 */
export function setsOf(
  recipe: Pick<Recipe, 'sets'>,
  sets: readonly DemonstrationSet[],
  runs: readonly Pick<RunSummary, 'createdAt' | 'data'>[],
): DemonstrationSet[] {
  const live = sets.filter(set => set.removedAt === null)
  if (recipe.sets !== null) return live.filter(set => recipe.sets!.includes(set.id))
  const [last] = runs
    .flatMap(({ createdAt, data }) =>
      data.demonstrations ? [{ createdAt, sets: data.demonstrations.sets }] : [],
    )
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  const used = live.filter(set => last?.sets.some(each => each.set === set.id))
  if (used.length > 0) return used
  const [first] = live.filter(set => set.rows > 0).sort((a, b) => a.createdAt.localeCompare(b.createdAt))
  return first ? [first] : []
}

export const requestOf = (
  { config }: Pick<Recipe, 'config'>,
  base: Pick<CheckpointSummary, 'id'>,
  sets: readonly Pick<DemonstrationSet, 'id'>[],
) => ({ checkpoint: base.id, sets: sets.map(set => set.id), config: { ...config } })

const capitalized = (text: string) => text[0]!.toUpperCase() + text.slice(1)

/**
 * Why the run cannot start yet, the nearest obstacle first; null = it can.
 * @param problems what the estimate found; null while it is being made
 */
export function obstacle({
  base,
  wanted,
  sets,
  wrongField,
  problems,
}: {
  base: CheckpointSummary | undefined
  /** Whether the person chose a base themselves. */
  wanted: boolean
  sets: readonly DemonstrationSet[]
  wrongField: string | null
  problems: readonly LabErrorFacts[] | null
}): string | null {
  if (!base)
    return wanted
      ? 'The chosen base is gone: choose another.'
      : 'There is no base model yet: train one in phase 1.'
  if (sets.length === 0) return 'Choose the demonstrations to learn from.'
  if (sets.every(set => set.rows === 0)) return 'The chosen demonstrations have no row yet.'
  if (wrongField) return wrongField
  if (problems === null) return ESTIMATING
  return problems.length > 0 ? capitalized(sentence(problems[0]!)) : null
}

/** What a run is called when nobody named it: its base and that it is fine-tuned. */
export const defaultRunName = (
  base: Pick<CheckpointSummary, 'runName' | 'phase'>,
  runs: readonly Pick<RunSummary, 'name'>[],
): string =>
  freeName(base.runName.replace(/ fine-tuned( \d+)?$/, ''), ' fine-tuned', new Set(runs.map(run => run.name)))
