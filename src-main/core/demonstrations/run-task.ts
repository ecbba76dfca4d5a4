// Starts the worker of this folder for one task.
import { LabError } from '../../../src-shared/contract/errors.ts'
import { runWorker, workerUrl } from '../jobs/worker.ts'
import type { DemonstrationsTask } from './demonstrations-worker.ts'

/** A row group of Parquet with lists of messages is in memory whole. */
const MEMORY_MB = 1024

/** @throws LabError as `runWorker`, and `no-space` for a file that the worker's memory does not hold */
export async function runTask<T>(
  task: DemonstrationsTask,
  options: Omit<NonNullable<Parameters<typeof runWorker>[2]>, 'memoryMb'> = {},
): Promise<T> {
  const url = workerUrl('demonstrations-worker', new URL('./demonstrations-worker.ts', import.meta.url))
  try {
    return await runWorker<T>(url, task, { ...options, memoryMb: MEMORY_MB })
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: unknown }
    if (code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error
    throw new LabError(
      {
        code: 'no-space',
        what: `reading this takes more than ${MEMORY_MB} MB of memory`,
        where: (task.task === 'preview' ? [task.file] : task.files).map(({ name }) => name).join(', '),
        fix: 'write a Parquet file again with smaller row groups, or give the rows as JSON lines; nothing was changed',
      },
      { cause: error },
    )
  }
}
