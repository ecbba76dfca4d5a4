// The mask in figures.
import { expect, test } from 'vitest'
import {
  hasEmptyResponse,
  maskCounts,
  maskSentence,
} from '../../../../src-renderer/ui/features/sft/mask/mask-counts.ts'

const piece = { id: 1, text: 'a', bytes: [97], special: false }
const xray = (trained: boolean[], contextLength: number | null = 64, leftOut = 0) => ({
  pieces: trained.map(() => piece),
  trained,
  leftOut,
  contextLength,
  problem: null,
})

test('tokens, those in the loss, and how many responses they are in', () => {
  const two = xray([false, false, true, true, false, true])
  expect(maskCounts(two)).toEqual({ tokens: 6, trained: 3, responses: 2 })
  expect(maskSentence(two)).toBe(
    '6 tokens, 3 of them trained (50%) in 2 responses; the context of 64 takes 65, the last as a target only.',
  )
})

test('a conversation without an answer trains nothing, and an unknown context is not made up', () => {
  expect(maskSentence(xray([false], null))).toBe('1 token, 0 of them trained (0%) in 0 responses.')
  expect(maskSentence(xray([], null))).toBe('0 tokens, 0 of them trained in 0 responses.')
})

test('of a very long row it is said that only its beginning is drawn', () => {
  expect(maskSentence(xray([false, true], 64, 998))).toBe(
    'The first 2 of 1,000 are drawn: 2 tokens, 1 of them trained (50%) in 1 response; the context of 64 takes 65, the last as a target only.',
  )
})

test('a response without a word is told apart from one that says something', () => {
  const talk = (content: string) => [
    { role: 'user' as const, content: '' },
    { role: 'assistant' as const, content },
  ]
  expect(hasEmptyResponse(talk(' \n'))).toBe(true)
  expect(hasEmptyResponse(talk('The Sun.'))).toBe(false)
})
