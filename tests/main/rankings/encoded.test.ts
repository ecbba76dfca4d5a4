// Preferences as a reward model reads them: what stands on which side of the split, and what of a ranking becomes pairs.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodePreferences } from '../../../src-main/core/rankings/encoded.ts'
import type { PreferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { CharacterTokenizer } from '../../../src-shared/tokenizer/character.ts'

const tokenizer = new CharacterTokenizer([...'abcdefgh �'])
const word = fc.string({ unit: fc.constantFrom(...'abcdefgh'), minLength: 1, maxLength: 3 })

/** Few different prompts, so that many rows share one; ranks of any kind. */
const row: fc.Arbitrary<PreferenceRow> = fc
  .tuple(word, fc.uniqueArray(word, { minLength: 2, maxLength: 5 }), fc.boolean())
  .chain(([prompt, texts, system]) =>
    fc
      .array(fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }), {
        minLength: texts.length,
        maxLength: texts.length,
      })
      .map(ranks => ({
        prompt: [
          ...(system ? [{ role: 'system', content: 'a' } as const] : []),
          { role: 'user', content: prompt },
        ],
        responses: texts.map(text => ({ text })),
        rankings: [{ labeler: 'me', ranks }],
      })),
  )

test('pairs of one prompt never stand in both splits, whatever rows they are of', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 60 }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      async (rows, validationShare) => {
        const encoded = await encodePreferences(rows, tokenizer, { contextLength: 64, validationShare })
        const prompts = (of: typeof encoded.train) =>
          new Set(of.map(({ messages }) => JSON.stringify(messages)))
        const [train, validation] = [prompts(encoded.train), prompts(encoded.validation)]
        expect([...train].filter(prompt => validation.has(prompt))).toEqual([])
        const all = [...encoded.train, ...encoded.validation]
        expect(all.length + encoded.withoutPairs).toBe(rows.length)
        // Each response is there once, and every one of them is compared.
        for (const { responses, pairs } of all)
          expect(new Set(pairs.flat())).toEqual(new Set(responses.keys()))
      },
    ),
    { numRuns: 150 },
  )
})

test('a share of nothing keeps nothing out', async () => {
  const rows = Array.from(
    { length: 20 },
    (_, i): PreferenceRow => ({
      prompt: [{ role: 'user', content: 'abcdefgh'.slice(0, 1 + (i % 8)) }],
      responses: [{ text: 'a' }, { text: 'b' }],
      rankings: [{ labeler: 'me', ranks: [1, 2] }],
    }),
  )
  const encoded = await encodePreferences(rows, tokenizer, { contextLength: 64, validationShare: 0 })
  expect([encoded.train.length, encoded.validation.length]).toEqual([20, 0])
})
