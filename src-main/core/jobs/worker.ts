// Work that takes the CPU for long (import, tokenizer training) runs in a worker thread, in every host.
import { Worker } from 'node:worker_threads'
import { LabError, type LabErrorFacts, toFacts } from '../../../src-shared/contract/errors.ts'

/** A worker's code: beside this chunk when bundled (out/main), its TypeScript source otherwise. */
export function workerUrl(name: string, source: URL): URL {
  return import.meta.url.endsWith('.ts') ? source : new URL(`./${name}.js`, import.meta.url)
}

export interface Progress {
  done: number
  total: number | null
  unit: string
  note?: string
}

/** What a worker posts. */
export type WorkerMessage =
  | { progress: Progress }
  | { result: unknown }
  | { error: LabErrorFacts }
  | { message: unknown }

/**
 * Runs a worker to its result.
 * @param input given as workerData  @param signal aborting terminates the worker and rejects with code `cancelled`
 * @throws LabError what the worker reported, or `internal` when it died
 */
export function runWorker<T>(
  url: URL,
  input: unknown,
  options: {
    signal?: AbortSignal
    onProgress?: (progress: Progress) => void
    onMessage?: (message: unknown) => void
    memoryMb?: number
  } = {},
): Promise<T> {
  const { signal, onProgress, onMessage, memoryMb } = options
  const cancelled = () =>
    new LabError({ code: 'cancelled', what: 'cancelled', fix: 'start it again when you like' })
  if (signal?.aborted) return Promise.reject(cancelled())
  return new Promise((resolve, reject) => {
    const worker = new Worker(url, {
      workerData: input,
      resourceLimits: memoryMb ? { maxOldGenerationSizeMb: memoryMb } : {},
    })
    const abort = () => {
      reject(cancelled())
      void worker.terminate()
    }
    signal?.addEventListener('abort', abort, { once: true })
    const settle = (act: () => void) => {
      signal?.removeEventListener('abort', abort)
      act()
      void worker.terminate()
    }
    worker.on('message', (message: WorkerMessage) => {
      if ('progress' in message) onProgress?.(message.progress)
      else if ('result' in message) settle(() => resolve(message.result as T))
      else if ('error' in message) settle(() => reject(new LabError(message.error)))
      else onMessage?.(message.message)
    })
    worker.on('error', error => settle(() => reject(new LabError(toFacts(error), { cause: error }))))
    worker.on('exit', code =>
      settle(() =>
        reject(new LabError(toFacts(new Error(`the worker ended with code ${code} before its result`)))),
      ),
    )
  })
}
