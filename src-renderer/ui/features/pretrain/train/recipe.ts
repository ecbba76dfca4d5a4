// The recipe of a run to be: sources, tokenizer, model, training. What a preset or a rung changes, what still stands in
// the way, and the request that it becomes.

import { defaultsOf } from '../../../../../src-shared/config/field.ts'
import { type ModelShape, modelFields } from '../../../../../src-shared/config/model-config.ts'
import { pretrainPresets, sizeLadder } from '../../../../../src-shared/config/presets.ts'
import { pretrainFields, tokensPerStep } from '../../../../../src-shared/config/pretrain-config.ts'
import { sentence } from '../../../../../src-shared/contract/errors.ts'
import type { Estimate } from '../../../../../src-shared/contract/lab-contract.ts'
import type { Share } from './mixture-shares.ts'

/** A tokenizer that is there, or one to be trained on the recipe's own sources before the run. */
export type TokenizerChoice =
  | { readonly kind: 'existing'; readonly id: string }
  | { readonly kind: 'train'; readonly level: 'bpe' | 'character'; readonly vocabularySize: number }

export interface Recipe {
  readonly name: string
  readonly preset: string | null
  readonly sources: readonly Share[]
  readonly tokenizer: TokenizerChoice
  /** Only what differs from the defaults of modelFields and pretrainFields. */
  readonly model: Readonly<Record<string, unknown>>
  readonly config: Readonly<Record<string, unknown>>
}

export const emptyRecipe: Recipe = {
  name: '',
  preset: null,
  sources: [],
  tokenizer: { kind: 'train', level: 'bpe', vocabularySize: 1024 },
  model: {},
  config: {},
}

/**
 * A vocabulary that suits a text: about one entry per kilobyte, in powers of two from 512 to 8,192. A small model
 * spends most of its parameters on a large vocabulary, and rare entries are hardly ever trained.
 */
export function suggestedVocabulary(bytes: number): number {
  const size = 2 ** Math.round(Math.log2(Math.max(1, bytes / 1024)))
  return Math.min(8192, Math.max(512, size))
}

export const modelOf = (recipe: Pick<Recipe, 'model'>) => ({ ...defaultsOf(modelFields), ...recipe.model })
export const configOf = (recipe: Pick<Recipe, 'config'>) => ({
  ...defaultsOf(pretrainFields),
  ...recipe.config,
})

/** Tokens the run will read; null while a field it depends on is not a number. */
export function plannedTokens(recipe: Recipe): number | null {
  const config = configOf(recipe)
  const tokens = tokensPerStep(config, modelOf(recipe).contextLength) * config.steps
  return Number.isFinite(tokens) && tokens > 0 ? tokens : null
}

/** Takes a preset's model and training whole; its tokenizer is trained anew unless one of that kind is chosen already. */
export function withPreset(recipe: Recipe, key: string, chosenKind: string | null, bytes: number): Recipe {
  const preset = pretrainPresets[key]
  if (!preset) return recipe
  const { kind, vocabularySize = suggestedVocabulary(bytes) } = preset.tokenizer
  return {
    ...recipe,
    preset: key,
    tokenizer:
      recipe.tokenizer.kind === 'existing' && chosenKind === kind
        ? recipe.tokenizer
        : { kind: 'train', level: kind, vocabularySize },
    model: { ...preset.model },
    config: { ...preset.config },
  }
}

export type RungShape = Pick<ModelShape, 'nLayer' | 'nHead' | 'nEmbd' | 'contextLength'>

/** Takes a rung's shape; the family and everything else stays. */
export const withRung = (recipe: Recipe, shape: RungShape): Recipe => ({
  ...recipe,
  preset: null,
  model: { ...recipe.model, ...shape, nKvHead: 0, nInner: 0 },
})

/** The rung that the recipe stands on, by its shape. */
export function rungOf(recipe: Recipe): string | null {
  const model = modelOf(recipe)
  const same = sizeLadder.find(({ model: rung }) =>
    (Object.keys(rung) as (keyof RungShape)[]).every(key => rung[key] === model[key]),
  )
  return same?.name ?? null
}

const capitalized = (text: string) => text[0]!.toUpperCase() + text.slice(1)

/** Why the run cannot start yet, the nearest obstacle first; null = it can. */
export function obstacle(
  recipe: Recipe,
  estimate: Estimate | null,
  fieldProblem: string | null,
): string | null {
  if (recipe.sources.length === 0) return 'Add a text to train on first.'
  if (fieldProblem) return fieldProblem
  if (recipe.tokenizer.kind === 'train') return null
  if (!estimate) return 'Estimating …'
  const [first] = estimate.problems
  return first ? capitalized(sentence(first)) : null
}

/** The request for `pretrain.estimate` and `pretrain.start`. Sources with no share are left out. */
export const requestOf = (recipe: Recipe, tokenizer: string) => ({
  tokenizer,
  sources: recipe.sources.filter(s => s.share > 0).map(s => ({ corpus: s.corpus, weight: s.share })),
  model: { ...recipe.model },
  config: { ...recipe.config },
})
