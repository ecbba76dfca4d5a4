// Which checkpoints are evaluated, under which labels.
import type { CheckpointSummary } from '../../../src-shared/contract/lab-contract.ts'
import { findCheckpoint } from '../commands/checkpoint.ts'
import type { Session } from '../session.ts'

export interface LabelledModel {
  readonly label: string
  readonly checkpoint: string
}

const phaseLabels = { pretrain: 'base', sft: 'sft', reward: 'reward', ppo: 'rlhf' } as const

/**
 * @param given each `label=checkpoint`, or the checkpoint alone: its label is then its phase's, or its run's name where
 *   two have that; none = the newest
 * @throws LabError `not-found`
 */
export async function labelledModels(session: Session, given: readonly string[]): Promise<LabelledModel[]> {
  const models: { label: string | undefined; found: CheckpointSummary }[] = []
  for (const text of given.length > 0 ? given : [undefined]) {
    const at = text?.indexOf('=') ?? -1
    const label = at < 0 ? undefined : text!.slice(0, at)
    models.push({ label, found: await findCheckpoint(session, text?.slice(at + 1)) })
  }
  return models.map(({ label, found }) => {
    const isShared = (of: (model: CheckpointSummary) => unknown) =>
      models.filter(({ found: other }) => of(other) === of(found)).length > 1
    const { phase, runName, step, id } = found
    const own = isShared(model => model.runName) ? `${runName} step ${step}` : runName
    return { label: label ?? (isShared(model => model.phase) ? own : phaseLabels[phase]), checkpoint: id }
  })
}
