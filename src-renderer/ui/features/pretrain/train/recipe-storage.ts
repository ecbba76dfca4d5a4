// The recipe as it is kept over a reload or a restart: among the settings of its workspace, since a browser's own storage
// belongs to an address, and the lab's changes with its port. What an older version wrote is taken only as far as it still
// makes sense.
import * as v from 'valibot'
import type { Fields } from '../../../../../src-shared/config/field.ts'
import { modelFields } from '../../../../../src-shared/config/model-config.ts'
import { pretrainPresets } from '../../../../../src-shared/config/presets.ts'
import { pretrainFields } from '../../../../../src-shared/config/pretrain-config.ts'
import type { Recipe } from './recipe.ts'

export interface KeptRecipe {
  readonly recipe: Recipe
  /** Corpora that the recipe has met; null = none yet. */
  readonly seen: readonly string[] | null
}

/** Values of fields that there are; what a person typed stays, even where it is wrong. */
const valuesOf = (fields: Fields) =>
  v.pipe(
    v.record(v.string(), v.unknown()),
    v.transform(values =>
      Object.fromEntries(Object.entries(values).filter(([key]) => Object.hasOwn(fields, key))),
    ),
  )
const keptRecipe = v.object({
  recipe: v.object({
    name: v.pipe(v.string(), v.maxLength(120)),
    preset: v.nullable(v.picklist(Object.keys(pretrainPresets))),
    sources: v.array(
      v.object({ corpus: v.string(), share: v.pipe(v.number(), v.minValue(0), v.maxValue(1)) }),
    ),
    tokenizer: v.nullable(
      v.variant('kind', [
        v.object({ kind: v.literal('existing'), id: v.string() }),
        v.object({ kind: v.literal('bpe'), vocabularySize: v.nullable(v.number()) }),
        v.object({ kind: v.literal('character') }),
      ]),
    ),
    model: valuesOf(modelFields),
    config: valuesOf(pretrainFields),
  }),
  seen: v.nullable(v.array(v.string())),
})

/** Its key among the settings. */
export const RECIPE_SETTING = 'ui.recipe'

/** null where nothing is kept, or nothing that can be read. */
export function parseKept(stored: unknown): KeptRecipe | null {
  const kept = v.safeParse(keptRecipe, stored)
  return kept.success ? kept.output : null
}
