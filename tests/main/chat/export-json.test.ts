// The JSON of a conversation is read by programs and by people: no byte of it is there twice.
import { expect, test } from 'vitest'
import { conversationJson } from '../../../src-main/core/chat/export-json.ts'
import type { WrittenToken } from '../../../src-shared/contract/chat-contract.ts'
import { answer, conversation, turn } from '../../ui/features/chat/chat-shapes.ts'

const piece = (id: number, text: string | null, bytes: number[], special = false) => ({
  id,
  text,
  bytes,
  special,
})
const tokens: WrittenToken[] = [
  {
    piece: piece(7, ' "tokens": [', [32]),
    logProb: -0.30000001192092896,
    alternatives: [{ piece: piece(9, null, [0xc3]), logProb: -2.5 }],
  },
  { piece: piece(256, '<|endoftext|>', [], true), logProb: 0, alternatives: [] },
]
const factsOf = (id: string) => ({ id, name: 'base', run: 'run-1', step: 9 })
const text = conversationJson(
  conversation([turn({ prompt: '"tokens": [\n', answers: [answer({ tokens })] })]),
  factsOf,
)

test('every token is one line, its bytes only where they are no text, and each model has its run and step', () => {
  const json = JSON.parse(text)
  expect(json.turns[0].prompt).toBe('"tokens": [\n')
  const [shown] = json.turns[0].answers
  expect(shown.model).toEqual({ id: 'base-9', name: 'base', run: 'run-1', step: 9 })
  expect(shown.tokens).toEqual([
    {
      piece: { id: 7, text: ' "tokens": [' },
      logProb: -0.3,
      alternatives: [{ piece: { id: 9, bytes: [0xc3] }, logProb: -2.5 }],
    },
    { piece: { id: 256, text: '<|endoftext|>', special: true }, logProb: 0, alternatives: [] },
  ])
  expect(text.split('\n').filter(line => line.includes('"piece"'))).toHaveLength(2)
})

test('what holds no token is printed as JSON usually is', () => {
  const bare = conversation([turn({ answers: [answer({ attemptIds: [] })] })])
  const printed = conversationJson(bare, factsOf)
  expect(printed).toBe(`${JSON.stringify(JSON.parse(printed), null, 2)}\n`)
})
