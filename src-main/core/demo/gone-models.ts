// What a build has made and still needs, but has no more: found before a step is begun, not an hour later where it is missed.
import type { BuildStatus } from '../../../src-shared/contract/build-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { findLast } from './run-result.ts'
import type { DemoLab, DemoMade } from './step.ts'

/** Until the last step is through each is needed: it answers in the evaluation, or judges, and the report tells of it. */
const models = [
  { step: 'pretrain', run: 'pretrainRun', title: 'base model' },
  { step: 'sft', run: 'sftRun', title: 'fine-tuned model' },
  { step: 'reward', run: 'rewardRun', title: 'reward model' },
  { step: 'ppo', run: 'ppoRun', title: 'RLHF model' },
] as const satisfies readonly { step: DemoMade['done'][number]; run: keyof DemoMade; title: string }[]

/** Models of steps that are through, without a checkpoint that verifies; null = none. */
export async function goneModels(lab: DemoLab, made: DemoMade): Promise<BuildStatus['gone']> {
  const gone: { run: string; title: string }[] = []
  for (const { step, run: key, title } of models) {
    const run = made[key]
    if (run && made.done.includes(step) && !(await findLast(lab, run))) gone.push({ run, title })
  }
  if (gone.length === 0) return null
  const removed = (await lab.handlers['runs.list']({})).filter(({ removedAt }) => removedAt !== null)
  const canBeRestored = gone.every(({ run }) => removed.some(({ id }) => id === run))
  const [are, them] = gone.length === 1 ? ['is', 'it'] : ['are', 'them']
  const runs = gone.map(({ run }) => run)
  return {
    error: {
      code: 'not-found',
      what: `the ${gone.map(({ title }) => title).join(' and the ')} of this build ${are} gone, and the rest needs ${them}`,
      where: runs.join(', '),
      fix: `${canBeRestored ? `restore ${them} and go on, or ` : ''}start a new build`,
    },
    restorable: canBeRestored ? runs : [],
  }
}

/** @throws LabError `not-found` that names what is gone */
export async function refuseGoneModels(lab: DemoLab, made: DemoMade): Promise<void> {
  const gone = await goneModels(lab, made)
  if (gone) throw new LabError(gone.error)
}
