// Votes become pairs for phase 3; a conversation becomes a file in which model output stays text.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../../src-main/core/database/open.ts'
import { listComparisons } from '../../../src-main/core/database/queries/comparisons.ts'
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

/** With a file of its own: the lab's connection is the lab's. */
function comparisons() {
  const { db } = openDatabase(join(chat.path, 'andromeda.db'))
  try {
    return listComparisons(db)
  } finally {
    db.close()
  }
}
/** Answers of a turn in which the texts stand as given. */
async function conversationWith(...texts: (string | null)[]) {
  const columns = texts.map((text, i) => column(text === null ? 'gone' : i % 2 === 0 ? first : second))
  const { conversation } = await call('chat.create', { columns, system: 'be kind' })
  const { turn } = await call('chat.send', { conversation, prompt: 'where?', parent: null, seed: 1 })
  const shown = await chat.settled(conversation)
  const { db } = openDatabase(join(chat.path, 'andromeda.db'))
  for (const { id, column } of shown.turns[0]!.answers)
    if (texts[column] !== null)
      db.prepare('UPDATE chat_answers SET text = ? WHERE id = ?').run(texts[column], id)
  db.close()
  return { conversation, turn }
}
const pairs = () => comparisons().map(({ a, b, outcome }) => [a, b, outcome])
const prompt = [
  { role: 'system', content: 'be kind' },
  { role: 'user', content: 'where?' },
]

it('the best is paired with every other; equals with one another; a new vote takes the place of the old', async () => {
  const { conversation, turn } = await conversationWith('A', 'B', null, 'D')
  const vote = (outcome: number | 'tie' | 'all-bad', blind = true) =>
    call('chat.vote', { turn, vote: { outcome, blind } })
  expect(await vote(1)).toEqual({ comparisons: 2 })
  expect(comparisons()).toEqual([
    { prompt, a: 'A', aCheckpoint: first, b: 'B', bCheckpoint: second, outcome: 'b', blind: true },
    { prompt, a: 'B', aCheckpoint: second, b: 'D', bCheckpoint: second, outcome: 'a', blind: true },
  ])
  expect((await call('chat.show', { conversation })).turns[0]!.vote).toEqual({ outcome: 1, blind: true })
  expect(await vote('tie', false)).toEqual({ comparisons: 3 })
  expect(pairs()).toEqual([
    ['A', 'B', 'tie'],
    ['A', 'D', 'tie'],
    ['B', 'D', 'tie'],
  ])
  await vote('all-bad')
  expect(pairs()[0]).toEqual(['A', 'B', 'both-bad'])
  await expect(vote(2)).rejects.toThrow('column 3 has no finished answer with a text')
  expect(pairs()).toHaveLength(3)
  expect(await call('chat.vote', { turn, vote: null })).toEqual({ comparisons: 0 })
  expect(comparisons()).toEqual([])
  expect((await call('chat.show', { conversation })).turns[0]!.vote).toBeNull()
})

it('a vote on answers that are shown no longer stays as comparisons, and the turn can be voted on anew', async () => {
  const { conversation, turn } = await conversationWith('A', 'B')
  await call('chat.vote', { turn, vote: { outcome: 0, blind: false } })
  await call('chat.regenerate', { turn, column: 0, seed: 2 })
  const [answer] = (await chat.settled(conversation)).turns[0]!.answers
  expect((await call('chat.show', { conversation })).turns[0]!.vote).toBeNull()
  await call('chat.vote', { turn, vote: { outcome: 1, blind: false } })
  expect(pairs()).toEqual([
    ['A', 'B', 'a'],
    [answer!.text, 'B', 'b'],
  ])
  await call('chat.vote', { turn, vote: null })
  expect(pairs()).toEqual([['A', 'B', 'a']])
})

it('is a vote on what the answers were written after, whatever is changed or chosen since', async () => {
  const { conversation, turn } = await conversationWith('A', 'B')
  const { turn: next } = await call('chat.send', { conversation, prompt: 'and?', parent: turn, seed: 2 })
  await chat.settled(conversation)
  await call('chat.change', { conversation, system: 'be rude' })
  await call('chat.regenerate', { turn, column: 0, seed: 3 })
  const { turns } = await chat.settled(conversation)
  const [a, b] = turns[1]!.answers
  const already = comparisons().length
  await call('chat.vote', { turn: next, vote: { outcome: 0, blind: false } })
  expect(comparisons().slice(already)).toMatchObject([
    {
      prompt: [...prompt, { role: 'assistant', content: 'A' }, { role: 'user', content: 'and?' }],
      a: a!.text,
      b: b!.text,
      outcome: 'a',
    },
  ])
  await call('chat.vote', { turn: next, vote: null })
})

it('two answers with a text are needed', async () => {
  const { turn } = await conversationWith('A', ' ', null)
  await expect(call('chat.vote', { turn, vote: { outcome: 'tie', blind: false } })).rejects.toThrow(
    'no two answers to compare: expected at least 2 finished answers with a text, got 1',
  )
})

const hostile =
  '# Title\n<img src=x onerror=alert(1)>\n```\n[a](javascript:alert(1))\n````\n\u001b[31mred\u202e'

it('as Markdown, model output and names stay text, and an earlier file is never written over', async () => {
  const { conversation, turn } = await conversationWith(hostile, 'B')
  await call('chat.change', { conversation, title: '../*Best* <b>: CON|' })
  await call('chat.vote', { turn, vote: { outcome: 0, blind: true } })
  const written = await call('chat.export', { conversation, format: 'markdown' })
  expect(written.path).toBe(join(chat.path, 'exports', written.fileName))
  expect(written.fileName).toBe('Best b CON.md')
  expect(readFileSync(written.path, 'utf8')).toBe(written.text)
  const { text } = written
  expect(text).toContain(String.raw`# ..\/\*Best\* \<b\>\: CON\|`)
  expect(text).toContain(
    '`````text\n# Title\n<img src=x onerror=alert(1)>\n```\n[a](javascript:alert(1))\n````\n\\x1b[31mred\\u{202e}\n`````',
  )
  expect(text).toMatch(
    /### Column 1: Base 1, step 4\n\n`run-\w+-step-00000004`: raw continuation, temperature 1/,
  )
  expect(text).toContain('Vote: column 1, without seeing which was which.')
  expect(text).toContain('## System message\n\n```text\nbe kind\n```')
  const again = await call('chat.export', { conversation, format: 'markdown' })
  expect(again.fileName).toBe('Best b CON (2).md')
  expect(existsSync(written.path)).toBe(true)
})

it('as JSON everything is there, the tokens too; as JSON lines there are messages, one line for every column', async () => {
  const { conversation, turn } = await conversationWith(hostile, 'B', null)
  await call('chat.send', { conversation, prompt: 'and?', parent: turn, seed: 2 })
  const shown = await chat.settled(conversation)
  const json = JSON.parse((await call('chat.export', { conversation, format: 'json' })).text)
  expect(json).toMatchObject({ id: conversation, system: 'be kind', columns: shown.columns })
  expect(json.turns[0].answers[0].text).toBe(hostile)
  for (const answer of json.turns[1].answers) expect(answer.tokens).toHaveLength(answer.tokenCount)
  const model = { id: first, name: 'Base 1', run: first.replace(/-step-.*/, ''), step: 4 }
  expect(json.columns[0].model).toEqual(model)
  expect(json.turns[1].answers[0].model).toEqual(model)
  expect(json.turns[1].answers[2].model).toEqual({ id: 'gone', name: 'gone', run: 'gone', step: null })
  const { text, fileName } = await call('chat.export', { conversation, format: 'jsonl' })
  expect(fileName).toBe('where.jsonl')
  const lines = text.trimEnd().split('\n')
  expect(lines.map(line => JSON.parse(line))).toEqual(
    [0, 1].map(column => ({
      messages: [
        ...prompt,
        { role: 'assistant', content: [hostile, 'B'][column] },
        { role: 'user', content: 'and?' },
        { role: 'assistant', content: shown.turns[1]!.answers[column]!.text },
      ],
    })),
  )
})
