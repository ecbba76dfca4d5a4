// The recipe of a reward model as it is kept over a reload or a restart, among the settings of its workspace. What an older
// version wrote is taken only as far as it still makes sense.
import * as v from 'valibot'
import { rewardFields } from '../../../../../src-shared/config/reward-config.ts'
import type { Recipe } from './recipe.ts'

const keptRecipe = v.object({
  name: v.pipe(v.string(), v.maxLength(120)),
  checkpoint: v.nullable(v.string()),
  sets: v.nullable(v.array(v.string())),
  /** What a person typed stays, even where it is wrong. */
  config: v.pipe(
    v.record(v.string(), v.unknown()),
    v.transform(values =>
      Object.fromEntries(Object.entries(values).filter(([key]) => Object.hasOwn(rewardFields, key))),
    ),
  ),
})

/** Its key among the settings. */
export const RECIPE_SETTING = 'ui.rewardRecipe'

/** null where nothing is kept, or nothing that can be read. */
export function parseKept(stored: unknown): Recipe | null {
  const kept = v.safeParse(keptRecipe, stored)
  return kept.success ? kept.output : null
}
