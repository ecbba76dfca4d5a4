// Conversations with real checkpoints on the real engine: columns, branches, attempts, stopping, and what is kept.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../../src-main/core/database/open.ts'
import { listComparisons } from '../../../src-main/core/database/queries/comparisons.ts'
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

it('a column reads its own answers to the prompts before, as one text that goes on', async () => {
  const conversation = await create(column(first), column(second, { maxTokens: 5 }))
  const before = await send(conversation, 'who ')
  const [own, other] = answersOf(await chat.settled(conversation))
  const turn = await send(conversation, 'where ', before, 11)
  const shown = await chat.settled(conversation)
  expect(shown.turns.map(({ id }) => id)).toEqual([before, turn])
  const read = { 0: own!, 1: other! }
  for (const answer of shown.turns[1]!.answers) {
    const { text, stopped } = read[answer.column as 0 | 1]
    expect(stopped).toBe('length')
    const continued = await call('generation.start', {
      generation: `check-${answer.column}`,
      checkpoint: answer.checkpoint,
      text: `who ${text}\nwhere `,
      sampling: { ...answer.sampling, seed: 11 },
    })
    expect(answer.text).toBe(continued.text)
  }
})

it('an edited prompt is a branch, and each branch is shown to its newest end', async () => {
  const conversation = await create(column(first, { maxTokens: 2 }))
  const root = await send(conversation, 'one')
  await chat.settled(conversation)
  const a = await send(conversation, 'two', root)
  await chat.settled(conversation)
  const aa = await send(conversation, 'three', a)
  await chat.settled(conversation)
  const b = await send(conversation, 'two, edited', root)
  const shown = await chat.settled(conversation)
  expect(shown.turns.map(({ id, branches }) => [id, branches])).toEqual([
    [root, [root]],
    [b, [a, b]],
  ])
  await call('chat.change', { conversation, turn: a })
  const path = async () => (await call('chat.show', { conversation })).turns.map(({ id }) => id)
  expect(await path()).toEqual([root, a, aa])
  const other = await send(conversation, 'one, edited')
  expect(await path()).toEqual([other])
  await call('chat.change', { conversation, turn: root })
  // The newest of the branches that follow.
  expect(await path()).toEqual([root, b])
  await chat.settled(conversation)
  expect((await call('chat.list', {}))[0]).toMatchObject({ id: conversation, turns: 5, title: 'one' })
})

it('another attempt takes the settings of now and is what later turns read, until another is chosen', async () => {
  const conversation = await create(column(first, { maxTokens: 6 }))
  const turn = await send(conversation, 'who ')
  const [attempt1] = answersOf(await chat.settled(conversation))
  await call('chat.change', { conversation, columns: [column(second, { maxTokens: 4 })] })
  const { answer } = await call('chat.regenerate', { turn, column: 0, seed: 3 })
  const [attempt2] = answersOf(await chat.settled(conversation))
  expect(attempt2).toMatchObject({
    id: answer,
    attempt: 2,
    attempts: 2,
    attemptIds: [attempt1!.id, answer],
    checkpoint: second,
    seed: 3,
    tokenCount: 4,
  })
  const next = async () => {
    await send(conversation, 'and ', turn, 5)
    return answersOf(await chat.settled(conversation)).at(-1)!.text
  }
  const afterSecond = await next()
  await call('chat.choose', { answer: attempt1!.id })
  expect(answersOf(await call('chat.show', { conversation }))[0]).toMatchObject({
    id: attempt1!.id,
    checkpoint: first,
    attempts: 2,
  })
  expect(await next()).not.toBe(afterSecond)
  await call('chat.choose', { answer })
  expect(await next()).toBe(afterSecond)
})

it('tokens stream in order, at most some twenty times a second, and together are the text', async () => {
  const conversation = await create(
    column(first, { maxTokens: 2900, temperature: 0 }),
    column(second, { maxTokens: 2700, temperature: 0 }),
  )
  const startedMs = performance.now()
  await send(conversation, 'a ')
  const answers = answersOf(await chat.settled(conversation))
  const seconds = (performance.now() - startedMs) / 1000
  for (const { id, text, tokenCount } of answers) {
    const pushes = chat.pushes.filter(push => push.answer === id)
    expect(pushes.map(push => push.text).join('')).toBe(text)
    const tokens = pushes.flatMap(push => push.tokens)
    expect(tokens).toHaveLength(tokenCount)
    let from = 0
    for (const push of pushes) {
      expect(push.from).toBe(from)
      from += push.tokens.length
    }
    // Its states besides.
    expect(pushes.length).toBeLessThan(seconds * 20 + 6)
    expect(pushes.length).toBeGreaterThan(4)
    expect([...new Set(pushes.map(push => push.state))].filter(state => state !== 'loading')).toEqual([
      'waiting',
      'writing',
      'done',
    ])
    const stored = (await call('chat.tokens', { answer: id })).tokens
    expect(stored.map(({ piece }) => piece)).toEqual(tokens.map(({ piece }) => piece))
    expect(Math.abs(stored[5]!.logProb - tokens[5]!.logProb)).toBeLessThan(1e-4)
  }
  // The two took turns: neither waited for the other to end.
  const order = chat.pushes.filter(({ tokens, conversation: id }) => id === conversation && tokens.length > 0)
  expect(new Set(order.slice(0, 4).map(push => push.column)).size).toBe(2)
})

it('each column is stopped alone, keeps what it has written, and the others go on', async () => {
  const long = { maxTokens: 100_000, temperature: 0 }
  const conversation = await create(
    column(first, long),
    column(second, { maxTokens: 30, temperature: 0 }),
    column(second, long),
  )
  const turn = await send(conversation, 'a ')
  await chat.heard(push => push.turn === turn && push.column === 0 && push.tokens.length > 0)
  await call('chat.stop', { turn, column: 0 })
  await chat.heard(push => push.turn === turn && push.column === 1 && push.state === 'done')
  const meanwhile = await call('chat.show', { conversation })
  expect(meanwhile.turns[0]!.answers[2]!.state).toBe('writing')
  expect(meanwhile.turns[0]!.answers[2]!.tokens.length).toBe(meanwhile.turns[0]!.answers[2]!.tokenCount)
  await call('chat.stop', { turn })
  const answers = answersOf(await chat.settled(conversation))
  expect(answers.map(({ state, stopped }) => [state, stopped])).toEqual([
    ['done', 'stopped'],
    ['done', 'length'],
    ['done', 'stopped'],
  ])
  expect(answers[0]!.text).not.toBe('')
  expect(answers[0]!.tokenCount).toBeGreaterThan(0)
  await call('chat.stop', { turn })
})

it('nothing is sent after an answer that is still being written, nor into what is not there', async () => {
  const conversation = await create(column(first, { maxTokens: 100_000, temperature: 0 }))
  const turn = await send(conversation, 'a ')
  await expect(send(conversation, 'b', turn)).rejects.toThrow('still being written')
  await expect(call('chat.regenerate', { turn, column: 0, seed: 1 })).rejects.toThrow('still being written')
  await expect(call('chat.vote', { turn, vote: { outcome: 'tie', blind: false } })).rejects.toThrow(
    'still being written',
  )
  await expect(call('chat.regenerate', { turn, column: 3, seed: 1 })).rejects.toThrow('there is no column 4')
  const elsewhere = await create(column(first))
  await expect(send(elsewhere, 'b', turn)).rejects.toThrow(`there is no turn ${turn} in this conversation`)
  await expect(call('chat.change', { conversation: elsewhere, turn })).rejects.toThrow('there is no turn')
  await expect(call('chat.show', { conversation: 'chat-x' })).rejects.toThrow(
    'there is no conversation chat-x',
  )
  await expect(call('chat.tokens', { answer: 10_000 })).rejects.toThrow('there is no answer 10000')
  await call('chat.remove', { conversation })
  await expect(send(conversation, 'b')).rejects.toThrow('was removed')
  // Removing stops what is written.
  expect(answersOf(await chat.settled(conversation))).toMatchObject([{ state: 'done', stopped: 'stopped' }])
  await call('chat.restore', { conversation })
  await send(conversation, 'b')
  await call('chat.stop', { turn: (await call('chat.show', { conversation })).turns[0]!.id })
  await chat.settled(conversation)
})

it('a column whose checkpoint is gone fails with the reason, and the others answer', async () => {
  const conversation = await create(column(first), column('run-gone-step-00000001'), column(second))
  const turn = await send(conversation, 'a ')
  const answers = answersOf(await chat.settled(conversation))
  expect(answers).toMatchObject([
    { state: 'done', error: null },
    {
      state: 'failed',
      text: '',
      checkpointName: 'run-gone-step-00000001',
      error: { code: 'not-found', what: 'there is no checkpoint run-gone-step-00000001' },
    },
    { state: 'done' },
  ])
  // What has not been answered is no part of what the column reads.
  await call('chat.change', { conversation, columns: [column(first), column(first), column(second)] })
  await send(conversation, 'who ', turn)
  const [, after] = (await chat.settled(conversation)).turns[1]!.answers
  const alone = await create(column(first), column(first))
  await send(alone, 'who ')
  expect(after!.text).toBe(answersOf(await chat.settled(alone))[1]!.text)
})

it('finds conversations by title, prompt and answer, and takes no sign for more than itself', async () => {
  const conversation = await create(column(first, { maxTokens: 3 }))
  await send(conversation, 'is 100%_of it \\ true?\nsecond lîne')
  const [answer] = answersOf(await chat.settled(conversation))
  const found = async (search: string) =>
    (await call('chat.list', { search })).some(({ id }) => id === conversation)
  expect(await found('100%_OF')).toBe(true)
  expect(await found('100__of')).toBe(false)
  expect(await found('it \\ true')).toBe(true)
  expect(await found('SECOND LÎNE')).toBe(true)
  expect(await found(answer!.text.trim().slice(0, 3))).toBe(true)
  expect((await call('chat.show', { conversation })).title).toBe('is 100%_of it \\ true?')
  await call('chat.change', { conversation, title: 'Percentages' })
  expect(await found('percentages')).toBe(true)
  await call('chat.remove', { conversation })
  const summary = (await call('chat.list', {})).find(({ id }) => id === conversation)
  expect(summary).toMatchObject({ title: 'Percentages', turns: 1 })
  expect(summary!.removedAt).not.toBeNull()
})

it('a removed conversation is gone for good with the next start, branches and attempts with it; votes on it stay', async () => {
  const conversation = await create(column(first), column(second))
  const kept = await create(column(first))
  const turn = await send(conversation, 'one')
  await chat.settled(conversation)
  await send(conversation, 'two', turn)
  await chat.settled(conversation)
  await send(conversation, 'another two', turn)
  await chat.settled(conversation)
  await call('chat.regenerate', { turn, column: 0, seed: 3 })
  await chat.settled(conversation)
  expect(await call('chat.vote', { turn, vote: { outcome: 1, blind: false } })).toEqual({ comparisons: 1 })
  await call('chat.remove', { conversation })
  await chat.reopen()
  const left = (await call('chat.list', {})).map(({ id }) => id)
  expect(left).toContain(kept)
  expect(left).not.toContain(conversation)
  await expect(call('chat.restore', { conversation })).rejects.toThrow('there is no conversation')
  const { db } = openDatabase(join(chat.path, 'andromeda.db'))
  try {
    const orphans = 'SELECT count(*) FROM chat_turns WHERE conversation NOT IN (SELECT id FROM conversations)'
    expect(db.prepare(orphans).pluck().get()).toBe(0)
    expect(listComparisons(db)).toHaveLength(1)
  } finally {
    db.close()
  }
})
