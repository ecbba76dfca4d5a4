// Trains a tokenizer in a worker thread: reads the training texts once and posts the files and how often each id is used.
import { parentPort, workerData } from 'node:worker_threads'
import { toFacts } from '../../../src-shared/contract/errors.ts'
import { BpeTokenizer } from '../../../src-shared/tokenizer/bpe.ts'
import { trainBpe } from '../../../src-shared/tokenizer/bpe-train.ts'
import { CharacterTokenizer, trainCharacters } from '../../../src-shared/tokenizer/character.ts'
import { type TokenizerFiles, writeTokenizer } from '../../../src-shared/tokenizer/tokenizer-json.ts'
import { documentTexts } from '../corpora/document-store.ts'
import type { Progress, WorkerMessage } from '../jobs/worker.ts'

export interface TokenizerWorkerInput {
  kind: 'bpe' | 'character'
  /** Corpus folders, read in this order. */
  folders: string[]
  /** Of bpe; a character tokenizer has its text's alphabet. */
  vocabularySize: number
  /** About how many bytes the training texts have, for the progress. */
  bytes: number
}

export interface TokenizerWorkerResult {
  files: TokenizerFiles
  vocabularySize: number
  uses: Float64Array
  bytes: number
  tokens: number
  droppedChunks: number
}

/** Progress is worth a message this often. */
const PROGRESS_MS = 100

const port = parentPort!
const post = (message: WorkerMessage) => port.postMessage(message)
let lastProgress = 0

function progress(message: Progress): void {
  const now = performance.now()
  if (now - lastProgress < PROGRESS_MS) return
  lastProgress = now
  post({ progress: message })
}

function* trainingTexts({ folders, bytes }: TokenizerWorkerInput): Generator<string> {
  let done = 0
  for (const folder of folders)
    for (const text of documentTexts(folder, 'train')) {
      yield text
      done += Buffer.byteLength(text)
      progress({ done, total: bytes, unit: 'bytes', note: 'reading the text' })
    }
}

function train(input: TokenizerWorkerInput): TokenizerWorkerResult {
  const texts = trainingTexts(input)
  if (input.kind === 'character') {
    const { alphabet, ...counts } = trainCharacters(texts)
    return {
      files: writeTokenizer(new CharacterTokenizer(alphabet)),
      vocabularySize: counts.uses.length,
      droppedChunks: 0,
      ...counts,
    }
  }
  const { merges, ...counts } = trainBpe(texts, input.vocabularySize, (done, total) =>
    progress({ done, total, unit: 'merges', note: 'merging pairs' }),
  )
  return { files: writeTokenizer(new BpeTokenizer({ merges })), ...counts }
}

try {
  post({ result: train(workerData as TokenizerWorkerInput) })
} catch (error) {
  post({ error: toFacts(error) })
}
