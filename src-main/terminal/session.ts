// One run of a command: the open lab, checked calls, progress on stderr, and what Ctrl+C means.
import type { LabErrorFacts } from '../../src-shared/contract/errors.ts'
import {
  type EngineStatus,
  type JobStatus,
  type LabMethods,
  type LabTopics,
  labMethods,
  type RunSummary,
} from '../../src-shared/contract/lab-contract.ts'
import type { InputOf, OutputOf, TopicPayload } from '../../src-shared/contract/method.ts'
import { checked } from '../../src-shared/contract/peer.ts'
import type { EngineHost } from '../core/engine-supervisor/engine-host.ts'
import type { Lab } from '../core/lab.ts'
import { DOCTOR } from '../core/ppo/run-doctor.ts'
import { jobLine, type Progress, runLine } from './progress.ts'
import { duration, jsonLine } from './text.ts'

/** Methods that start a job. */
type JobMethod = {
  [K in keyof LabMethods]: OutputOf<LabMethods[K]> extends { job: string } ? K : never
}[keyof LabMethods] &
  string

export class Session {
  readonly lab: Lab
  /** The host that the lab was opened with. */
  readonly engineHost: EngineHost
  readonly json: boolean
  readonly progress: Progress
  private readonly stdout: { write(text: string): unknown }
  private stop: (() => unknown) | null = null
  private device = ''
  private readonly afterClose: (() => unknown)[] = []

  constructor(options: {
    lab: Lab
    engineHost: EngineHost
    json: boolean
    progress: Progress
    stdout: { write(text: string): unknown }
  }) {
    this.lab = options.lab
    this.engineHost = options.engineHost
    this.json = options.json
    this.progress = options.progress
    this.stdout = options.stdout
    for (const note of this.lab.notes) this.progress.note(note)
    this.lab.subscribe((topic, payload) => {
      if (topic === 'job') this.hearJob(payload as JobStatus)
      else if (topic === 'run') this.hearRun(payload as RunSummary)
      else if (topic === 'engine') this.hearEngine(payload as EngineStatus)
      else if (topic === 'notice') this.hearNotice(payload as TopicPayload<LabTopics, 'notice'>)
      else if (topic === 'runEvent') this.hearEvent(payload as TopicPayload<LabTopics, 'runEvent'>)
    })
  }

  /** Calls the core as a window does, with the same checks. */
  async call<K extends keyof LabMethods & string>(
    name: K,
    input: InputOf<LabMethods[K]>,
  ): Promise<OutputOf<LabMethods[K]>> {
    const handler = this.lab.handlers[name] as (input: unknown) => unknown
    return (await handler(checked(labMethods[name].input, input, name))) as OutputOf<LabMethods[K]>
  }

  /** Starts a job and waits for its result; Ctrl+C cancels it. */
  async job<T>(name: JobMethod, input: InputOf<LabMethods[JobMethod]>): Promise<T> {
    const { job } = (await this.call(name, input as never)) as { job: string }
    return this.until(this.lab.waitForJob<T>(job), () => this.call('jobs.cancel', { job }))
  }

  /** Waits until the run is over or paused; Ctrl+C pauses it. */
  run(run: string): Promise<RunSummary> {
    return this.until(this.lab.waitForRun(run), () => {
      this.progress.note('Pausing at the next step, with a checkpoint. Ctrl+C again quits at once.')
      return this.call('runs.pause', { run })
    })
  }

  /** Waits for `work`; a first Ctrl+C meanwhile calls `stop`, after which `work` is expected to end by itself. */
  async until<T>(work: Promise<T>, stop: () => unknown): Promise<T> {
    this.stop = stop
    try {
      return await work
    } finally {
      this.stop = null
      this.progress.clear()
    }
  }

  /** Ctrl+C was pressed for the first time. @returns false when nothing is under way that could be stopped */
  async interrupt(): Promise<boolean> {
    const { stop } = this
    this.stop = null
    await stop?.()
    return stop !== null
  }

  /** Text on stdout as it comes, before the result; nothing under --json. */
  write(text: string): void {
    if (this.json) return
    this.progress.clear()
    this.stdout.write(text)
  }

  /** The JSON of a command that goes on after it: printed now, the command returns none. */
  announce(json: object): void {
    if (this.json) this.stdout.write(`${jsonLine(json)}\n`)
  }

  /** Called when the lab is closed, its runs paused. */
  onClosed(act: () => unknown): void {
    this.afterClose.push(act)
  }

  async close(): Promise<void> {
    this.progress.clear()
    try {
      await this.lab.close()
    } finally {
      for (const act of this.afterClose) await act()
    }
  }

  private hearJob(job: JobStatus): void {
    // A build is told of by the jobs and runs that it is made of.
    if (job.state === 'running' && job.kind !== 'build') this.progress.update(jobLine(job))
  }

  private hearRun(run: RunSummary): void {
    if (run.status === 'running') this.progress.update(runLine(run))
  }

  /** What a person at the screen would be warned of. */
  private hearEvent({ event: { kind, step, text } }: TopicPayload<LabTopics, 'runEvent'>): void {
    if (kind === DOCTOR) this.progress.note(`Doctor, update ${step}: ${text}`)
    else if (kind === 'non-finite') this.progress.note(text)
  }

  private hearEngine({ state, device, error, retryInSeconds }: EngineStatus): void {
    if (state === 'ready' && device) {
      const line = `${device.adapter} (${device.backend}): ${device.reason}`
      if (line !== this.device) this.progress.note(`Computing on ${line}`)
      this.device = line
    } else if (state === 'backing-off' && error) {
      this.progress.note(`${error.what}; starting it again in ${duration(retryInSeconds ?? 0)}`)
    }
  }

  private hearNotice({ kind, text }: { kind: string; text: string }): void {
    if (kind === 'warning' || kind === 'error') this.progress.note(text)
  }
}

/** Facts of a run that ended otherwise than finished, as the sentence that the terminal ends with. */
export function unfinished({ id, phase, status, step, reason }: RunSummary): LabErrorFacts {
  const resume = `resume it with: andromeda ${phase} --resume ${id}`
  if (status === 'paused')
    return {
      code: 'cancelled',
      what: `the run is paused at step ${step}${reason ? `: ${reason}` : ''}`,
      fix: resume,
    }
  // The reason says what to do; the same run would fail the same way again.
  if (status === 'failed')
    return {
      code: 'conflict',
      what: `the run failed at step ${step}`,
      got: reason ?? 'no reason',
      fix: `see: andromeda runs show ${id}`,
    }
  return {
    code: 'cancelled',
    what: `the run is ${status} at step ${step}${reason ? `: ${reason}` : ''}`,
    fix: status === 'stopped' ? 'its last checkpoint is kept' : resume,
  }
}
