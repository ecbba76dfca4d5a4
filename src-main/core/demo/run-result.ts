// What a build tells of every run, and which of its checkpoints it goes on with.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { CheckpointSummary, RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { DemoLab } from './step.ts'

/** The newest; undefined where the run, or what it saved, was removed or is damaged. */
export const findLast = async (lab: DemoLab, run: string): Promise<CheckpointSummary | undefined> =>
  (await usable(lab, run))[0]

/** The one that the run calls its best; as `findLast` where it calls none so. */
export async function findBest(lab: DemoLab, run: string): Promise<CheckpointSummary | undefined> {
  const all = await usable(lab, run)
  return all.find(({ best }) => best) ?? all[0]
}

async function usable(lab: DemoLab, run: string): Promise<CheckpointSummary[]> {
  // Of all runs but those that were removed.
  const all = await lab.handlers['checkpoints.list']({})
  return all.filter(checkpoint => checkpoint.run === run && checkpoint.status === 'verified')
}

/** The newest. @throws LabError `not-found` where the run has none */
export async function lastCheckpoint(lab: DemoLab, run: string): Promise<CheckpointSummary> {
  return (await findLast(lab, run)) ?? gone(run)
}

/** The one that the run calls its best, by held-out answers; the newest where none was compared. @throws LabError as `lastCheckpoint` */
export async function bestCheckpoint(lab: DemoLab, run: string): Promise<CheckpointSummary> {
  return (await findBest(lab, run)) ?? gone(run)
}

function gone(run: string): never {
  throw new LabError({
    code: 'not-found',
    what: 'the run has no checkpoint any more',
    where: run,
    expected: 'the model that the build goes on with',
    fix: 'start a new build',
  })
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
