// Waiting for a job that was started: its result, or its error.
import { LabError } from '../../src-shared/contract/errors.ts'
import type { JobStatus } from '../../src-shared/contract/lab-contract.ts'
import { call, subscribe } from './lab.ts'

/**
 * Resolves with the job's result.
 * @throws LabError the job's own, or `cancelled`
 */
export async function finishedJob(job: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const look = (status: JobStatus | undefined) => {
    if (!status || status.id !== job || status.state === 'running') return
    if (status.state === 'done') return resolve(status.result)
    const cancelled = {
      code: 'cancelled',
      what: `"${status.title}" was cancelled`,
      fix: 'start it again when you want it',
    } as const
    reject(new LabError(status.error ?? cancelled))
  }
  const unsubscribe = subscribe('job', look)
  try {
    // It may have ended before anyone listened.
    look((await call('jobs.list', {})).find(status => status.id === job))
    return await promise
  } finally {
    unsubscribe()
  }
}
