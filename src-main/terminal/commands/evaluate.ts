// evaluate: how surprised a checkpoint is by a text.
import type { TerminalCommand } from '../command.ts'
import { readTextFile } from '../read-text-file.ts'
import { fields } from '../text.ts'
import { findCheckpoint } from './checkpoint.ts'

export const evaluate: TerminalCommand<{ checkpoint?: string; text: string }> = {
  name: 'evaluate',
  summary: 'loss and bits per byte of a checkpoint on a text',
  engine: () => 'node',
  declare: command =>
    void command
      .requiredOption('--text <file>', 'a UTF-8 text file')
      .option('--checkpoint <checkpoint>', 'id; by default the newest'),
  async run(session, _, { checkpoint: given, text: file }) {
    const text = readTextFile(file)
    const { id } = await findCheckpoint(session, given)
    const { tokens, loss, bitsPerByte, unknownCharacters } = await session.lab.evaluateText(id, text)
    return {
      json: { tokens, loss, bitsPerByte, unknownCharacters, checkpoint: id },
      text: fields([
        ['checkpoint', id],
        ['tokens', tokens],
        ['loss', `${loss.toFixed(4)} nats per token`],
        ['bits per byte', bitsPerByte?.toFixed(4)],
        [
          'unknown',
          unknownCharacters > 0
            ? `${unknownCharacters} characters are not in the model's alphabet, so bits per byte would say nothing`
            : undefined,
        ],
      ]),
    }
  },
}
