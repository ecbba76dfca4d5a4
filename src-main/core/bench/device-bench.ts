// Measuring the device that the engine has open: a job like any other, whose reports the workspace keeps.
import { randomBytes } from 'node:crypto'
import type { BenchEffortName } from '../../../src-shared/bench/effort.ts'
import type { BenchRecord } from '../../../src-shared/bench/report.ts'
import type { engineTopics } from '../../../src-shared/contract/engine-contract.ts'
import { LabError, type LabErrorFacts, toFacts } from '../../../src-shared/contract/errors.ts'
import type { LabMethods, RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers, TopicPayload } from '../../../src-shared/contract/method.ts'
import type { CoreContext } from '../context.ts'
import { insertBenchReport, latestBenchReport, listBenchReports } from '../database/queries/bench-reports.ts'
import type { EngineSupervisor } from '../engine-supervisor/engine-supervisor.ts'
import type { JobControl } from '../jobs/jobs.ts'
import { availableBytes, reportOf } from './machine.ts'

type BenchMethods = Pick<LabMethods, Extract<keyof LabMethods, `bench.${string}`>>

interface Measuring {
  readonly bench: string
  /** null until it has begun. */
  job: JobControl | null
  /** The last turn that was heard of. */
  turn: { done: number; total: number | null }
}

export class DeviceBench {
  private readonly context: CoreContext
  private readonly supervisor: EngineSupervisor
  private readonly activeRun: () => RunSummary | undefined
  private measuring: Measuring | null = null

  constructor(context: CoreContext, supervisor: EngineSupervisor, activeRun: () => RunSummary | undefined) {
    this.context = context
    this.supervisor = supervisor
    this.activeRun = activeRun
  }

  readonly handlers: Handlers<BenchMethods> = {
    'bench.run': ({ effort }) => {
      this.refuseWhileMeasuring()
      const run = this.activeRun()
      if (run)
        throw new LabError({
          code: 'conflict',
          what: `"${run.name}" is being trained, and would share the device`,
          fix: 'pause it, then measure',
        })
      const bench = `bench-${randomBytes(4).toString('hex')}`
      // Before the job begins: a second request may come in the same moment.
      const measuring: Measuring = { bench, job: null, turn: { done: 0, total: null } }
      this.measuring = measuring
      const { id } = this.context.jobs.start('bench', 'Measuring this device', job => {
        measuring.job = job
        return this.measure(measuring, effort, job)
      })
      return { job: id }
    },
    'bench.latest': () => {
      const { device } = this.supervisor.current()
      return device && latestBenchReport(this.context.workspace.db, device.fingerprint)
    },
    'bench.list': () => listBenchReports(this.context.workspace.db),
  }

  /** @throws LabError `conflict` */
  refuseWhileMeasuring(): void {
    if (this.measuring)
      throw new LabError({
        code: 'conflict',
        what: 'the speed of this device is being measured',
        fix: 'wait for it, or cancel it',
      })
  }

  /** The engine's turns, on their way to the job. */
  hear({ bench, done, total, note }: TopicPayload<typeof engineTopics, 'benchProgress'>): void {
    if (this.measuring?.bench !== bench) return
    const { job, turn } = this.measuring
    Object.assign(turn, { done, total })
    if (!job?.signal.aborted) job?.progress({ done, total, unit: 'turns', note })
  }

  private async measure(
    { bench, turn }: Measuring,
    effort: BenchEffortName,
    job: JobControl,
  ): Promise<BenchRecord> {
    const stop = () => {
      // The turn under way may last for seconds.
      job.progress({ ...turn, unit: 'turns', note: 'cancelling' })
      void this.supervisor.call('engine.stopBench', { bench }).catch(() => {})
    }
    job.signal.addEventListener('abort', stop, { once: true })
    try {
      const measured = await this.supervisor.call('engine.bench', {
        bench,
        effort,
        availableBytes: availableBytes(),
      })
      const record = insertBenchReport(this.context.workspace.db, reportOf(measured))
      this.context.publish('changed', { what: 'bench' })
      return record
    } catch (error) {
      throw new LabError(this.factsOf(error), { cause: error })
    } finally {
      job.signal.removeEventListener('abort', stop)
      this.measuring = null
    }
  }
  /** An engine that went away takes what it measured along: it says so instead of promising to go on. */
  private factsOf(error: unknown): LabErrorFacts {
    const facts = toFacts(error)
    if (facts.code !== 'engine-lost') return facts
    const why = this.supervisor.current().error?.what ?? "the engine's page was closed or reloaded"
    return { code: 'engine-lost', what: `Measuring ended: ${why}`, fix: 'measure again' }
  }
}
