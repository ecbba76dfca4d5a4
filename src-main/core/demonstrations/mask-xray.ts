// A conversation as the trainer sees it: its tokens through the chat template, and which of them the loss counts.
import { refusalOf } from '../../../src-shared/batches/sft-example.ts'
import type { ChatMessage, MaskXray } from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import type { CoreContext } from '../context.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import { getRun } from '../database/queries/runs.ts'
import { pieceOf } from '../tokenizers/pieces.ts'
import type { Tokenizers } from '../tokenizers/tokenizers.ts'

/** Tokens that are drawn: a screen shows no more, and a row may have hundreds of thousands. */
const MAX_PIECES = 20_000

/**
 * @param of a checkpoint, which gives tokenizer and context length, or a tokenizer alone
 * @throws LabError `not-found`, `damaged`; `bad-input` for roles out of turn, or neither of the two; `unsupported` for a
 *   tokenizer without roles
 */
export async function maskXray(
  { workspace }: CoreContext,
  tokenizers: Tokenizers,
  messages: readonly ChatMessage[],
  of: { checkpoint?: string | undefined; tokenizer?: string | undefined },
): Promise<MaskXray> {
  const run =
    of.checkpoint === undefined ? null : getRun(workspace.db, getCheckpoint(workspace.db, of.checkpoint).run)
  const id = run ? run.tokenizer : of.tokenizer
  if (id === undefined || id === null)
    throw new LabError({
      code: 'bad-input',
      what: 'it is not said with which tokenizer the conversation is to be read',
      fix: 'choose a checkpoint, or a tokenizer',
    })
  const tokenizer = await tokenizers.get(id)
  const rendered = renderChat(tokenizer, messages)
  const contextLength = run?.model.contextLength ?? null
  const shown = rendered.tokens.slice(0, MAX_PIECES)
  return {
    pieces: shown.map(token => pieceOf(tokenizer, token)),
    trained: rendered.trained.slice(0, MAX_PIECES),
    leftOut: rendered.tokens.length - shown.length,
    contextLength,
    problem: refusalOf(rendered, contextLength),
  }
}
