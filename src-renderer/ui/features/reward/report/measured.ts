// Which reward model is looked at, and what was measured of it.
import { useMemo } from 'react'
import { create } from 'zustand'
import type { LabErrorFacts } from '../../../../../src-shared/contract/errors.ts'
import type {
  CheckpointSummary,
  JobStatus,
  RunSummary,
} from '../../../../../src-shared/contract/lab-contract.ts'
import type { RewardReport } from '../../../../../src-shared/contract/reward-contract.ts'
import { usableModels } from '../../../components/model-choice.ts'
import { call } from '../../../lab.ts'
import { invalidate, useQueries, useQuery } from '../../../queries.ts'

/** The checkpoint that the person chose, of any run; null = what is proposed. The report and the playground share it. */
export const useChosen = create<{ checkpoint: string | null }>(() => ({ checkpoint: null }))
export const chooseModel = (checkpoint: string | null): void => useChosen.setState({ checkpoint })

/** Reward models that can score, newest first. */
export const rewardModels = (checkpoints: readonly CheckpointSummary[]): CheckpointSummary[] =>
  usableModels(checkpoints, ['reward'])

/**
 * The one of a run's checkpoints to show: the one measured last, else the best, else the newest.
 * @param models those of the run
 * @param reports of these, as far as there are
 */
export function proposedModel(
  models: readonly CheckpointSummary[],
  reports: readonly Pick<RewardReport, 'checkpoint' | 'createdAt'>[],
): CheckpointSummary | undefined {
  const [last] = [...reports].sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  return (
    models.find(model => model.id === last?.checkpoint) ??
    models.find(model => model.best) ??
    [...models].sort((a, b) => b.step - a.step)[0]
  )
}

export interface Measured {
  /** The reward model on screen; undefined = there is none yet. */
  readonly model: CheckpointSummary | undefined
  /** undefined while it is asked for; null = not measured. */
  readonly report: RewardReport | null | undefined
  readonly error: LabErrorFacts | null
  readonly refetch: () => void
  /** The measurement under way, of whichever model. */
  readonly job: JobStatus | undefined
}

/** Of the chosen reward model, else of this run's, else of the newest one. */
export function useMeasured(run: RunSummary | undefined): Measured {
  const checkpoints = useQuery('checkpoints.list', {}).data
  const chosen = useChosen(state => state.checkpoint)
  const all = useMemo(() => rewardModels(checkpoints ?? []), [checkpoints])
  const picked = all.find(model => model.id === chosen)
  const own = all.filter(model => model.run === (run?.id ?? all[0]?.run))
  const asked = picked ? [picked] : own
  const answers = useQueries(
    'reward.report',
    asked.map(model => ({ checkpoint: model.id })),
  )
  const reports = answers.flatMap(answer => (answer.data ? [answer.data] : []))
  const model = picked ?? proposedModel(own, reports)
  const answer = answers[asked.findIndex(each => each.id === model?.id)]
  const job = useMeasurement()
  const loading = answers.some(each => each.loading && each.data === undefined)
  return {
    model,
    report: answer?.data ?? (loading ? undefined : null),
    error: answer?.error ?? null,
    refetch: () => invalidate(method => method === 'reward.report'),
    job,
  }
}

export const MEASURE_JOB = 'reward-measure'

/** The measurement under way, whoever started it. */
export const useMeasurement = (): JobStatus | undefined =>
  useQuery('jobs.list', {}).data?.find(job => job.kind === MEASURE_JOB && job.state === 'running')

export const measure = (checkpoint: string): Promise<{ job: string }> =>
  call('reward.measure', { checkpoint })
