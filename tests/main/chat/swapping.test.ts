// Checkpoints that do not fit together are swapped in turn, and whoever waits can be stopped; endings are kept honestly.
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openDatabase } from '../../../src-main/core/database/open.ts'
import type { ChatAnswer, Conversation } from '../../../src-shared/contract/chat-contract.ts'
import { type ChatLab, column, openChatLab } from './chat-lab.ts'

let chat: ChatLab
let call: ChatLab['call']
let checkpoints: readonly string[]
beforeAll(async () => {
  chat = await openChatLab(3)
  call = chat.call
  checkpoints = chat.checkpoints
})
afterAll(() => chat.close())
beforeEach(() => call('chat.residency', { models: null }))

const endless = { maxTokens: 100_000, temperature: 0 }
const start = async (...columns: ReturnType<typeof column>[]) => {
  const { conversation } = await call('chat.create', { columns })
  const { turn } = await call('chat.send', { conversation, prompt: 'a ', parent: null, seed: 1 })
  return { conversation, turn }
}
const answersOf = ({ turns }: Conversation): ChatAnswer[] => turns.flatMap(turn => turn.answers)
const statesOf = (turn: number, column: number) =>
  chat.pushes
    .filter(push => push.turn === turn && push.column === column)
    .map(({ state }) => state)
    .filter((state, i, all) => state !== all[i - 1])

it('as many as fit stay loaded: what was asked before answers without loading', async () => {
  expect(await call('chat.residency', {})).toEqual({ models: null })
  const columns = checkpoints.map(checkpoint => column(checkpoint))
  await chat.settled((await start(...columns)).conversation)
  const { conversation, turn } = await start(...columns)
  expect(answersOf(await chat.settled(conversation)).map(({ swapped }) => swapped)).toEqual([
    false,
    false,
    false,
  ])
  for (const i of [0, 1, 2]) expect(statesOf(turn, i)).toEqual(['waiting', 'writing', 'done'])
})

it('where one fits, columns write one after another, swapped, and say so; the texts stay the same', async () => {
  const columns = [0, 1, 2, 0].map(i => column(checkpoints[i]!))
  const together = answersOf(await chat.settled((await start(...columns)).conversation))
  expect(await call('chat.residency', { models: 1 })).toEqual({ models: 1 })
  const { conversation, turn } = await start(...columns)
  const swapped = answersOf(await chat.settled(conversation))
  expect(swapped.map(({ text, stopped }) => [text, stopped])).toEqual(
    together.map(({ text, stopped }) => [text, stopped]),
  )
  // Whichever was left from before, at least two of three have to take its place.
  expect(swapped.filter(answer => answer.swapped).length).toBeGreaterThanOrEqual(2)
  for (const [i, answer] of swapped.entries())
    if (answer.swapped) expect(statesOf(turn, i)).toEqual(['waiting', 'loading', 'writing', 'done'])
  const writers = chat.pushes.filter(push => push.turn === turn && push.tokens.length > 0)
  const order = writers
    .map(push => checkpoints.indexOf(columns[push.column]!.checkpoint))
    .filter((model, i, all) => model !== all[i - 1])
  expect(order).toHaveLength(3)
})

it('a column that waits for room is stopped at once, and takes no turn', async () => {
  await call('chat.residency', { models: 1 })
  const holder = await start(column(checkpoints[0]!, endless))
  await chat.heard(push => push.turn === holder.turn && push.tokens.length > 0)
  const { conversation, turn } = await start(column(checkpoints[1]!), column(checkpoints[2]!))
  await new Promise(resolve => setTimeout(resolve, 100))
  await call('chat.stop', { turn, column: 0 })
  await chat.heard(push => push.turn === turn && push.column === 0 && push.state === 'done')
  const [first, second] = answersOf(await call('chat.show', { conversation }))
  expect(first).toMatchObject({ state: 'done', stopped: 'stopped', text: '', tokenCount: 0 })
  expect(second!.state).toBe('waiting')
  expect((await call('chat.show', holder)).turns[0]!.answers[0]!.state).toBe('writing')
  await call('chat.stop', { turn: holder.turn })
  const ended = answersOf(await chat.settled(conversation))
  expect(ended[1]).toMatchObject({ state: 'done', swapped: true })
  expect(ended[1]!.text).not.toBe('')
})

it('a text of the playground takes its turn too, and does not disturb one that is being written', async () => {
  await call('chat.residency', { models: 1 })
  const { conversation, turn } = await start(column(checkpoints[0]!, endless))
  await chat.heard(push => push.turn === turn && push.tokens.length > 0)
  const next = call('completion.next', {
    checkpoint: checkpoints[1]!,
    text: 'a ',
    temperature: 1,
    topK: 0,
    topP: 1,
    count: 3,
  })
  const winner = await Promise.race([
    next.then(() => 'asked'),
    new Promise(resolve => setTimeout(resolve, 200, 'writing')),
  ])
  expect(winner).toBe('writing')
  await call('chat.stop', { turn })
  expect((await next).next).toHaveLength(3)
  expect(answersOf(await chat.settled(conversation))).toMatchObject([{ stopped: 'stopped', error: null }])
})

it('a run trains while the chat answers', async () => {
  const [base] = await call('runs.list', {})
  const { run } = await call('pretrain.start', {
    tokenizer: base!.tokenizer!,
    sources: base!.data.sources.map(({ corpus, weight }) => ({ corpus, weight })),
    model: { nLayer: 1, nHead: 2, nEmbd: 16, contextLength: 32 },
    config: { steps: 100_000, batchSize: 2, evalBatches: 1, sampleTokens: 2 },
  })
  while ((await call('runs.show', { run })).step < 2) await new Promise(resolve => setTimeout(resolve, 50))
  const { conversation } = await start(column(checkpoints[0]!), column(checkpoints[1]!))
  for (const { state, text } of answersOf(await chat.settled(conversation))) {
    expect(state).toBe('done')
    expect(text).not.toBe('')
  }
  expect((await call('runs.show', { run })).status).toBe('running')
  await call('runs.stop', { run })
  await chat.lab.waitForRun(run)
})

it('a lost engine fails what it was writing, with what was written; the next prompt is answered', async () => {
  const { conversation, turn } = await start(column(checkpoints[0]!, endless))
  await chat.heard(push => push.turn === turn && push.tokens.length > 0)
  await chat.engine.stop()
  const [answer] = answersOf(await chat.settled(conversation))
  expect(answer).toMatchObject({ state: 'failed', error: { code: 'engine-lost' } })
  expect(answer!.text).not.toBe('')
  const again = await start(column(checkpoints[0]!))
  expect(answersOf(await chat.settled(again.conversation))).toMatchObject([{ state: 'done' }])
})

it('what is being written when the app closes is kept, and said to have been stopped', async () => {
  const { conversation, turn } = await start(column(checkpoints[0]!, endless))
  await chat.heard(push => push.turn === turn && push.tokens.length > 0)
  await chat.reopen()
  const [answer] = answersOf(await call('chat.show', { conversation }))
  expect(answer).toMatchObject({ state: 'done', stopped: 'stopped', error: null })
  expect(answer!.text).not.toBe('')
  expect((await call('chat.tokens', { answer: answer!.id })).tokens).toHaveLength(answer!.tokenCount)
})

it('an answer that a crash cut off says so after the restart, and what was saved of it stays', async () => {
  const { conversation } = await start(column(checkpoints[0]!), column(checkpoints[1]!))
  const before = answersOf(await chat.settled(conversation))
  await chat.lab.close()
  const { db } = openDatabase(join(chat.path, 'andromeda.db'))
  db.prepare("UPDATE chat_answers SET state = 'writing', stopped = NULL WHERE id = ?").run(before[0]!.id)
  db.close()
  await chat.reopen()
  expect(answersOf(await call('chat.show', { conversation }))).toMatchObject([
    {
      state: 'failed',
      text: before[0]!.text,
      error: { what: 'the app ended while this answer was being written' },
    },
    before[1]!,
  ])
  const [turn] = (await call('chat.show', { conversation })).turns
  await call('chat.regenerate', { turn: turn!.id, column: 0, seed: 1 })
  expect(answersOf(await chat.settled(conversation))[0]).toMatchObject({
    state: 'done',
    text: before[0]!.text,
  })
})

it('a long answer is saved while it is written: a crash costs its last seconds', async () => {
  const { conversation, turn } = await start(column(checkpoints[0]!, endless))
  const saved = () => {
    const { db } = openDatabase(join(chat.path, 'andromeda.db'))
    try {
      const row = db.prepare('SELECT state, text FROM chat_answers WHERE turn = ?').get(turn)
      return row as { state: string; text: string }
    } finally {
      db.close()
    }
  }
  await expect.poll(() => saved().text, { timeout: 20_000 }).not.toBe('')
  expect(saved().state).toBe('writing')
  await call('chat.stop', { turn })
  const [answer] = answersOf(await chat.settled(conversation))
  expect(answer!.text.startsWith(saved().text.slice(0, 50))).toBe(true)
})
