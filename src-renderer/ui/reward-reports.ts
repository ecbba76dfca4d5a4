// Reward models and what was measured of them, for every screen that names their verdict.
import type { CheckpointSummary } from '../../src-shared/contract/lab-contract.ts'
import type { RewardReport } from '../../src-shared/contract/reward-contract.ts'
import { usableModels } from './components/model-choice.ts'
import { useQueries } from './queries.ts'

/** Reward models that can score, newest first. */
export const rewardModels = (checkpoints: readonly CheckpointSummary[]): CheckpointSummary[] =>
  usableModels(checkpoints, ['reward'])

/**
 * The one of a run's checkpoints to show: the one measured last, else the best, else the newest.
 * @param models those of the run
 * @param reports of any models, as far as there are
 */
export function proposedModel(
  models: readonly CheckpointSummary[],
  reports: readonly Pick<RewardReport, 'checkpoint' | 'createdAt'>[],
): CheckpointSummary | undefined {
  const [last] = reports
    .filter(report => models.some(model => model.id === report.checkpoint))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  return (
    models.find(model => model.id === last?.checkpoint) ??
    models.find(model => model.best) ??
    [...models].sort((a, b) => b.step - a.step)[0]
  )
}

/** What was measured of these models, in their order; `data` is null where nothing was. */
export const useReports = (models: readonly CheckpointSummary[]) =>
  useQueries(
    'reward.report',
    models.map(model => ({ checkpoint: model.id })),
  )

/** The report on a run's proposed model; undefined = not measured, or not asked for yet. */
export function reportOfRun(
  run: string,
  models: readonly CheckpointSummary[],
  reports: readonly RewardReport[],
): RewardReport | undefined {
  const model = proposedModel(
    models.filter(each => each.run === run),
    reports,
  )
  return reports.find(report => report.checkpoint === model?.id)
}
