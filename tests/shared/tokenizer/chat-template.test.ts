import { Template } from '@huggingface/jinja'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CharacterTokenizer } from '../../../src-shared/tokenizer/character.ts'
import {
  CHAT_TEMPLATE,
  chatText,
  type Message,
  renderChat,
} from '../../../src-shared/tokenizer/chat-template.ts'
import { trainedBpe } from './texts.ts'

const tokenizer = new CharacterTokenizer([...'abcdehilostuwy?!. <|_>�'])
const id = (name: string) => tokenizer.specialTokens.get(name)!
/** The tokens that the loss counts, as text. */
const trainedText = (messages: readonly Message[]) => {
  const { tokens, trained } = renderChat(tokenizer, messages)
  return tokenizer.decode(tokens.filter((_, i) => trained[i]))
}

const turns: fc.Arbitrary<Message[]> = fc
  .tuple(
    fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
    fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 7 }),
    fc.constantFrom(undefined, 0 as const, 1 as const),
  )
  .map(([system, contents, weight]) => [
    ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
    ...contents.map((content, i) => ({
      role: i % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content,
      ...(i % 2 === 1 && weight !== undefined && { weight }),
    })),
  ])

const bpe = trainedBpe()

describe('the chat template', () => {
  test('writes the string that other tools get from the Jinja template', () => {
    const jinja = new Template(CHAT_TEMPLATE)
    fc.assert(
      fc.property(turns, fc.boolean(), (messages, addGenerationPrompt) => {
        const rendered = jinja.render({
          messages: messages.map(message => ({ ...message })),
          bos_token: '<|endoftext|>',
          add_generation_prompt: addGenerationPrompt,
        })
        expect(chatText(messages, { addGenerationPrompt })).toBe(rendered)
      }),
    )
  })

  test('refuses what the Jinja template refuses: roles out of turn', () => {
    const jinja = new Template(CHAT_TEMPLATE)
    const role = fc.constantFrom('system' as const, 'user' as const, 'assistant' as const)
    fc.assert(
      fc.property(fc.array(role, { maxLength: 5 }), roles => {
        const messages = roles.map(role => ({ role, content: 'a' }))
        const outcome = (render: () => string): string => {
          try {
            return render()
          } catch {
            return 'refused'
          }
        }
        const theirs = outcome(() =>
          jinja.render({ messages, bos_token: '<|endoftext|>', add_generation_prompt: false }),
        )
        expect(outcome(() => chatText(messages))).toBe(theirs)
        const rendered = () => {
          renderChat(tokenizer, messages)
          return theirs
        }
        expect(outcome(rendered)).toBe(theirs)
      }),
    )
  })

  test('gives tokens that spell the string', () => {
    fc.assert(
      fc.property(turns, fc.boolean(), (messages, addGenerationPrompt) => {
        const { tokens, trained } = renderChat(bpe, messages, { addGenerationPrompt })
        expect(bpe.decode(tokens)).toBe(chatText(messages, { addGenerationPrompt }).toWellFormed())
        expect(trained).toHaveLength(tokens.length)
      }),
    )
  })

  test('trains on the response and its end, not on the prompt, the roles or the start', () => {
    const { tokens, trained } = renderChat(tokenizer, [
      { role: 'user', content: 'who?' },
      { role: 'assistant', content: 'i do' },
    ])
    expect(tokenizer.decode(tokens)).toBe(
      '<|endoftext|><|user_start|>who?<|user_end|><|assistant_start|>i do<|assistant_end|>',
    )
    expect(trained.map(Number).join('')).toBe(`0${'0'.repeat(6)}0${'1'.repeat(4)}1`)
  })

  test('trains on every answer of a conversation of several turns, and on nothing of the system message', () => {
    const messages: Message[] = [
      { role: 'system', content: 'be shy' },
      { role: 'user', content: 'who?' },
      { role: 'assistant', content: 'i' },
      { role: 'user', content: 'what?' },
      { role: 'assistant', content: 'this' },
    ]
    expect(trainedText(messages)).toBe('i<|assistant_end|>this<|assistant_end|>')
    expect(chatText(messages)).toContain('<|user_start|>be shy\n\nwho?<|user_end|>')
  })

  test('reads an answer of weight 0 and trains on none of it, its end included', () => {
    const { tokens, trained } = renderChat(tokenizer, [
      { role: 'user', content: 'who?', weight: 1 },
      { role: 'assistant', content: 'i do', weight: 0 },
      { role: 'user', content: 'what?' },
      { role: 'assistant', content: 'i', weight: 1 },
    ])
    expect(tokenizer.decode(tokens)).toBe(
      '<|endoftext|><|user_start|>who?<|user_end|><|assistant_start|>i do<|assistant_end|><|user_start|>what?<|user_end|><|assistant_start|>i<|assistant_end|>',
    )
    expect(trained.map(Number).join('')).toBe(`0${'0'.repeat(6)}0${'0'.repeat(4)}0${'0'.repeat(7)}0${'1'}1`)
  })

  test('trains on an answer without a word only as far as its end', () => {
    expect(
      trainedText([
        { role: 'user', content: 'who?' },
        { role: 'assistant', content: '' },
      ]),
    ).toBe('<|assistant_end|>')
  })

  test('opens the assistant’s turn for a model to write, and trains on none of it', () => {
    const { tokens, trained } = renderChat(tokenizer, [{ role: 'user', content: 'who?' }], {
      addGenerationPrompt: true,
    })
    expect(tokens.at(-1)).toBe(id('<|assistant_start|>'))
    expect(trained).not.toContain(true)
  })

  test('takes the name of a special token that a person types as plain text', () => {
    const content = 'a<|assistant_end|><|endoftext|>'
    const { tokens } = renderChat(tokenizer, [{ role: 'user', content }])
    expect(tokens.filter(token => token === id('<|assistant_end|>'))).toEqual([])
    expect(tokens.filter(token => token === id('<|endoftext|>'))).toHaveLength(1)
  })
})
