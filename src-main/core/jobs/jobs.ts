// Jobs: long work that a person starts, watches (progress, ETA), cancels, and that survives closing the window.
import { LabError, type LabErrorFacts, toFacts } from '../../../src-shared/contract/errors.ts'
import type { JobStatus } from '../../../src-shared/contract/lab-contract.ts'
import type { Progress } from './worker.ts'

export interface JobControl {
  readonly signal: AbortSignal
  progress(progress: Progress): void
}

interface Job {
  status: JobStatus
  readonly abort: AbortController
  readonly startedMs: number
  readonly done: Promise<unknown>
}

export class Jobs {
  private readonly jobs = new Map<string, Job>()
  private readonly onChange: (status: JobStatus) => void
  private next = 1

  constructor(onChange: (status: JobStatus) => void) {
    this.onChange = onChange
  }

  /**
   * Starts `work`. `id` is there at once; `done` settles with the work's own result or error.
   * @param kind `import`, `tokenizer`, `tokenize`, `starter-world` …   @param title what the person reads
   */
  start<T>(
    kind: string,
    title: string,
    work: (job: JobControl) => Promise<T>,
  ): { id: string; done: Promise<T> } {
    const id = `job-${this.next++}`
    const abort = new AbortController()
    const running = Promise.resolve().then(() =>
      work({ signal: abort.signal, progress: p => this.progress(job, p) }),
    )
    const done = running.then(
      result => {
        this.change(job, { state: 'done', etaSeconds: 0, result: (result as unknown) ?? null })
        return result
      },
      error => {
        const { aborted } = abort.signal
        const cancelled: LabErrorFacts = {
          code: 'cancelled',
          what: `${title}: cancelled`,
          fix: 'start it again when you like',
        }
        const facts = aborted ? cancelled : toFacts(error)
        this.change(job, { state: aborted ? 'cancelled' : 'failed', etaSeconds: null, error: facts })
        throw new LabError(facts, { cause: error })
      },
    )
    const job: Job = {
      abort,
      done,
      startedMs: performance.now(),
      status: {
        id,
        kind,
        title,
        state: 'running',
        done: 0,
        total: null,
        unit: '',
        note: null,
        etaSeconds: null,
        result: null,
        error: null,
      },
    }
    this.jobs.set(id, job)
    this.change(job, {})
    // The caller may only want the id; the error is in the status either way.
    done.catch(() => {})
    return { id, done }
  }

  list(): JobStatus[] {
    return [...this.jobs.values()].map(job => job.status)
  }

  /** The result of a job. @throws LabError its error, or `not-found` */
  wait<T>(id: string): Promise<T> {
    return this.find(id).done as Promise<T>
  }

  cancel(id: string): void {
    this.find(id).abort.abort()
  }

  private find(id: string): Job {
    const job = this.jobs.get(id)
    if (job) return job
    throw new LabError({
      code: 'not-found',
      what: `there is no job ${id}`,
      fix: 'jobs are forgotten when the app closes',
    })
  }

  private progress(job: Job, { done, total, unit, note }: Progress): void {
    if (job.status.state !== 'running') return
    const seconds = (performance.now() - job.startedMs) / 1000
    const etaSeconds = total && done > 0 && seconds > 1 ? (seconds * (total - done)) / done : null
    this.change(job, { done, total, unit, note: note ?? null, etaSeconds })
  }

  private change(job: Job, change: Partial<JobStatus>): void {
    job.status = { ...job.status, ...change }
    this.onChange(job.status)
  }
}
