// What every phase of the demo does with its run: waits for it and reports it.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { CheckpointSummary, RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { Lab } from '../lab.ts'

/** A line for the person: what is being done now. */
export type Narrate = (line: string) => void

/** Waits for a run and takes its last checkpoint. @throws LabError when it did not finish */
export async function finished(
  lab: Lab,
  run: string,
): Promise<{ ended: RunSummary; checkpoint: CheckpointSummary }> {
  const ended = await lab.waitForRun(run)
  if (ended.status !== 'finished')
    throw new LabError({
      code: 'conflict',
      what: `the demo's run "${ended.name}" is ${ended.status}`,
      where: run,
      got: ended.reason ?? ended.status,
      fix: 'resume the run, or start the demo again',
    })
  const [checkpoint] = await lab.handlers['checkpoints.list']({ run })
  return { ended, checkpoint: checkpoint! }
}

/** What every phase reports of its run. */
export const runResult = (ended: RunSummary, checkpoint: CheckpointSummary) => ({
  run: ended.id,
  checkpoint: checkpoint.id,
  path: checkpoint.path,
  steps: ended.step,
  tokensPerSecond: ended.tokens / ended.seconds,
  weightsSha256: checkpoint.weightsSha256,
  valLoss: ended.latest.eval_loss!,
})
