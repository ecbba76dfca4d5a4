// The command `chat`: one prompt with JSON, a conversation from a pipe, Ctrl+C, and answers that try to take the terminal over.
import { beforeAll, describe, expect, it } from 'vitest'
import { AnswersPrinter } from '../../../src-main/terminal/answers-printer.ts'
import type { Session } from '../../../src-main/terminal/session.ts'
import type { chatTopics } from '../../../src-shared/contract/chat-contract.ts'
import type { TopicPayload } from '../../../src-shared/contract/method.ts'
import { openTerminal, trainCrow } from './open-terminal.ts'

const windows = process.platform === 'win32'

describe('answers on the terminal', () => {
  /** A printer and what it has written. */
  function printing(...names: string[]) {
    const out: string[] = []
    const notes: string[] = []
    const session = {
      write: (text: string) => void out.push(text),
      progress: { update: () => {}, note: (text: string) => void notes.push(text) },
    } as unknown as Session
    const printer = new AnswersPrinter(session, names)
    const hear = (column: number, text: string, change: object = {}) =>
      printer.hear({
        ...{ conversation: 'c', turn: 1, answer: column + 1, column, state: 'writing', from: 0, textFrom: 0 },
        ...{ tokens: [], text, tokensPerSecond: 9, stopped: null, swapped: false, error: null },
        ...change,
      } satisfies TopicPayload<typeof chatTopics, 'chat'>)
    return { printer, hear, out: () => out.join(''), notes }
  }
  const done = { state: 'done', stopped: 'end' }

  it('what a terminal would obey is written out', async () => {
    const { printer, hear, out } = printing('one')
    hear(0, 'a\u001b]0;title\u0007')
    hear(0, '\u001b[2J\u202eb\r', done)
    await printer.ended
    expect(out()).toBe('a\\x1b]0;title\\x07\\x1b[2J\\u{202e}b\\x0d\n')
  })

  it('columns come one after another under their names, each as it is written', async () => {
    const { printer, hear, out, notes } = printing('first', 'sec\u001bond', 'third')
    hear(1, 'B')
    hear(0, 'A1')
    expect(out()).toBe('── first\nA1')
    const error = { code: 'not-found', what: 'it is gone', fix: 'look elsewhere' }
    hear(2, '', { state: 'failed', error })
    hear(0, 'A2', done)
    expect(out()).toBe('── first\nA1A2\n── sec\\x1bond\nB')
    hear(1, 'C', { state: 'done', stopped: 'length' })
    await printer.ended
    expect(out()).toBe('── first\nA1A2\n── sec\\x1bond\nBC\n── third\n\n')
    expect(notes).toEqual([
      '0 tokens · 9.0 tokens/s · ended by itself',
      '0 tokens · 9.0 tokens/s · cut off at its greatest length',
      'it is gone. Look elsewhere.',
    ])
  })
})

describe('andromeda chat', () => {
  const terminal = openTerminal()
  const { run, start } = terminal
  beforeAll(() => trainCrow(terminal, 40), 120_000)

  const chat = ['chat', '--backend', 'wasm', '--max-tokens', '9']

  it('answers one prompt, the same for the same seed, and prints what its JSON holds', async () => {
    const asked = [...chat, '--prompt', 'who are you?', '--system', 'be kind']
    const { code, out } = await run([...asked, '--json'])
    expect(code).toBe(0)
    const { answers } = JSON.parse(out)
    expect(answers).toMatchObject([{ name: 'Crow', stopped: 'length' }])
    expect(Object.keys(answers[0])).toEqual([
      ...['checkpoint', 'name', 'text', 'stopped', 'tokens', 'tokensPerSecond'],
    ])
    expect(answers[0].tokens).toHaveLength(9)
    expect((await run(asked)).out).toBe(`${answers[0].text}\n`)
    expect((await run([...asked, '--seed', '2'])).out).not.toBe(`${answers[0].text}\n`)
  })

  it('puts up to four checkpoints side by side, and says which are not there', async () => {
    const { out } = await run(['checkpoint', 'list', '--json'])
    const [{ id }] = JSON.parse(out).checkpoints
    const asked = await run([...chat, '--checkpoint', id, '--checkpoint', id, '--raw', '--prompt', 'where '])
    expect(asked.out).toMatch(/^── Crow\n(.*)── Crow\n\1$/s)
    const missing = await run([...chat, '--checkpoint', 'gone', '--prompt', 'a'])
    expect(missing).toMatchObject({ code: 1, out: '' })
    expect(missing.err).toContain('there is no checkpoint "gone"')
    const five = await run([...chat, ...Array(5).fill(['--checkpoint', id]).flat(), '--prompt', 'a'])
    expect(five).toMatchObject({ code: 2, err: 'error: --checkpoint can be given up to 4 times\n' })
    expect((await run([...chat, '--json'])).code).toBe(2)
  })

  it('goes on from prompt to prompt until it is left, and keeps the conversation', async () => {
    const { code, out, err } = await run(chat, 'who are you?\n\n/what\nwhere is it?\n/exit\nnever asked\n')
    expect(code).toBe(0)
    expect(out.endsWith('\n')).toBe(true)
    expect(err.match(/ tokens\/s/g)).toHaveLength(2)
    expect(err.match(/\/exit leaves/g)).toHaveLength(2)
    expect((await run(chat, 'the end of the pipe leaves too')).code).toBe(0)
  })

  it.skipIf(windows)('Ctrl+C stops an answer and keeps what it has written', async () => {
    const endless = ['chat', '--backend', 'wasm', '--temperature', '0', '--max-tokens', '100000', '--raw']
    const { child, ended, out } = start([...endless, '--prompt', 'where '])
    while (out() === '') await new Promise(settle => setTimeout(settle, 20))
    child.kill('SIGINT')
    const stopped = await ended
    expect(stopped.code).toBe(0)
    expect(stopped.err).toMatch(/tokens\/s · stopped/)
  })

  it('generate asks through the template too', async () => {
    const asked = ['generate', '--backend', 'wasm', '--chat', '--prompt', 'who are you?', '--max-tokens', '9']
    const json = JSON.parse((await run([...asked, '--json'])).out)
    const answered = JSON.parse((await run([...chat, '--prompt', 'who are you?', '--json'])).out)
    expect(json.tokens).toEqual(answered.answers[0].tokens)
    expect((await run(asked)).out).toBe(`${json.text}\n`)
  })
})
