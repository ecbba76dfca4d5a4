import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packedBatch } from '../../../src-shared/batches/sft-batch.ts'
import { exampleOf, refusalOf } from '../../../src-shared/batches/sft-example.ts'
import { CharacterTokenizer } from '../../../src-shared/tokenizer/character.ts'
import { type Message, renderChat } from '../../../src-shared/tokenizer/chat-template.ts'

const tokenizer = new CharacterTokenizer([...'abcdefghijklmnopqrstuvwxyz?!. �'])
const conversation = (...contents: string[]): Message[] =>
  contents.map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content }))
const render = (...contents: string[]) => renderChat(tokenizer, conversation(...contents))
/** Every input token with the target after it; `·` where none counts. */
const spelled = ({ tokens, targets }: { tokens: Int32Array; targets: Int32Array }) =>
  Array.from(tokens, (token, i) => [
    tokenizer.decode([token]),
    targets[i]! < 0 ? '·' : tokenizer.decode([targets[i]!]),
  ])

describe('a demonstration as a training example', () => {
  test('has a target wherever the next token is the response’s or its end (by hand)', () => {
    expect(spelled(exampleOf(render('hi', 'yo')))).toEqual([
      ['<|endoftext|>', '·'],
      ['<|user_start|>', '·'],
      ['h', '·'],
      ['i', '·'],
      ['<|user_end|>', '·'],
      ['<|assistant_start|>', 'y'],
      ['y', 'o'],
      ['o', '<|assistant_end|>'],
    ])
  })

  test('counts every answer of a conversation (by hand)', () => {
    const { targets } = exampleOf(render('a', 'b', 'c', 'd'))
    expect(tokenizer.decode([...targets].filter(target => target >= 0))).toBe(
      'b<|assistant_end|>d<|assistant_end|>',
    )
  })

  test('counts no answer of weight 0, and not its end (by hand)', () => {
    const [a, b, c, d] = conversation('a', 'b', 'c', 'd')
    expect(spelled(exampleOf(renderChat(tokenizer, [a!, { ...b!, weight: 0 }, c!, d!])))).toEqual([
      ['<|endoftext|>', '·'],
      ['<|user_start|>', '·'],
      ['a', '·'],
      ['<|user_end|>', '·'],
      ['<|assistant_start|>', '·'],
      ['b', '·'],
      ['<|assistant_end|>', '·'],
      ['<|user_start|>', '·'],
      ['c', '·'],
      ['<|user_end|>', '·'],
      ['<|assistant_start|>', 'd'],
      ['d', '<|assistant_end|>'],
    ])
  })

  test('is refused when nothing would be trained on, or when the answer would be cut off', () => {
    const rendered = render('hi', 'yo')
    expect(refusalOf(rendered, 8)).toBeNull()
    expect(refusalOf(rendered, null)).toBeNull()
    expect(refusalOf(rendered, 7)).toBe(
      "9 tokens do not fit the model's context of 7, which takes 8, the last as a target only: the answer would be cut off",
    )
    expect(refusalOf(render('hi'), 99)).toMatch('no token would be trained on')
    const unweighted = conversation('hi', 'yo').map(message => ({ ...message, weight: 0 as const }))
    expect(refusalOf(renderChat(tokenizer, unweighted), 99)).toMatch('no token would be trained on')
  })
})

describe('a batch of packed examples', () => {
  const words = fc.string({ unit: fc.constantFrom(...'abc'), maxLength: 9 })
  const examples = fc.array(
    fc.tuple(words, words).map(([a, b]) => exampleOf(render(a, b))),
    { maxLength: 3 },
  )

  test('holds each example as it is alone, says where it begins, and counts nothing else', () => {
    fc.assert(
      fc.property(fc.array(examples, { minLength: 1, maxLength: 4 }), rows => {
        const length = 75
        const { tokens, targets, segmentStarts, padding, batchSize } = packedBatch(rows, length, 1)
        expect(batchSize).toBe(rows.length)
        let padded = 0
        for (const [r, row] of rows.entries()) {
          let at = 0
          for (const example of row) {
            const [from, to] = [r * length + at, r * length + at + example.tokens.length]
            expect(tokens.slice(from, to)).toEqual(example.tokens)
            expect(targets.slice(from, to)).toEqual(example.targets)
            expect(new Set(segmentStarts.slice(from, to))).toEqual(new Set([at]))
            at += example.tokens.length
          }
          for (; at < length; at++, padded++) {
            expect(targets[r * length + at]).toBe(-1)
            expect(segmentStarts[r * length + at]).toBe(at)
          }
        }
        expect(padding).toBe(padded)
      }),
    )
  })
})
