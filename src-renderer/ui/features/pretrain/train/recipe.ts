// The recipe of a run to be: sources, tokenizer, model, training. What a preset or a rung changes, what still stands in
// the way, and the request that it becomes.

import { shorterThanContext, windowTokens } from '../../../../../src-shared/batches/shorter-than-context.ts'
import { defaultsOf } from '../../../../../src-shared/config/field.ts'
import { type ModelShape, modelFields } from '../../../../../src-shared/config/model-config.ts'
import { pretrainPresets, sizeLadder } from '../../../../../src-shared/config/presets.ts'
import { pretrainFields } from '../../../../../src-shared/config/pretrain-config.ts'
import { tokensPerStep } from '../../../../../src-shared/config/train-config.ts'
import { type LabErrorFacts, sentence } from '../../../../../src-shared/contract/errors.ts'
import type {
  CorpusSummary,
  SourceRow,
  TokenizerSummary,
} from '../../../../../src-shared/contract/lab-contract.ts'
import { MAX_VOCABULARY, MIN_VOCABULARY } from '../../../../../src-shared/tokenizer/bpe-train.ts'
import { defaultVocabularySize } from '../../../../../src-shared/tokenizer/default-vocabulary-size.ts'
import {
  estimatedTokens,
  guessedBytesPerToken,
  trainingBytes,
} from '../../../../../src-shared/tokenizer/estimated-tokens.ts'
import { formatExact } from '../../../format.ts'
import type { Share } from './mixture-shares.ts'

/** A tokenizer that is there, or one to be trained on the recipe's own sources before the run. */
export type TokenizerChoice =
  | { readonly kind: 'existing'; readonly id: string }
  /** `vocabularySize` null = what suits the text. */
  | { readonly kind: 'bpe'; readonly vocabularySize: number | null }
  | { readonly kind: 'character' }

export interface Recipe {
  readonly name: string
  readonly preset: string | null
  readonly sources: readonly Share[]
  /** null until the person or a preset chose. */
  readonly tokenizer: TokenizerChoice | null
  /** Only what differs from the defaults of modelFields and pretrainFields. */
  readonly model: Readonly<Record<string, unknown>>
  readonly config: Readonly<Record<string, unknown>>
}

export const emptyRecipe: Recipe = {
  name: '',
  preset: null,
  sources: [],
  tokenizer: null,
  model: {},
  config: {},
}

type Listed = Pick<TokenizerSummary, 'id' | 'kind' | 'removedAt' | 'createdAt' | 'trainedOn'>

/**
 * What the run will be tokenized with: the choice while it exists; without one, the newest own tokenizer that was trained
 * on all the recipe's sources, else one is trained.
 */
export function tokenizerOf(recipe: Recipe, tokenizers: readonly Listed[]): TokenizerChoice {
  const { tokenizer, sources } = recipe
  const live = tokenizers.filter(t => t.removedAt === null)
  if (tokenizer && (tokenizer.kind !== 'existing' || live.some(t => t.id === tokenizer.id))) return tokenizer
  const [newest] = live
    .filter(t => t.kind !== 'foreign' && sources.every(s => t.trainedOn.includes(s.corpus)))
    .sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''))
  return newest && sources.length > 0
    ? { kind: 'existing', id: newest.id }
    : { kind: 'bpe', vocabularySize: null }
}

/** Distinct characters of an ordinary text with the special tokens: Shakespeare has 65 + 6. */
const CHARACTERS = 100

/** How many tokens the vocabulary has or will have, before it is trained. */
export function plannedVocabulary(
  choice: TokenizerChoice,
  tokenizers: readonly Pick<TokenizerSummary, 'id' | 'vocabularySize'>[],
  bytes: number,
): number {
  if (choice.kind === 'character') return CHARACTERS
  if (choice.kind === 'bpe') return choice.vocabularySize ?? defaultVocabularySize(bytes)
  return tokenizers.find(t => t.id === choice.id)?.vocabularySize ?? defaultVocabularySize(bytes)
}

/**
 * The core's row of a source with its training tokens and epochs guessed where the core cannot know them: before the
 * tokenizer is there.
 * @param drawn tokens that the run draws from this source
 */
export function withGuess(
  row: SourceRow,
  corpus: Pick<CorpusSummary, 'bytes' | 'validationBytes'>,
  choice: TokenizerChoice,
  vocabularySize: number,
  drawn: number,
): SourceRow {
  if (row.tokens !== null) return row
  const kind = choice.kind === 'character' ? 'character' : 'bpe'
  const tokens = estimatedTokens(trainingBytes(corpus), guessedBytesPerToken(kind, vocabularySize))
  return { ...row, tokens, estimated: true, epochs: tokens > 0 ? drawn / tokens : null }
}

/**
 * The first source that will not fill one window, by the guess from its bytes; those already tokenized are counted by
 * the estimate.
 */
export function tooShort(rows: readonly SourceRow[], contextLength: number): LabErrorFacts | null {
  const short = rows.find(
    row => row.estimated && row.share > 0 && row.tokens !== null && row.tokens < windowTokens(contextLength),
  )
  return short ? shorterThanContext(short.name, short.tokens!, contextLength, true).facts : null
}

/** Why a vocabulary of this size cannot be trained, or null. */
export const vocabularyProblem = (size: unknown): string | null =>
  typeof size === 'number' && Number.isInteger(size) && size >= MIN_VOCABULARY && size <= MAX_VOCABULARY
    ? null
    : `The vocabulary must be a whole number from ${formatExact(MIN_VOCABULARY)} to ${formatExact(MAX_VOCABULARY)}.`

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
export function withPreset(recipe: Recipe, key: string, tokenizers: readonly Listed[]): Recipe {
  const preset = pretrainPresets[key]
  if (!preset) return recipe
  const { kind, vocabularySize = null } = preset.tokenizer
  const now = tokenizerOf(recipe, tokenizers)
  const fits = now.kind === 'existing' && tokenizers.find(t => t.id === now.id)?.kind === kind
  return {
    ...recipe,
    preset: key,
    tokenizer: fits ? now : kind === 'bpe' ? { kind, vocabularySize } : { kind },
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

/**
 * Why the run cannot start yet, the nearest obstacle first; null = it can.
 * @param problems what the estimate found; null while it is being made
 */
export function obstacle(
  recipe: Recipe,
  problems: readonly LabErrorFacts[] | null,
  fieldProblem: string | null,
): string | null {
  if (recipe.sources.length === 0) return 'Add a text to train on first.'
  if (fieldProblem) return fieldProblem
  if (recipe.tokenizer?.kind === 'bpe' && recipe.tokenizer.vocabularySize !== null) {
    const problem = vocabularyProblem(recipe.tokenizer.vocabularySize)
    if (problem) return problem
  }
  if (!problems) return 'The estimate is still being made.'
  const [first] = problems
  return first ? capitalized(sentence(first)) : null
}

/** Always there: stands in for a tokenizer yet to be trained, with the vocabulary that one will have. */
const STAND_IN = 'gpt2'

/** The request for `pretrain.start`. Sources with no share are left out. */
export const requestOf = (recipe: Recipe, tokenizer: string) => ({
  tokenizer,
  sources: recipe.sources.filter(s => s.share > 0).map(s => ({ corpus: s.corpus, weight: s.share })),
  model: { ...recipe.model },
  config: { ...recipe.config },
})

/** The request for `pretrain.estimate`. */
export const estimateRequestOf = (recipe: Recipe, choice: TokenizerChoice, vocabularySize: number) =>
  choice.kind === 'existing'
    ? requestOf(recipe, choice.id)
    : { ...requestOf(recipe, STAND_IN), vocabularySize }
