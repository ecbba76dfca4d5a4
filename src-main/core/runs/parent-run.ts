// The model that a later phase starts from.
import { LabError } from '../../../src-shared/contract/errors.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import { getRun, type Run } from '../database/queries/runs.ts'
import type { RunParts } from './training-session.ts'

/**
 * The run whose weights are gone on with.
 * @throws LabError `not-found`, `bad-input` for a model that cannot answer through the chat template
 */
export function parentRun(
  { context, tokenizers }: Pick<RunParts, 'context' | 'tokenizers'>,
  checkpoint: string,
): Run {
  const run = getRun(context.workspace.db, getCheckpoint(context.workspace.db, checkpoint).run)
  if (run.phase === 'reward')
    throw new LabError({
      code: 'bad-input',
      what: 'a reward model scores texts and writes none',
      where: 'checkpoint',
      fix: 'start from a model that writes: a base or a fine-tuned one',
    })
  if (tokenizers.summary(run.tokenizer!).kind === 'foreign')
    throw new LabError({
      code: 'bad-input',
      what: 'the tokenizer of this model has no roles',
      where: 'checkpoint',
      fix: 'start from a model whose tokenizer was trained here',
    })
  return run
}
