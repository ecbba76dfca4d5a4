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
import { call } from '../../../lab.ts'
import { invalidate, useQuery } from '../../../queries.ts'
import { proposedModel, rewardModels, useReports } from '../../../reward-reports.ts'

/** The checkpoint that the person chose, of any run; null = what is proposed. The report and the playground share it. */
export const useChosen = create<{ checkpoint: string | null }>(() => ({ checkpoint: null }))
export const chooseModel = (checkpoint: string | null): void => useChosen.setState({ checkpoint })

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
  const answers = useReports(asked)
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

const MEASURE_JOB = 'reward-measure'

/** The measurement under way, whoever started it. */
export const useMeasurement = (): JobStatus | undefined =>
  useQuery('jobs.list', {}).data?.find(job => job.kind === MEASURE_JOB && job.state === 'running')

export const measure = (checkpoint: string): Promise<{ job: string }> =>
  call('reward.measure', { checkpoint })
