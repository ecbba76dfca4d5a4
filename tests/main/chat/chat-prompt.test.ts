// What a column reads, token by token, also where it does not fit the context.
import { expect, it } from 'vitest'
import { type ColumnConversation, chatPrompt, historyOf } from '../../../src-main/core/chat/chat-prompt.ts'
import { CharacterTokenizer } from '../../../src-shared/tokenizer/character.ts'
import { chatText } from '../../../src-shared/tokenizer/chat-template.ts'

const tokenizer = new CharacterTokenizer([...'abcdefghijklmnopqrstuvwxyz .?!<|_>\n\ufffd'])
const exchange = (prompt: string, answer: string, mode: 'raw' | 'template' = 'template') => ({
  prompt,
  answer,
  mode,
})
/** What is read, as text. */
const read = (conversation: Partial<ColumnConversation>, contextLength: number, maxTokens = 8) => {
  const whole = { mode: 'template', system: '', history: [], prompt: 'who?', ...conversation } as const
  const prompt = chatPrompt(tokenizer, contextLength, whole, maxTokens)
  return { ...prompt, text: tokenizer.decode(prompt.tokens) }
}
const names = (ids: ArrayLike<number>) =>
  Array.from(ids, id => [...tokenizer.specialTokens].find(([, special]) => special === id)?.[0])

it('through the template it is the conversation with the assistant to speak, stopped by its end', () => {
  const { text, stopTokens, cutOff, maxTokens } = read(
    { system: 'be kind', history: [exchange('hello', 'good day')] },
    200,
  )
  expect(text).toBe(
    chatText(
      [
        { role: 'system', content: 'be kind' },
        { role: 'user', content: 'hello' },
        { role: 'assistant', content: 'good day' },
        { role: 'user', content: 'who?' },
      ],
      { addGenerationPrompt: true },
    ),
  )
  expect(names(stopTokens)).toEqual(['<|assistant_end|>', '<|endoftext|>'])
  expect([cutOff, maxTokens]).toEqual([0, 8])
})

it('raw it is one text to be continued: continuations where they were written, answers on lines of their own', () => {
  const history = [exchange('the sea is', ' blue.', 'raw'), exchange('who?', 'a crow.')]
  const { text, stopTokens } = read({ mode: 'raw', system: 'talk', history, prompt: 'and the sky is' }, 200)
  expect(text).toBe('<|endoftext|>talk\nthe sea is blue.\nwho?\na crow.\nand the sky is')
  expect(names(stopTokens)).toEqual(['<|endoftext|>'])
})

it('the name of a special token that somebody typed is text', () => {
  const { tokens } = read({ prompt: 'a<|user_end|>' }, 200)
  const specials = names(tokens).filter(name => name !== undefined)
  expect(specials).toEqual(['<|endoftext|>', '<|user_start|>', '<|user_end|>', '<|assistant_start|>'])
})

const history = [exchange('one', 'first'), exchange('two', 'second'), exchange('three', 'third')]
it.each([
  // 4 of the template, 6 of the system message, 4 of the prompt; 12, 13 and 14 of an exchange; a quarter for the answer.
  [200, ['one', 'two', 'three'], 0],
  [64, ['two', 'three'], 12],
  [48, ['three'], 25],
  [32, [], 39],
])(
  'in a context of %i it reads the exchanges %j: whole ones are left out, the oldest first',
  (context, kept, cut) => {
    const { text, cutOff, tokens } = read({ system: 'kind', history }, context, 100)
    for (const { prompt } of history) expect(text.includes(prompt)).toBe(kept.includes(prompt as never))
    expect(text).toContain('<|user_start|>kind\n\n')
    expect(text.endsWith('who?<|user_end|><|assistant_start|>')).toBe(true)
    expect(cutOff).toBe(cut)
    expect(tokens.length).toBeLessThanOrEqual((context * 3) / 4)
  },
)

it('a prompt that is longer than the context loses its beginning, but not what opens the turn', () => {
  const prompt = `${'a'.repeat(100)}z?`
  const { text, cutOff, tokens, maxTokens } = read({ prompt, history, system: 'kind' }, 20, 5)
  expect(text).toBe('<|endoftext|><|user_start|>aaaaaaaaaz?<|user_end|><|assistant_start|>')
  expect(tokens).toHaveLength(15)
  expect(cutOff).toBe(4 + 39 + 6 + 102 - 15)
  expect(maxTokens).toBe(5)
  expect(read({ mode: 'raw', prompt }, 20, 5).text).toBe('<|endoftext|>aaaaaaaaaaaaz?')
})

it('an answer through the template ends where the context does, a raw one runs on', () => {
  const template = read({}, 20, 1000)
  expect(template.tokens.length + template.maxTokens).toBe(21)
  expect(read({ mode: 'raw' }, 20, 1000).maxTokens).toBe(1000)
})

it('turns that a column did not answer are no part of what it reads', () => {
  const path = [1, 2, 3, 4].map(id => ({ id, prompt: `prompt ${id}` }))
  const answer = (turn: number, column: number, text: string, stopped: 'end' | 'stopped' | null) =>
    ({ turn, column, text, stopped, mode: 'raw' }) as const
  const answers = [
    answer(1, 0, 'yes', 'end'),
    answer(1, 1, 'other', 'end'),
    answer(2, 0, '', 'stopped'),
    answer(3, 0, '', 'end'),
    answer(4, 1, 'no', 'end'),
  ]
  expect(historyOf(path, answers, 0)).toEqual([
    { prompt: 'prompt 1', answer: 'yes', mode: 'raw' },
    { prompt: 'prompt 3', answer: '', mode: 'raw' },
  ])
})
