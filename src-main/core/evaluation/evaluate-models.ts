// One evaluation from its questions to its report, for whoever has no screen to watch it on: the demo and the terminal.
import {
  type EvaluationReport,
  type EvaluationRequest,
  evaluationRequest,
} from '../../../src-shared/contract/evaluation-contract.ts'
import type { JobStatus } from '../../../src-shared/contract/lab-contract.ts'
import { checked } from '../../../src-shared/contract/peer.ts'
import type { Lab } from '../lab.ts'

/**
 * Asks and judges as 'evaluation.start' does. What is kept can be shown and voted on in the Evaluate tab.
 * @param options.signal cancels the job; what is answered stays, and can be gone on with
 * @throws LabError as 'evaluation.start'; `cancelled`; what a checkpoint fails with
 */
export async function evaluateModels(
  lab: Pick<Lab, 'handlers' | 'waitForJob' | 'subscribe'>,
  request: EvaluationRequest,
  {
    signal,
    onStarted,
    onProgress,
  }: {
    signal?: AbortSignal
    onStarted?: (evaluation: string) => void
    onProgress?: (status: JobStatus) => void
  } = {},
): Promise<EvaluationReport> {
  const { evaluation, job } = await lab.handlers['evaluation.start'](
    checked(evaluationRequest, request, 'evaluation.start'),
  )
  onStarted?.(evaluation)
  const cancel = () => void lab.handlers['jobs.cancel']({ job })
  const unsubscribe = lab.subscribe((topic, payload) => {
    if (topic !== 'job') return
    const status = payload as JobStatus
    if (status.id === job) onProgress?.(status)
  })
  signal?.addEventListener('abort', cancel, { once: true })
  if (signal?.aborted) cancel()
  try {
    return await lab.waitForJob<EvaluationReport>(job)
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', cancel)
  }
}
