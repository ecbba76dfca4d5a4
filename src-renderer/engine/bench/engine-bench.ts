// The bench inside a served engine: one at a time, can be stopped between two steps, and gives way to a run.
import { type BenchEffortName, benchEfforts, defaultSizes } from '../../../src-shared/bench/effort.ts'
import type { BenchMeasurement } from '../../../src-shared/bench/report.ts'
import { LabError, type LabErrorFacts } from '../../../src-shared/contract/errors.ts'
import type { EnginePlatform, OpenDevice } from '../device.ts'
import { taskBreaks } from '../task-breaks.ts'
import { openKernels } from './open-kernels.ts'
import { type BenchControl, runBench } from './run-bench.ts'

interface Running {
  readonly bench: string
  /** Why it is to end. */
  stop: LabErrorFacts | null
  /** Settles when nothing of it is left on the device. */
  readonly ended: Promise<unknown>
}

export class EngineBench {
  readonly #platform: EnginePlatform
  #running: Running | null = null

  constructor(platform: EnginePlatform) {
    this.#platform = platform
  }

  get busy(): boolean {
    return this.#running !== null
  }

  /** @throws LabError `conflict` while it measures: what else computes would slow it down unseen */
  refuseWhileBusy(): void {
    if (this.busy)
      throw new LabError({
        code: 'conflict',
        what: 'the speed of this device is being measured',
        fix: 'wait for it, or cancel it',
      })
  }

  /** @throws LabError `cancelled` after `stop`, `conflict` after `giveWay` */
  async run(
    {
      bench,
      effort: name,
      availableBytes,
    }: { bench: string; effort: BenchEffortName; availableBytes: number | null },
    device: OpenDevice,
    { prepare, onProgress }: Pick<BenchControl, 'onProgress'> & { prepare(): Promise<void> },
  ): Promise<BenchMeasurement> {
    this.refuseWhileBusy()
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const running: Running = { bench, stop: null, ended }
    this.#running = running
    const takeBreak = taskBreaks()
    const breathe = async () => {
      await takeBreak()
      if (running.stop) throw new LabError(running.stop)
    }
    try {
      await prepare()
      const effort = benchEfforts[name]
      const sizes = defaultSizes(effort, device.info.software)
      // As many as the person lets it have.
      const threads = device.info.kernels === 'simd' ? device.info.threads : undefined
      const subject = await openKernels(device, this.#platform, threads)
      try {
        return await runBench({ ...effort, sizes, availableBytes }, subject, { breathe, onProgress })
      } finally {
        await subject.close()
      }
    } finally {
      this.#running = null
      resolve()
    }
  }

  stop(bench: string): void {
    if (this.#running?.bench === bench)
      this.#running.stop ??= {
        code: 'cancelled',
        what: 'the measurement was cancelled',
        fix: 'start it again when you like',
      }
  }

  /** Ends what is measured, before a run takes the device. */
  async giveWay(): Promise<void> {
    if (!this.#running) return
    this.#running.stop ??= {
      code: 'conflict',
      what: 'the measurement was stopped, as a run was started',
      fix: 'measure again when the run is over',
    }
    await this.#running.ended
  }
}
