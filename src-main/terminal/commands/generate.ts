// generate: a checkpoint continues a prompt.

import type { CheckpointSummary, LabTopics } from '../../../src-shared/contract/lab-contract.ts'
import type { TopicPayload } from '../../../src-shared/contract/method.ts'
import { chatStopTokens, renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import { count, number, type TerminalCommand } from '../command.ts'
import type { Session } from '../session.ts'
import { escapeControls } from '../text.ts'
import { findCheckpoint } from './checkpoint.ts'

interface Options {
  checkpoint?: string
  prompt: string
  maxTokens: number
  temperature: number
  topK: number
  topP: number
  seed: number
  chat?: boolean
}

export const generate: TerminalCommand<Options> = {
  name: 'generate',
  summary: 'let a checkpoint continue a prompt',
  engine: () => 'node',
  declare: command =>
    void command
      .option('--checkpoint <checkpoint>', 'id; by default the newest')
      .option('--prompt <text>', 'what it continues', '')
      .option('--max-tokens <n>', 'where it ends at the latest', count, 200)
      .option('--temperature <t>', '0 = always the likeliest token', number, 0.8)
      .option('--top-k <k>', 'only the k likeliest tokens; 0 = all', count, 0)
      .option('--top-p <p>', 'only the likeliest tokens that reach p together; 1 = all', number, 1)
      .option('--seed <seed>', 'same seed, same text', count, 1)
      .option('--chat', 'through the chat template: the assistant answers the prompt'),
  async run(session, _, { prompt, maxTokens, temperature, topK, topP, seed, chat, checkpoint: given }) {
    const checkpoint = await findCheckpoint(session, given)
    const asked = chat ? await throughTemplate(session, checkpoint, prompt) : { text: prompt }
    const generation = 'generation-1'
    let streamed = ''
    // The name of a special token, until it is known not to be the one that ends the text.
    let special = ''
    // The prompt with the first piece: until then the lines that say what is loaded may still come.
    let begun = false
    const begin = () => {
      if (!begun && !chat) session.write(escapeControls(prompt))
      begun = true
    }
    const stream = (part: string) => {
      begin()
      streamed += part
      session.write(escapeControls(part))
    }
    session.lab.subscribe((topic, payload) => {
      if (topic !== 'generation') return
      const { text, piece } = payload as TopicPayload<LabTopics, 'generation'>
      stream(special + text)
      special = piece.special ? (piece.text ?? '') : ''
    })
    const { text, tokens, logProbs, stopped, tokensPerSecond } = await session.until(
      session.call('generation.start', {
        generation,
        checkpoint: checkpoint.id,
        ...asked,
        sampling: { maxTokens, temperature, topK, topP, seed },
      }),
      () => session.call('generation.stop', { generation }),
    )
    // A character that the last token left incomplete.
    if (text.startsWith(streamed)) stream(text.slice(streamed.length))
    begin()
    session.write('\n')
    return {
      json: { text, tokens, logProbs, stopped, tokensPerSecond, checkpoint: checkpoint.id },
      // The text itself has been streamed.
      text: '',
    }
  },
}

/** The prompt as the user's turn, with the assistant to go on, until that turn ends. */
async function throughTemplate(session: Session, { run }: CheckpointSummary, prompt: string) {
  const tokenizer = await session.lab.tokenizer((await session.call('runs.show', { run })).tokenizer!)
  const { tokens } = renderChat(tokenizer, [{ role: 'user', content: prompt }], { addGenerationPrompt: true })
  return {
    text: '',
    // Every text begins with <|endoftext|> by itself.
    after: Int32Array.from(tokens.slice(1)),
    stopTokens: Int32Array.from(chatStopTokens(tokenizer)),
  }
}
