// A checkpoint as something to be asked: its model, its tokenizer, and the run that it comes from.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import { absolute } from '../checkpoints/layout.ts'
import { requireWell, verifyFolder } from '../checkpoints/verify.ts'
import type { CoreContext } from '../context.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import { getRun, type Run } from '../database/queries/runs.ts'
import type { EngineSupervisor } from '../engine-supervisor/engine-supervisor.ts'
import type { Tokenizers } from '../tokenizers/tokenizers.ts'
import type { Residency } from './residency.ts'

/** What asks models, whatever it asks them. */
export interface ModelParts {
  readonly context: CoreContext
  readonly tokenizers: Tokenizers
  readonly supervisor: EngineSupervisor
  readonly residency: Residency
}

export interface CheckpointModel {
  readonly run: Run
  readonly tokenizer: Tokenizer
}

/**
 * @param use whether it is to write texts or to score them
 * @throws LabError `not-found`; `bad-input` for a model of the other kind; `damaged` with the file that does not verify
 */
export async function checkpointModel(
  { workspace }: CoreContext,
  tokenizers: Pick<Tokenizers, 'get'>,
  checkpoint: string,
  use: 'write' | 'score' = 'write',
): Promise<CheckpointModel> {
  const row = getCheckpoint(workspace.db, checkpoint)
  const run = getRun(workspace.db, row.run)
  const scores = run.model.head === 'score'
  if (scores !== (use === 'score'))
    throw scores
      ? writesNothing(run.name, checkpoint)
      : new LabError({
          code: 'bad-input',
          what: `"${run.name}" writes texts and scores none`,
          where: checkpoint,
          fix: 'choose a checkpoint of phase 3',
        })
  if (row.status !== 'verified') {
    // Read again: the person is told which file it is, and files that came back are used.
    const folder = absolute(workspace, row.folder)
    const { problems } = await verifyFolder(folder, checkpoint, row.manifestSha256)
    requireWell(checkpoint, folder, problems)
  }
  return { run, tokenizer: await tokenizers.get(run.tokenizer!) }
}

/** A reward model is asked for an answer. @param name of its run */
export const writesNothing = (name: string, checkpoint: string): LabError =>
  new LabError({
    code: 'bad-input',
    what: `"${name}" is a reward model: it scores texts and writes none`,
    where: checkpoint,
    fix: 'ask the model that it started from',
  })
