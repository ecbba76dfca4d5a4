// A checkpoint as something to be asked: its model, its tokenizer, and the run that it comes from.
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import { absolute } from '../checkpoints/layout.ts'
import { requireWell, verifyFolder } from '../checkpoints/verify.ts'
import type { CoreContext } from '../context.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import { getRun, type Run } from '../database/queries/runs.ts'
import type { Tokenizers } from '../tokenizers/tokenizers.ts'

export interface CheckpointModel {
  readonly run: Run
  readonly tokenizer: Tokenizer
}

/** @throws LabError `not-found`; `damaged` with the file that does not verify */
export async function checkpointModel(
  { workspace }: CoreContext,
  tokenizers: Tokenizers,
  checkpoint: string,
): Promise<CheckpointModel> {
  const row = getCheckpoint(workspace.db, checkpoint)
  if (row.status !== 'verified') {
    // Read again: the person is told which file it is, and files that came back are used.
    const folder = absolute(workspace, row.folder)
    const { problems } = await verifyFolder(folder, checkpoint, row.manifestSha256)
    requireWell(checkpoint, folder, problems)
  }
  const run = getRun(workspace.db, row.run)
  return { run, tokenizer: await tokenizers.get(run.tokenizer!) }
}
