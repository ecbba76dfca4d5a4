// The worker thread of this folder: imports files, or turns a corpus into tokens. corpora.ts starts it.
import { parentPort, workerData } from 'node:worker_threads'
import { toFacts } from '../../../src-shared/contract/errors.ts'
import { readTokenizer, type TokenizerFiles } from '../../../src-shared/tokenizer/tokenizer-json.ts'
import type { Progress, WorkerMessage } from '../jobs/worker.ts'
import { storageError } from '../workspace/storage-error.ts'
import { type ImportFile, importFiles } from './import-files.ts'
import type { TextHashes } from './text-hash.ts'
import { type TokensOf, writeTokens } from './tokenized.ts'

export type WorkerTask =
  | { readonly task: 'import'; readonly folder: string; readonly files: readonly ImportFile[] }
  | {
      readonly task: 'tokenize'
      readonly folder: string
      /** Of text, for the progress. */
      readonly bytes: number
      readonly tokenizer: string
      readonly tokenizerFiles: TokenizerFiles
      readonly of: TokensOf
      readonly textHashes: TextHashes | null
    }

const post = (message: WorkerMessage) => parentPort?.postMessage(message)

/** At most four times a second: a person reads it. */
function bytesProgress(total: number) {
  let posted = Number.NEGATIVE_INFINITY
  return (done: number, note?: string) => {
    const now = performance.now()
    if (now - posted < 250 && done < total) return
    posted = now
    const progress: Progress = { done: Math.round(done), total, unit: 'bytes', ...(note && { note }) }
    post({ progress })
  }
}

async function run(task: WorkerTask): Promise<unknown> {
  if (task.task === 'import') {
    const total = task.files.reduce((sum, file) => sum + file.bytes, 0)
    return await importFiles(task.files, task.folder, bytesProgress(total))
  }
  const files = task.tokenizerFiles
  const tokenizer = readTokenizer(files['tokenizer.json'], files['tokenizer_config.json'])
  const { folder, of, textHashes } = task
  return writeTokens(folder, task.tokenizer, tokenizer, of, textHashes, bytesProgress(task.bytes))
}

const task = workerData as WorkerTask
run(task).then(
  result => post({ result }),
  error => post({ error: toFacts(storageError(error, task.folder)) }),
)
