// Starts the worker of this folder for one task.
import { workerUrl } from '../../jobs/worker.ts'
import { runFileTask } from '../../row-files/file-task.ts'
import type { PreferencesTask } from './preferences-worker.ts'

/** @throws LabError as `runFileTask` */
export function runTask<T>(task: PreferencesTask, options?: Parameters<typeof runFileTask>[3]): Promise<T> {
  const url = workerUrl('preferences-worker', new URL('./preferences-worker.ts', import.meta.url))
  return runFileTask<T>(url, task, task.task === 'preview' ? [task.file] : task.files, options)
}
