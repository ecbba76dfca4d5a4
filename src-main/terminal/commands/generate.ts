// generate: a checkpoint continues a prompt.

import type { LabTopics } from '../../../src-shared/contract/lab-contract.ts'
import type { TopicPayload } from '../../../src-shared/contract/method.ts'
import { count, number, type TerminalCommand } from '../command.ts'
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
      .option('--seed <seed>', 'same seed, same text', count, 1),
  async run(session, _, { prompt, maxTokens, temperature, topK, topP, seed, checkpoint: given }) {
    const checkpoint = await findCheckpoint(session, given)
    const generation = 'generation-1'
    let streamed = ''
    // The prompt with the first piece: until then the lines that say what is loaded may still come.
    let begun = false
    const begin = () => {
      if (!begun) session.write(escapeControls(prompt))
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
      stream(piece.special ? text + (piece.text ?? '') : text)
    })
    const { text, tokens, logProbs, stopped, tokensPerSecond } = await session.until(
      session.call('generation.start', {
        generation,
        checkpoint: checkpoint.id,
        text: prompt,
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
