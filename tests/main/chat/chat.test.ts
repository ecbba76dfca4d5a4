// Conversations with real checkpoints on the real engine: columns, branches, attempts, stopping, and what is kept.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ChatAnswer, Conversation } from '../../../src-shared/contract/chat-contract.ts'
import { type ChatLab, column, openChatLab } from './chat-lab.ts'

let chat: ChatLab
let call: ChatLab['call']
let first: string
let second: string
beforeAll(async () => {
  chat = await openChatLab(2)
  call = chat.call
  ;[first, second] = chat.checkpoints as [string, string]
})
afterAll(() => chat.close())

const create = async (...columns: ReturnType<typeof column>[]) =>
  (await call('chat.create', { columns })).conversation
const send = async (conversation: string, prompt: string, parent: number | null = null, seed = 7) =>
  (await call('chat.send', { conversation, prompt, parent, seed })).turn
const answersOf = ({ turns }: Conversation): ChatAnswer[] => turns.flatMap(turn => turn.answers)

it('every column answers a prompt with its own checkpoint and the seed of the turn', async () => {
  const conversation = await create(
    column(first),
    column(second),
    column(first, { mode: 'template' }),
    column(first),
  )
  const turn = await send(conversation, 'where is the boat? ')
  const shown = await chat.settled(conversation)
  expect(shown.title).toBe('where is the boat?')
  expect(shown.turns).toMatchObject([{ id: turn, parent: null, seed: 7, branches: [turn], vote: null }])
  const answers = answersOf(shown)
  expect(answers).toMatchObject([
    { column: 0, checkpoint: first, checkpointName: 'Base 1', mode: 'raw', attempt: 1, attempts: 1 },
    { column: 1, checkpoint: second, checkpointName: 'Base 2' },
    { column: 2, mode: 'template' },
    { column: 3 },
  ])
  for (const { state, text, tokenCount, tokensPerSecond, cutOff } of answers) {
    expect(state).toBe('done')
    expect(text).not.toBe('')
    expect(tokenCount).toBeGreaterThan(0)
    expect(tokensPerSecond).toBeGreaterThan(0)
    expect(cutOff).toBe(0)
  }
  expect(answers[3]!.text).toBe(answers[0]!.text)
  expect(new Set(answers.map(({ text }) => text)).size).toBe(3)
  const { tokens } = await call('chat.tokens', { answer: answers[0]!.id })
  expect(tokens).toHaveLength(answers[0]!.tokenCount)
  for (const { alternatives, logProb, piece } of tokens) {
    expect(alternatives).toHaveLength(6)
    expect(alternatives[0]!.logProb).toBeGreaterThanOrEqual(logProb)
    const same = alternatives.find(other => other.piece.id === piece.id)
    if (same) expect(same).toEqual({ piece, logProb })
  }
})
