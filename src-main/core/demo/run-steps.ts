// The steps of a build one after another: each is remembered when it is through, and a cut leaves nothing that must be undone.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { JobStatus, RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import { refuseGoneModels } from './gone-models.ts'
import type { DemoLab, DemoMade, DemoStep, StepContext, StepName } from './step.ts'

export interface StepsUnderWay extends Omit<StepContext, 'progress' | 'job' | 'finish' | 'remember'> {
  readonly steps: readonly DemoStep[]
  /** Keeps what `made` has become. */
  save(made: DemoMade): void
  /** A step is under way; `done` of it, 0–1. */
  onProgress(step: StepName, done: number): void
  /** Time that a step took since it was last told: now and then, so that a kill loses little of it, and at its end. */
  onSeconds(step: StepName, seconds: number): void
}

const COUNTED_EVERY_MS = 5_000

/**
 * @throws LabError `cancelled` when the signal is aborted or the person paused the run; `not-found` where a model is gone that
 *   what is left needs; what a step fails with
 */
export async function runSteps({
  steps,
  save,
  onProgress,
  onSeconds,
  ...given
}: StepsUnderWay): Promise<void> {
  const { lab, signal } = given
  // The steps see what they remember.
  const made: DemoMade = { ...given.made, done: [...given.made.done] }
  const remember = (change: Partial<DemoMade>) => {
    Object.assign(made, change)
    save({ ...made })
  }
  for (const { name, work } of steps) {
    if (made.done.includes(name)) continue
    signal.throwIfAborted()
    await refuseGoneModels(lab, made)
    let countedMs = performance.now()
    const count = () => {
      const nowMs = performance.now()
      onSeconds(name, (nowMs - countedMs) / 1000)
      countedMs = nowMs
    }
    const progress = (done: number) => {
      onProgress(name, Math.min(1, done))
      if (performance.now() - countedMs >= COUNTED_EVERY_MS) count()
    }
    progress(0)
    try {
      await work({
        ...given,
        made,
        remember,
        progress,
        job: job => waitForJob(lab, job, signal, progress),
        finish: run => finish(lab, run, signal, progress),
      })
    } finally {
      count()
    }
    remember({ done: [...made.done, name] })
  }
}

async function waitForJob<T>(
  lab: DemoLab,
  job: string,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<T> {
  const cancel = () => void lab.handlers['jobs.cancel']({ job })
  const unsubscribe = lab.subscribe((topic, payload) => {
    if (topic !== 'job') return
    const { id, done, total } = payload as JobStatus
    if (id === job && total) progress(done / total)
  })
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  try {
    return await lab.waitForJob<T>(job)
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', cancel)
  }
}

/** Resumes a run that rests, and waits for one that is active. */
async function finish(
  lab: DemoLab,
  run: string,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<RunSummary> {
  const isActive = () => lab.activeRuns().some(({ id }) => id === run)
  const pause = () => {
    if (isActive()) void lab.handlers['runs.pause']({ run })
  }
  const before = await lab.handlers['runs.show']({ run })
  if (before.status === 'finished') return before
  signal.throwIfAborted()
  if (!isActive()) await lab.handlers['runs.resume']({ run })
  const unsubscribe = lab.subscribe((topic, payload) => {
    if (topic !== 'run') return
    const { id, step, steps } = payload as RunSummary
    if (id === run) progress(step / steps)
  })
  signal.addEventListener('abort', pause, { once: true })
  if (signal.aborted) pause()
  try {
    const ended = await lab.waitForRun(run)
    if (ended.status === 'finished') return ended
    signal.throwIfAborted()
    throw new LabError({
      code: ended.status === 'failed' ? 'conflict' : 'cancelled',
      what: `"${ended.name}" is ${ended.status}`,
      where: run,
      ...(ended.reason ? { got: ended.reason } : {}),
      fix: 'go on with the build, which goes on with the run',
    })
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', pause)
  }
}
