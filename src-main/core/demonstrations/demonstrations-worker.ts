// The worker thread of this folder: looks into files or reads them. demonstration-import.ts starts it.
import { parentPort, workerData } from 'node:worker_threads'
import type { ColumnMapping } from '../../../src-shared/contract/demonstrations-contract.ts'
import { toFacts } from '../../../src-shared/contract/errors.ts'
import type { WorkerMessage } from '../jobs/worker.ts'
import { batchPoster } from '../row-files/batches.ts'
import type { RowFile } from '../row-files/file-source.ts'
import { importFiles, type MappedFile } from './import-files.ts'
import { previewFile } from './preview.ts'

export type DemonstrationsTask =
  | {
      readonly task: 'preview'
      readonly file: RowFile
      readonly mapping?: ColumnMapping | undefined
    }
  | {
      readonly task: 'import'
      readonly files: readonly MappedFile[]
      /** One word of shared memory: how many batches the database has taken. */
      readonly taken: Int32Array
    }

const post = (message: WorkerMessage) => parentPort?.postMessage(message)

async function run(task: DemonstrationsTask): Promise<unknown> {
  if (task.task === 'preview') return await previewFile(task.file, task.mapping)
  const { files, taken } = task
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const { onRows, onProgress } = batchPoster(post, taken, total)
  return await importFiles(files, onRows, onProgress)
}

run(workerData as DemonstrationsTask).then(
  result => post({ result }),
  error => post({ error: toFacts(error) }),
)
