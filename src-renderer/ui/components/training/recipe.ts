// The recipe of a run from a checkpoint: what it starts from, the sets that it learns from, the training. How it is kept,
// what stands in its way, and the request it becomes.
import * as v from 'valibot'
import type { Fields } from '../../../../src-shared/config/field.ts'
import { type LabErrorFacts, sentence } from '../../../../src-shared/contract/errors.ts'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { ESTIMATING } from './recipe-fields.ts'

export interface Recipe {
  readonly name: string
  /** The checkpoint that it starts from; null = the best of the newest run that it can start from. */
  readonly checkpoint: string | null
  /** Ids of sets; null = those of the last run, or else what its phase proposes. */
  readonly sets: readonly string[] | null
  /** Only what differs from the defaults of its phase's fields. */
  readonly config: Readonly<Record<string, unknown>>
}

export const emptyRecipe: Recipe = { name: '', checkpoint: null, sets: null, config: {} }

const keptRecipe = v.object({
  name: v.pipe(v.string(), v.maxLength(120)),
  checkpoint: v.nullable(v.string()),
  sets: v.nullable(v.array(v.string())),
  /** What a person typed stays, even where it is wrong. */
  config: v.record(v.string(), v.unknown()),
})

/**
 * The recipe as the settings of its workspace hold it. What an older version wrote is taken only as far as it still makes
 * sense: of its training, what is among `fields`; null where nothing is kept, or nothing that can be read.
 */
export function parseKept(stored: unknown, fields: Fields): Recipe | null {
  const kept = v.safeParse(keptRecipe, stored)
  if (!kept.success) return null
  const known = Object.entries(kept.output.config).filter(([key]) => Object.hasOwn(fields, key))
  return { ...kept.output, config: Object.fromEntries(known) }
}

interface ListedSet {
  readonly id: string
  readonly removedAt: string | null
}

/**
 * The sets that a recipe reads, as far as they are still there: those that the person chose, or else those of the last
 * run that read some, or else what is proposed.
 * @param usedBy sets of a run; undefined = it read none of this kind
 * @param proposed of the sets that are there
 */
export function chosenSets<S extends ListedSet>(
  recipe: Pick<Recipe, 'sets'>,
  sets: readonly S[],
  runs: readonly Pick<RunSummary, 'createdAt' | 'data'>[],
  usedBy: (data: RunSummary['data']) => readonly { readonly set: string }[] | undefined,
  proposed: (live: readonly S[]) => S[],
): S[] {
  const live = sets.filter(set => set.removedAt === null)
  if (recipe.sets !== null) return live.filter(set => recipe.sets!.includes(set.id))
  const [last] = runs
    .map(({ createdAt, data }) => ({ createdAt, sets: usedBy(data) ?? [] }))
    .filter(run => run.sets.length > 0)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  const used = live.filter(set => last?.sets.some(each => each.set === set.id))
  return used.length > 0 ? used : proposed(live)
}

export const requestOf = (
  { config }: Pick<Recipe, 'config'>,
  start: Pick<CheckpointSummary, 'id'>,
  sets: readonly Pick<ListedSet, 'id'>[],
) => ({ checkpoint: start.id, sets: sets.map(set => set.id), config: { ...config } })

/** What decides whether a run can start. */
export interface StartFacts<S> {
  start: CheckpointSummary | undefined
  /** Whether the person chose a checkpoint themselves. */
  wanted: boolean
  sets: readonly S[]
  wrongField: string | null
  /** What the estimate found; null while it is being made. */
  problems: readonly LabErrorFacts[] | null
}

/** What keeps a run from starting that has its checkpoint and its sets, the nearest obstacle first; null = nothing. */
export function trainingObstacle({
  wrongField,
  problems,
}: Pick<StartFacts<never>, 'wrongField' | 'problems'>): string | null {
  if (wrongField) return wrongField
  if (problems === null) return ESTIMATING
  const [first] = problems
  return first ? capitalized(sentence(first)) : null
}

const capitalized = (text: string) => text[0]!.toUpperCase() + text.slice(1)
