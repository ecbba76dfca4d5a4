// The recipe: presets and rungs change what they name and nothing else; what stands in the way is said before the start.
import { describe, expect, test } from 'vitest'
import {
  roughTime,
  tokensPerParameterRemark,
} from '../../../src-renderer/ui/components/training/rough-time.ts'
import {
  emptyRecipe,
  estimateRequestOf,
  obstacle,
  plannedTokens,
  plannedVocabulary,
  type Recipe,
  requestOf,
  rungOf,
  tokenizerOf,
  tooShort,
  vocabularyProblem,
  withGuess,
  withPreset,
  withRung,
} from '../../../src-renderer/ui/features/pretrain/train/recipe.ts'
import { rungRow } from '../../../src-renderer/ui/features/pretrain/train/size-rungs.ts'
import { sizeLadder } from '../../../src-shared/config/presets.ts'
import type { Estimate, SourceRow } from '../../../src-shared/contract/lab-contract.ts'

const recipe: Recipe = { ...emptyRecipe, sources: [{ corpus: 'shakespeare', share: 1 }] }
const tokenizer = (id: string, kind: 'bpe' | 'character' | 'foreign', createdAt = '2026-01-01') => ({
  id,
  kind,
  createdAt,
  removedAt: null as string | null,
  trainedOn: ['shakespeare'],
  vocabularySize: 576,
})
const estimate = (over: Partial<Estimate> = {}): Estimate => ({
  parameters: { embedding: 1, blocks: 2, head: 0, total: 3, matmul: 3 },
  memory: { weights: 1, optimizer: 2, activations: 3, total: 6e6, available: 1e9, fits: true },
  tokensPerStep: 1024,
  plannedTokens: 2_048_000,
  tokensPerParameter: 21,
  flops: 1,
  minutes: 4,
  problems: [],
  ...over,
})

describe('a recipe', () => {
  test('plans steps × batch × context tokens', () => {
    expect(
      plannedTokens({ ...recipe, config: { steps: 10, batchSize: 4 }, model: { contextLength: 32 } }),
    ).toBe(1280)
    expect(plannedTokens({ ...recipe, config: { steps: Number.NaN } })).toBeNull()
  })

  test('takes a preset whole and asks for its kind of tokenizer', () => {
    const char = withPreset(recipe, 'shakespeare-char-cpu', [])
    expect(char.model).toMatchObject({ nLayer: 4, nEmbd: 128, contextLength: 64 })
    expect(char.config).toMatchObject({ steps: 2000, batchSize: 12 })
    expect(char.tokenizer).toEqual({ kind: 'character' })
    expect(char.sources).toBe(recipe.sources)
  })

  test('keeps a tokenizer that the preset would train anyway', () => {
    const chosen: Recipe = { ...recipe, tokenizer: { kind: 'existing', id: 'tok-1' } }
    expect(withPreset(chosen, 'starter-world', [tokenizer('tok-1', 'bpe')]).tokenizer).toEqual(
      chosen.tokenizer,
    )
    expect(withPreset(chosen, 'starter-world', [tokenizer('tok-1', 'character')]).tokenizer).toEqual({
      kind: 'bpe',
      vocabularySize: 768,
    })
  })

  test('takes the newest tokenizer trained on all its texts, else has one trained', () => {
    const old = tokenizer('old', 'bpe', '2026-01-01')
    const newer = tokenizer('newer', 'bpe', '2026-01-02')
    const elsewhere = { ...tokenizer('elsewhere', 'bpe', '2026-01-03'), trainedOn: ['other'] }
    expect(tokenizerOf(recipe, [old, newer, elsewhere])).toEqual({ kind: 'existing', id: 'newer' })
    expect(tokenizerOf(recipe, [elsewhere])).toEqual({ kind: 'bpe', vocabularySize: null })
    expect(tokenizerOf(recipe, [{ ...old, removedAt: '2026-01-04' }])).toEqual({
      kind: 'bpe',
      vocabularySize: null,
    })
    expect(tokenizerOf({ ...recipe, tokenizer: { kind: 'existing', id: 'gone' } }, [old])).toEqual({
      kind: 'existing',
      id: 'old',
    })
  })

  test('is estimated with the vocabulary that a tokenizer yet to be trained will have', () => {
    expect(plannedVocabulary({ kind: 'bpe', vocabularySize: null }, [], 1_115_394)).toBe(1024)
    expect(plannedVocabulary({ kind: 'bpe', vocabularySize: 300 }, [], 1)).toBe(300)
    expect(estimateRequestOf(recipe, { kind: 'bpe', vocabularySize: 300 }, 300)).toMatchObject({
      vocabularySize: 300,
    })
    expect(estimateRequestOf(recipe, { kind: 'existing', id: 'tok-1' }, 300)).not.toHaveProperty(
      'vocabularySize',
    )
    expect(vocabularyProblem(262)).toBeNull()
    expect(vocabularyProblem(261)).toContain('from 262')
    expect(vocabularyProblem('')).not.toBeNull()
  })

  test('stands on the rung it took, until a field leaves it', () => {
    const medium = sizeLadder.find(r => r.name === 'medium')!
    const on = withRung({ ...recipe, model: { family: 'llama', nInner: 99 } }, medium.model)
    expect(rungOf(on)).toBe('medium')
    expect(on.model).toMatchObject({ family: 'llama', nInner: 0 })
    expect(rungOf({ ...on, model: { ...on.model, nLayer: 7 } })).toBeNull()
  })

  test('leaves sources without a share out of the request', () => {
    const two = { ...recipe, sources: [...recipe.sources, { corpus: 'none', share: 0 }] }
    expect(requestOf(two, 'tok-1').sources).toEqual([{ corpus: 'shakespeare', weight: 1 }])
  })

  test('names the nearest obstacle', () => {
    const chosen: Recipe = { ...recipe, tokenizer: { kind: 'existing', id: 'tok-1' } }
    const problem = {
      code: 'bad-input' as const,
      what: 'width 130 is not divisible by 4 heads',
      fix: 'use 128',
    }
    expect(obstacle(emptyRecipe, null, null)).toBe('Add a text to train on first.')
    expect(obstacle(chosen, null, 'Steps must be at least 1')).toBe('Steps must be at least 1')
    expect(obstacle(chosen, [problem], null)).toBe('Width 130 is not divisible by 4 heads. Use 128.')
    expect(obstacle(chosen, [], null)).toBeNull()
    expect(obstacle(chosen, null, null)).toBe('The estimate is still being made.')
    expect(obstacle({ ...recipe, tokenizer: { kind: 'bpe', vocabularySize: 9 } }, [], null)).toContain(
      'vocabulary',
    )
  })
})

describe('a source shorter than the context', () => {
  const row = (over: Partial<SourceRow> = {}): SourceRow => ({
    corpus: 'note',
    name: 'note',
    share: 1,
    bytes: 69,
    documents: 1,
    tokens: null,
    validationTokens: null,
    estimated: false,
    epochs: null,
    ...over,
  })
  const guess = (bytes: number, validationBytes = 0) =>
    withGuess(row({ bytes }), { bytes, validationBytes }, { kind: 'bpe', vocabularySize: 512 }, 512, 1000)

  test('is guessed from its training bytes until it is tokenized', () => {
    // 512 tokens compress to 1.45 + 0.45 = 1.9 bytes per token.
    expect(guess(190)).toMatchObject({ tokens: 100, estimated: true, epochs: 10 })
    expect(guess(190, 95)).toMatchObject({ tokens: 50, epochs: 20 })
    const counted = row({ tokens: 50 })
    expect(withGuess(counted, { bytes: 69, validationBytes: 0 }, { kind: 'character' }, 71, 1)).toBe(counted)
  })

  test('is said before a tokenizer is trained for it', () => {
    const short = tooShort([guess(69)], 128)!
    expect(obstacle(recipe, [short], null)).toBe(
      '"note" is shorter than the context (sources): expected at least 129 training tokens, got about 37. ' +
        'Add text, leave it out of the mixture, or use a shorter context.',
    )
    expect(tooShort([guess(69)], 36)).toBeNull()
    expect(tooShort([guess(69)], 37)).not.toBeNull()
  })

  test('does no harm without a share, and is left to the estimate once it is counted', () => {
    expect(tooShort([{ ...guess(69), share: 0 }], 128)).toBeNull()
    expect(tooShort([row({ tokens: 50 })], 128)).toBeNull()
  })
})

describe('the size ladder', () => {
  const rung = (name: string) => sizeLadder.find(r => r.name === name)!

  test('counts parameters by itself until the core has estimated a rung', () => {
    // small: 256·128 + 128·128 positions + 4·(4·128² + 2·4·128² + 9·128 + 4·128 biases … ) as countParameters has it
    const small = rungRow(recipe, rung('small'), 256, undefined)
    expect(small.chosen).toBe(true)
    expect(small.parameters).toBe(256 * 128 + 128 * 128 + 4 * (12 * 128 ** 2 + 9 * 128 + 4 * 128) + 2 * 128)
    expect(small.tokensPerParameter).toBeCloseTo((8 * 128 * 2000) / small.parameters, 9)
    expect(small.memory).toBeNull()
  })

  test('takes the figures of the core as they come in', () => {
    expect(rungRow(recipe, rung('tiny'), 256, estimate())).toMatchObject({
      parameters: 3,
      memory: 6e6,
      minutes: 4,
      tokensPerParameter: 21,
      problem: null,
    })
  })

  test('does not pretend to seconds in an estimate of minutes', () => {
    expect([0.4, 4.8, 99, 113, 47 * 60, 5000, 2_416_320].map(roughTime)).toEqual([
      '24 s',
      '5 min',
      '99 min',
      '1.9 h',
      '47 h',
      '3 d',
      '4.6 y',
    ])
  })

  test('says what tokens per parameter mean', () => {
    const words = [9.9, 10, 20, 40, 41].map(ratio => tokensPerParameterRemark(ratio).word)
    expect(words).toEqual(['too few', 'balanced', 'balanced', 'balanced', 'more than needed'])
    for (const ratio of [2, 20, 500])
      expect(tokensPerParameterRemark(ratio).sentence).toContain('About 20 tokens per parameter')
  })
})

test('a vocabulary that cannot be trained is refused with the exact limits, a fraction too', () => {
  const refusal = 'The vocabulary must be a whole number from 262 to 1,048,576.'
  for (const size of [261, 1_048_577, 1000.5, '', Number.NaN]) expect(vocabularyProblem(size)).toBe(refusal)
  for (const size of [262, 1_048_576]) expect(vocabularyProblem(size)).toBeNull()
})
