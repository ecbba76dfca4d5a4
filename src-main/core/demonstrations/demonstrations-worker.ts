// The worker thread of this folder: looks into files or reads them. demonstration-import.ts starts it.
import { parentPort, workerData } from 'node:worker_threads'
import type { ColumnMapping } from '../../../src-shared/contract/demonstrations-contract.ts'
import { toFacts } from '../../../src-shared/contract/errors.ts'
import type { WorkerMessage } from '../jobs/worker.ts'
import type { DemonstrationFile } from './file-source.ts'
import { importFiles, type MappedFile } from './import-files.ts'
import { previewFile } from './preview.ts'

export type DemonstrationsTask =
  | {
      readonly task: 'preview'
      readonly file: DemonstrationFile
      readonly mapping?: ColumnMapping | undefined
    }
  | {
      readonly task: 'import'
      readonly files: readonly MappedFile[]
      /** One word of shared memory: how many batches the database has taken. */
      readonly taken: Int32Array
    }

/** Batches on their way: the reader waits for the database, or a large file would pile up in memory. */
const MAX_UNDER_WAY = 3

const post = (message: WorkerMessage) => parentPort?.postMessage(message)

async function run(task: DemonstrationsTask): Promise<unknown> {
  if (task.task === 'preview') return await previewFile(task.file, task.mapping)
  const { files, taken } = task
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let given = 0
  let posted = Number.NEGATIVE_INFINITY
  return await importFiles(
    files,
    rows => {
      post({ message: rows })
      given++
      for (let done = Atomics.load(taken, 0); given - done >= MAX_UNDER_WAY; done = Atomics.load(taken, 0))
        Atomics.wait(taken, 0, done)
    },
    (done, note) => {
      const now = performance.now()
      if (now - posted < 250 && done < total) return
      posted = now
      post({ progress: { done: Math.round(done), total, unit: 'bytes', note } })
    },
  )
}

run(workerData as DemonstrationsTask).then(
  result => post({ result }),
  error => post({ error: toFacts(error) }),
)
