// Measures in a worker of its own: every kernel set and stock TF.js, the same model, the same process, turn by turn.
import { parentPort, workerData } from 'node:worker_threads'
import { openKernels } from '../../src-renderer/engine/bench/open-kernels.ts'
import { type BenchRequest, runBench } from '../../src-renderer/engine/bench/run-bench.ts'
import { openDevice } from '../../src-renderer/engine/device.ts'
import { type BenchEffort, defaultSizes } from '../../src-shared/bench/effort.ts'
import type { BenchMeasurement } from '../../src-shared/bench/report.ts'
import type { BenchSizeName } from '../../src-shared/bench/sizes.ts'
import type { BackendChoice } from '../../src-shared/contract/device-info.ts'
import { toFacts } from '../../src-shared/contract/errors.ts'
import type { WorkerMessage } from '../core/jobs/worker.ts'
import { nodePlatform } from './node-platform.ts'

export interface BenchWorkerInput {
  /** `auto`: the backend that runs would take, and the CPU beside a GPU. */
  readonly backend: BackendChoice
  readonly effort: BenchEffort
  /** Instead of the effort's. */
  readonly sizes?: readonly BenchSizeName[] | undefined
  readonly units?: number | undefined
  readonly threads?: number | undefined
  readonly availableBytes: number
}

/** What it says before it begins with something long. */
export interface LongTask {
  readonly task: string
  readonly seconds: number
}

const post = (message: WorkerMessage) => parentPort!.postMessage(message)

async function measure(input: BenchWorkerInput): Promise<BenchMeasurement> {
  const first = await measureOn(input.backend, input)
  if (input.backend !== 'auto' || first.device.backend !== 'webgpu') return first
  const second = await measureOn('wasm', input)
  return {
    device: first.device,
    ceiling: second.ceiling,
    results: [...first.results, ...second.results],
    skipped: [...first.skipped, ...second.skipped],
    notes: [...first.notes, ...second.notes],
  }
}

async function measureOn(backend: BackendChoice, input: BenchWorkerInput): Promise<BenchMeasurement> {
  const device = await openDevice(backend, nodePlatform)
  const request: BenchRequest = {
    ...input.effort,
    ...input,
    sizes: input.sizes ?? defaultSizes(input.effort, device.info.software),
  }
  return runBench(request, await openKernels(device, nodePlatform, input.threads), {
    breathe: async () => {},
    onProgress: ({ done, total, note }) => post({ progress: { done, total, unit: 'turns', note } }),
    onLongTask: (task, seconds) => post({ message: { task, seconds } satisfies LongTask }),
  })
}

measure(workerData as BenchWorkerInput).then(
  result => post({ result }),
  error => post({ error: toFacts(error) }),
)
