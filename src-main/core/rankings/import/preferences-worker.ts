// Reads files of comparisons in a worker thread. preference-import.ts starts it.
import { parentPort, workerData } from 'node:worker_threads'
import { toFacts } from '../../../../src-shared/contract/errors.ts'
import type { WorkerMessage } from '../../jobs/worker.ts'
import { batchPoster } from '../../row-files/batches.ts'
import type { RowFile } from '../../row-files/file-source.ts'
import { importFiles } from './import-files.ts'
import type { KnownLabeler } from './known-labelers.ts'
import { previewFile } from './preview.ts'

export type PreferencesTask =
  | { readonly task: 'preview'; readonly file: RowFile }
  | {
      readonly task: 'import'
      readonly files: readonly RowFile[]
      readonly labelers: readonly KnownLabeler[]
      /** One word of shared memory: how many batches the database has taken. */
      readonly taken: Int32Array
    }

const post = (message: WorkerMessage) => parentPort?.postMessage(message)

async function run(task: PreferencesTask): Promise<unknown> {
  if (task.task === 'preview') return await previewFile(task.file)
  const { files, labelers, taken } = task
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const { onRows, onProgress } = batchPoster(post, taken, total)
  return await importFiles(files, labelers, onRows, onProgress)
}

run(workerData as PreferencesTask).then(
  result => post({ result }),
  error => post({ error: toFacts(error) }),
)
