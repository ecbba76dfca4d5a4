// A recipe outlives a reload as it was, and nothing broken comes back with it.
import { expect, test } from 'vitest'
import { emptyRecipe, type Recipe } from '../../../src-renderer/ui/features/pretrain/train/recipe.ts'
import { parseKept } from '../../../src-renderer/ui/features/pretrain/train/recipe-storage.ts'

const recipe: Recipe = {
  name: 'forest',
  preset: 'starter-world',
  sources: [
    { corpus: 'a', share: 0.25 },
    { corpus: 'b', share: 0.75 },
  ],
  tokenizer: { kind: 'bpe', vocabularySize: null },
  model: { nLayer: 2 },
  // What was typed stays, even where it is no number yet.
  config: { learningRate: '3e-', samplePrompts: ['', 'O '] },
}

test('a kept recipe comes back as it was', () => {
  for (const kept of [
    { recipe, seen: ['a', 'b'] },
    { recipe: emptyRecipe, seen: null },
    { recipe: { ...recipe, tokenizer: { kind: 'existing', id: 't' } as const }, seen: [] },
  ])
    expect(parseKept(JSON.parse(JSON.stringify(kept)))).toEqual(kept)
})

test('fields that are no more are left behind', () => {
  const old = { recipe: { ...recipe, model: { nLayer: 2, nLayers: 3 } }, seen: null }
  expect(parseKept(old)?.recipe.model).toEqual({ nLayer: 2 })
})

test('what cannot be a recipe is not taken', () => {
  const wrong = [
    { ...recipe, sources: [{ corpus: 'a', share: 2 }] },
    { ...recipe, tokenizer: { kind: 'word' } },
    { ...recipe, preset: 'constructor' },
  ]
  for (const stored of [undefined, null, '', [], { recipe: {} }]) expect(parseKept(stored)).toBeNull()
  for (const each of wrong) expect(parseKept({ recipe: each, seen: null })).toBeNull()
})
