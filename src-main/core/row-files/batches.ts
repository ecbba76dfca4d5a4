// Rows on their way from the worker that reads them to the database: in batches, of which only a few are under way.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Progress, WorkerMessage } from '../jobs/worker.ts'

/** A batch is one transaction, and as much as waits in memory. */
const BATCH_ROWS = 2000
const BATCH_CHARACTERS = 2 << 20
/** Batches on their way: the reader waits for the database, or a large file would pile up in memory. */
const MAX_UNDER_WAY = 3
const PROGRESS_MS = 250

/** Collects rows; `onRows` takes a batch, before the next one is made. */
export class RowBatches<Row> {
  private readonly onRows: (rows: Row[]) => void
  private readonly most: number
  private batch: Row[] = []
  private characters = 0

  /** @param most rows of a batch */
  constructor(onRows: (rows: Row[]) => void, most = BATCH_ROWS) {
    this.onRows = onRows
    this.most = most
  }

  /** @param characters about as many as it takes in memory */
  add(row: Row, characters: number): void {
    this.batch.push(row)
    this.characters += characters
    if (this.batch.length >= this.most || this.characters >= BATCH_CHARACTERS) this.flush()
  }

  flush(): void {
    if (this.batch.length > 0) this.onRows(this.batch)
    this.batch = []
    this.characters = 0
  }
}

/**
 * The worker's side: posts batches, and waits while too many are under way; posts how far the files are read.
 * @param taken one word of shared memory: how many batches the database has taken  @param total bytes of all files
 */
export function batchPoster(
  post: (message: WorkerMessage) => void,
  taken: Int32Array,
  total: number,
): { onRows(rows: readonly unknown[]): void; onProgress(bytes: number, file: string): void } {
  let given = 0
  let posted = Number.NEGATIVE_INFINITY
  return {
    onRows(rows) {
      post({ message: rows })
      given++
      for (let done = Atomics.load(taken, 0); given - done >= MAX_UNDER_WAY; done = Atomics.load(taken, 0))
        Atomics.wait(taken, 0, done)
    },
    onProgress(bytes, note) {
      const now = performance.now()
      if (now - posted < PROGRESS_MS && bytes < total) return
      posted = now
      post({ progress: { done: Math.round(bytes), total, unit: 'bytes', note } })
    },
  }
}

/**
 * The database's side: starts a reader and takes its batches one a turn, so that everything else has its turn as well.
 * @param take throws when the disk refuses: the reader is ended then, and the error is this one
 * @param read starts the worker with `taken`; it is ended when `signal` aborts
 * @returns the reader's result, when all its batches are taken  @throws LabError as `take`, `read`; `cancelled`
 */
export async function takeBatches<Row, Result>(
  job: { readonly signal: AbortSignal; progress(progress: Progress): void },
  take: (rows: readonly Row[]) => void,
  read: (
    taken: Int32Array,
    options: {
      signal: AbortSignal
      onProgress: (progress: Progress) => void
      onMessage: (message: unknown) => void
    },
  ) => Promise<Result>,
): Promise<Result> {
  const failed = new AbortController()
  const taken = new Int32Array(new SharedArrayBuffer(4))
  // Taken as they arrive, they would keep everything else from its turn until the last one.
  let writing = Promise.resolve()
  const write = async (rows: readonly Row[]) => {
    await nextTurn()
    try {
      take(rows)
    } catch (error) {
      failed.abort(error)
    }
    Atomics.add(taken, 0, 1)
    Atomics.notify(taken, 0)
  }
  const result = await read(taken, {
    signal: AbortSignal.any([job.signal, failed.signal]),
    onProgress: progress => job.progress(progress),
    onMessage: message => {
      writing = writing.then(() => write(message as Row[]))
    },
  }).catch((error: unknown) => {
    throw failed.signal.aborted ? failed.signal.reason : error
  })
  await writing
  failed.signal.throwIfAborted()
  job.signal.throwIfAborted()
  return result
}
