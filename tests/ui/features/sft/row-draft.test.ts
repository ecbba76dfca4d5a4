// The editor's draft: what was written in turns becomes the same messages again, and what is missing is named.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  draftOf,
  draftProblem,
  emptyTurn,
  messagesOf,
  newDraft,
  rowName,
  sameDraft,
  turnsOf,
} from '../../../../src-renderer/ui/features/sft/demonstrations/row-draft.ts'
import { rowOf } from '../../sft-shapes.ts'

const system = { role: 'system', content: 'You are terse.' } as const
const user = { role: 'user', content: 'Who rules?' } as const
const assistant = { role: 'assistant', content: ' Henry.\r\n' } as const

describe('a draft', () => {
  test('becomes the messages it was made of, byte for byte, whatever they hold', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 })
    const turns = fc.array(fc.tuple(text, text, fc.boolean()), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fc.option(text), turns, (system, turns) => {
        const messages = [
          ...(system === null ? [] : [{ role: 'system' as const, content: system }]),
          ...turns.flatMap(([prompt, response, isTrained]) => [
            { role: 'user' as const, content: prompt },
            { role: 'assistant' as const, content: response, ...(!isTrained && { weight: 0 as const }) },
          ]),
        ]
        expect(messagesOf(turnsOf(messages))).toEqual(messages)
      }),
    )
  })

  test('shows a prompt that nobody answered yet beside an empty response', () => {
    expect(turnsOf([system, user, assistant, user])).toEqual({
      system: 'You are terse.',
      turns: [
        { prompt: 'Who rules?', response: ' Henry.\r\n' },
        { prompt: 'Who rules?', response: '' },
      ],
    })
    expect(turnsOf([]).turns).toEqual([emptyTurn])
  })

  test('is the same as its row until something is changed, and again when it is changed back', () => {
    const opened = draftOf('set', rowOf([user, assistant]))
    const changed = { ...opened, tags: [] }
    expect(sameDraft(opened, { ...opened })).toBe(true)
    expect(sameDraft(opened, changed)).toBe(false)
    expect(sameDraft(opened, { ...changed, tags: ['kings'] })).toBe(true)
    expect(sameDraft(opened, { ...opened, system: '' })).toBe(false)
  })

  test('says which field is still empty, in the order they are written', () => {
    const turn = { prompt: 'a', response: 'b' }
    const problem = (system: string | null, ...turns: { prompt: string; response: string }[]) =>
      draftProblem({ system, turns })
    expect(draftProblem(newDraft('set'))).toMatchObject({ field: 'prompt', turn: 0 })
    expect(problem(null, turn)).toBeNull()
    expect(problem(' ', turn)).toMatchObject({ field: 'system' })
    expect(problem(null, turn, { prompt: 'c', response: '\n' })).toEqual({
      field: 'response',
      turn: 1,
      sentence: 'Response 2 is empty: write what the model is to answer.',
    })
  })

  test('says which message is too long, and by how much', () => {
    const long = 'x'.repeat(200_001)
    const turns = [
      { prompt: 'a', response: 'b' },
      { prompt: 'c', response: long },
    ]
    expect(draftProblem({ system: 's', turns })).toMatchObject({
      field: 'response',
      turn: 1,
      sentence: 'A message holds at most 200,000 characters; this one has 200,001.',
    })
    expect(draftProblem({ system: long, turns: [turns[0]!] })).toMatchObject({ field: 'system', turn: 0 })
  })

  test('has a number from 1, as people count', () => {
    expect([0, 999].map(rowName)).toEqual(['1', '1,000'])
  })
})
