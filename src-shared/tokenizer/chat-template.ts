// The chat template: how a conversation becomes tokens, and which of them a model is trained on. The only one: for
// training, ranking, reinforcement, chat and export, and as Jinja for other tools (tokenizer_config.json).
//
//   <|endoftext|> <|user_start|> … <|user_end|> <|assistant_start|> … <|assistant_end|> <|user_start|> …
//
// A system message is put before the first user's text. The loss counts what the assistant says and its
// <|assistant_end|>, so that the model learns to stop; nothing else, and no answer of weight 0.
import { LabError } from '../contract/errors.ts'
import { specialId } from './special-id.ts'
import type { Tokenizer } from './tokenizer.ts'

export interface Message {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
  /** Of the assistant's messages, as OpenAI spells it: 0 = read, but not trained on; absent = 1. */
  readonly weight?: 0 | 1 | undefined
}

/** A turn with the system message in it, where it is the first. */
interface Turn {
  readonly role: 'user' | 'assistant'
  readonly content: string
  readonly isTrained: boolean
}

/** A conversation as tokens. */
export interface RenderedChat {
  readonly tokens: readonly number[]
  /** Same length: whether the loss counts the token, as a target. */
  readonly trained: readonly boolean[]
}

/** Between the system message and the first user's text. */
const AFTER_SYSTEM = '\n\n'

/**
 * Turns in order, the system message merged into the first.
 * @throws LabError `bad-input`: roles that are not system (optional, first), then user and assistant in turns
 */
function turnsOf(messages: readonly Message[]): Turn[] {
  const hasSystem = messages[0]?.role === 'system'
  const system = hasSystem ? messages[0]!.content + AFTER_SYSTEM : ''
  const turns = messages.slice(hasSystem ? 1 : 0)
  return turns.map(({ role, content, weight }, i) => {
    const expected = i % 2 === 0 ? 'user' : 'assistant'
    if (role !== expected)
      throw new LabError({
        code: 'bad-input',
        what: `message ${messages.length - turns.length + i + 1} is the ${role}'s`,
        where: 'messages',
        expected: `the ${expected}'s`,
        got: messages.map(message => message.role).join(', '),
        fix: 'let roles be: system (optional, first), then user and assistant in turns',
      })
    return {
      role: expected,
      content: i === 0 ? system + content : content,
      isTrained: role === 'assistant' && weight !== 0,
    }
  })
}

/** The conversation as text, as the Jinja template writes it; both know no weights. @throws LabError as `renderChat` */
export function chatText(
  messages: readonly Message[],
  { addGenerationPrompt = false }: { addGenerationPrompt?: boolean } = {},
): string {
  const turns = turnsOf(messages).map(({ role, content }) => `<|${role}_start|>${content}<|${role}_end|>`)
  return `<|endoftext|>${turns.join('')}${addGenerationPrompt ? '<|assistant_start|>' : ''}`
}

/**
 * The conversation as tokens. Contents are encoded as plain text: a special token's name typed by a person is text.
 * @param addGenerationPrompt opens the assistant's turn, for a model to write
 * @throws LabError `bad-input`: roles out of order; `unsupported`: a tokenizer without roles (GPT-2's, GPT-4's)
 */
export function renderChat(
  tokenizer: Tokenizer,
  messages: readonly Message[],
  { addGenerationPrompt = false }: { addGenerationPrompt?: boolean } = {},
): RenderedChat {
  const tokens: number[] = [specialId(tokenizer, '<|endoftext|>')]
  const trained: boolean[] = [false]
  const put = (token: number, isTrained: boolean) => {
    tokens.push(token)
    trained.push(isTrained)
  }
  for (const { role, content, isTrained } of turnsOf(messages)) {
    put(specialId(tokenizer, `<|${role}_start|>`), false)
    for (const token of tokenizer.encode(content)) put(token, isTrained)
    put(specialId(tokenizer, `<|${role}_end|>`), isTrained)
  }
  if (addGenerationPrompt) put(specialId(tokenizer, '<|assistant_start|>'), false)
  return { tokens, trained }
}

/** What ends an assistant's turn: its own end, or the end of everything. */
export const chatStopTokens = (tokenizer: Tokenizer): number[] => [
  specialId(tokenizer, '<|assistant_end|>'),
  specialId(tokenizer, '<|endoftext|>'),
]

/** The same for other tools. */
export const CHAT_TEMPLATE = `{{- bos_token -}}
{%- set turn = namespace(system='', count=0) -%}
{%- for message in messages -%}
  {%- if message['role'] == 'system' and loop.first -%}
    {%- set turn.system = message['content'] + '\\n\\n' -%}
  {%- elif message['role'] == 'user' and turn.count % 2 == 0 -%}
    {{- '<|user_start|>' + turn.system + message['content'] + '<|user_end|>' -}}
    {%- set turn.system = '' -%}
    {%- set turn.count = turn.count + 1 -%}
  {%- elif message['role'] == 'assistant' and turn.count % 2 == 1 -%}
    {{- '<|assistant_start|>' + message['content'] + '<|assistant_end|>' -}}
    {%- set turn.count = turn.count + 1 -%}
  {%- else -%}
    {{- raise_exception('roles must be: system (optional, first), then user and assistant in turns') -}}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{- '<|assistant_start|>' -}}
{%- endif -%}
`
