// What is no demonstration, each with its line and the reason.
import { describe, expect, it } from 'vitest'
import {
  checkedConversation,
  requireConversation,
} from '../../../src-main/core/demonstrations/conversation.ts'
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { jsonLines, reasons } from '../row-files/made-up-rows.ts'
import { readContent } from './read-fixture.ts'

const chat = (...roles: string[]) => roles.map((role, i) => ({ role, content: `text ${i}` }))
const good = { messages: chat('user', 'assistant') }
const messages = (...given: unknown[]) => ({ messages: given })

const bad: [row: unknown, reason: string | RegExp][] = [
  ['{"messages": [', /^not JSON: /],
  [messages(), 'the conversation has no messages'],
  [{ messages: 'hello' }, '"messages" is a string, not a list of messages'],
  [messages('hello'), 'message 1 is a string, not an object'],
  [messages({ role: 'user' }), 'the content of message 1 is missing, not a string'],
  [
    messages({ role: 'user', content: [{ type: 'text' }] }),
    'the text of part 1 of message 1 is missing, not a string',
  ],
  [
    messages({ role: 'user', content: [{ type: 'text', text: 'x' }, { type: 'image_url' }] }),
    'part 2 of message 1 is of the type "image_url": only text can be learnt from',
  ],
  [messages({ role: 'user', content: ['x'] }), 'part 1 of message 1 is no part of a text: it says no type'],
  [messages({ role: 'user', content: [] }, chat('', 'assistant')[1]), "message 1, the user's, is empty"],
  [messages({ role: 'user', content: { text: 'x' } }), 'the content of message 1 is an object, not a string'],
  ['[1, 2]', 'this is a list, not an object'],
  ['null', 'this is null, not an object'],
  ['"text"', 'this is a string, not an object'],
  [messages({ content: 'x' }), 'the role of message 1 is missing'],
  [
    messages(...chat('user', 'tool', 'assistant')),
    'message 2 has the role "tool": only system, user and assistant can be learnt from',
  ],
  [
    messages(chat('user')[0], { role: 'assistant', content: '', tool_calls: [{}] }),
    'message 2 calls a tool, which cannot be learnt from',
  ],
  [
    messages(chat('user')[0], { role: 'assistant', content: 'x', weight: 0 }),
    'no token would be trained on: every answer has weight 0',
  ],
  [
    messages(chat('user')[0], { role: 'assistant', content: 'x', weight: 0.5 }),
    'the weight of message 2 is neither 0 nor 1',
  ],
  [messages(...chat('user')), 'the conversation ends with the user: there is no response to learn from'],
  [
    messages(...chat('user', 'assistant', 'user')),
    'the conversation ends with the user: there is no response to learn from',
  ],
  [messages(...chat('assistant')), "message 1 is the assistant's: there is no prompt before it"],
  [
    messages(...chat('user', 'user', 'assistant')),
    "message 2 is the user's again: user and assistant must take turns",
  ],
  [messages(...chat('user', 'system', 'assistant')), "message 2 is the system's, which may only come first"],
  [messages(...chat('system')), 'there is neither a prompt nor a response'],
  [
    messages({ role: 'user', content: 'x' }, { role: 'assistant', content: ' \n\u200b\u0007' }),
    "message 2, the assistant's, is empty",
  ],
  [
    messages({ role: 'user', content: '' }, { role: 'assistant', content: 'x' }),
    "message 1, the user's, is empty",
  ],
  [
    messages({ role: 'user', content: 'x\u0000y' }, { role: 'assistant', content: 'x' }),
    "message 1, the user's, holds a NUL",
  ],
  [
    '{"messages":[{"role":"user","content":"\\ud83d"},{"role":"assistant","content":"x"}]}',
    "message 1, the user's, holds half of a surrogate pair, which is no character",
  ],
  [
    messages({ role: 'user', content: 'x'.repeat(200_001) }, { role: 'assistant', content: 'x' }),
    "message 1, the user's, has 200001 characters, more than 200000",
  ],
  [
    messages(...Array.from({ length: 101 }, () => chat('user', 'assistant')).flat()),
    'the conversation has 202 messages, more than 200',
  ],
]

describe('a row that cannot be learnt from', () => {
  it('is rejected with its line and the reason, and the rows around it are kept', async () => {
    const read = await readContent('a.jsonl', jsonLines(good, ...bad.flatMap(([row]) => [row, good])))
    expect(read.given).toBe(bad.length + 1)
    expect(read.rejected).toBe(bad.length)
    for (const [i, [, reason]] of bad.entries()) {
      const found = read.rejections[i]!
      expect(found.line).toBe(2 * i + 2)
      if (typeof reason === 'string') expect(found.reason).toBe(reason)
      else expect(found.reason).toMatch(reason)
      expect(found.preview.length).toBeLessThanOrEqual(200)
    }
  })

  it.each<[string, unknown, unknown, string]>([
    [
      'ShareGPT',
      {
        conversations: [
          { from: 'human', value: 'q' },
          { from: 'gpt', value: 'a' },
        ],
      },
      { conversations: [{ from: 'tool', value: 'q' }] },
      'message 1 is from "tool": only system, human and gpt can be learnt from',
    ],
    [
      'ShareGPT that begins with an answer',
      {
        conversations: [
          { from: 'human', value: 'q' },
          { from: 'gpt', value: 'a' },
        ],
      },
      { conversations: [{ from: 'gpt', value: 'a' }] },
      "message 1 is the assistant's: there is no prompt before it",
    ],
    [
      'Alpaca',
      { instruction: 'i', output: 'o' },
      { instruction: 'i', input: 3, output: 'o' },
      '"input" is a number, not a string',
    ],
    [
      'Alpaca without an answer',
      { instruction: 'i', output: 'o' },
      { instruction: 'i', output: '' },
      "message 2, the assistant's, is empty",
    ],
    [
      'self-instruct',
      { instruction: 'i', instances: [{ output: 'o' }] },
      { instruction: 'i', instances: [] },
      '"instances" is empty: there is no response',
    ],
    [
      'TRL',
      { prompt: 'p', completion: 'c' },
      { prompt: 'p', completion: [] },
      '"prompt" is a string and "completion" is a list: both must be strings, or both lists of messages',
    ],
    [
      'TRL that answers with the user',
      { prompt: 'p', completion: 'c' },
      { prompt: chat('user'), completion: chat('user') },
      "message 2 is the user's again: user and assistant must take turns",
    ],
  ])('%s', async (_, fine, row, reason) => {
    expect(reasons(await readContent('a.jsonl', jsonLines(fine, row)))).toEqual([`2: ${reason}`])
  })

  it('is rejected alone, however deep it is nested', async () => {
    const deep = `{"messages": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    const read = await readContent('a.jsonl', jsonLines(good, deep, good))
    expect(reasons(read)).toEqual(['2: message 1 is a list, not an object'])
    expect(read.rows).toHaveLength(2)
  })

  it('is rejected by the same rules when it is written by hand, with a way out', () => {
    expect(() => requireConversation([{ role: 'user', content: 'x' }])).toThrow(
      'the conversation ends with the user: there is no response to learn from (messages): expected a system message if you like',
    )
  })

  it('counts messages as they stand in the file, although an empty system message is left out', () => {
    const given: ChatMessage[] = [
      { role: 'system', content: '' },
      { role: 'user', content: 'x' },
      { role: 'user', content: 'y' },
    ]
    expect(checkedConversation(given)).toEqual({
      rejected: "message 3 is the user's again: user and assistant must take turns",
    })
  })
})
