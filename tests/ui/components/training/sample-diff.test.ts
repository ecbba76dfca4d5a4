// Samples as the model learns: order, and what changed between two steps.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bySteps, wordDiff } from '../../../../src-renderer/ui/components/training/sample-diff.ts'

const sample = (step: number, prompt: number, text = '') => ({ step, prompt, promptText: `p${prompt}`, text })

describe('samples by step', () => {
  test('stand newest on top, prompts in their order', () => {
    const groups = bySteps([sample(100, 1), sample(200, 1), sample(100, 0), sample(200, 0)])
    expect(groups.map(g => [g.step, g.samples.map(s => s.prompt)])).toEqual([
      [200, [0, 1]],
      [100, [0, 1]],
    ])
  })

  test('count once when a step was redone after an interruption, the later text standing', () => {
    expect(bySteps([sample(100, 0, 'first'), sample(100, 0, 'again')])[0]!.samples).toEqual([
      sample(100, 0, 'again'),
    ])
  })
})

describe('the word diff', () => {
  test('marks what was replaced', () => {
    expect(wordDiff('the cat sat', 'the dog sat')).toEqual([
      { kind: 'same', text: 'the ' },
      { kind: 'removed', text: 'cat' },
      { kind: 'added', text: 'dog' },
      { kind: 'same', text: ' sat' },
    ])
  })

  test('of equal texts is one part, of two empty texts none', () => {
    expect(wordDiff('same', 'same')).toEqual([{ kind: 'same', text: 'same' }])
    expect(wordDiff('', '')).toEqual([])
    expect(wordDiff('', 'new')).toEqual([{ kind: 'added', text: 'new' }])
  })

  test('loses no character of either text, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        const parts = wordDiff(before, after)
        expect(
          parts
            .filter(p => p.kind !== 'added')
            .map(p => p.text)
            .join(''),
        ).toBe(before)
        expect(
          parts
            .filter(p => p.kind !== 'removed')
            .map(p => p.text)
            .join(''),
        ).toBe(after)
      }),
    )
  })

  test('of very long texts gives up on words and shows both whole', () => {
    const long = 'w '.repeat(3000)
    expect(wordDiff(long, `${long}x`)).toEqual([
      { kind: 'removed', text: long },
      { kind: 'added', text: `${long}x` },
    ])
  })
})
