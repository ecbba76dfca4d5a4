// A first idea of a device's training speed, in about a second on a CPU; real runs refine it.
import { benchSizes } from '../../../src-shared/bench/sizes.ts'
import { trainingWork } from '../../../src-shared/bench/work.ts'
import { parseModelShape, resolveModel } from '../../../src-shared/config/model-config.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { training } from './training-workload.ts'
import { median, timeUnits } from './workload.ts'

const SIZE = {
  model: resolveModel(parseModelShape({ nLayer: 2, nHead: 4, nEmbd: 128, contextLength: 64 }), 256),
  batchSize: 8,
}
/** Where the time of a GPU goes to computing, not to starting kernels. */
const WIDE = {
  model: resolveModel(parseModelShape({ nLayer: 2, nHead: 6, nEmbd: 384, contextLength: 256 }), 256),
  batchSize: 4,
}
/** Compile pipelines and fill caches; the first two steps are not counted where there are more. */
const WARMUP_STEPS = 2
const STEPS = 6
/** A device that is still at it then is slow, and that is known: two steps are enough. */
const BUDGET_MS = 500

const sizes = { minimal: benchSizes.minimal, usual: SIZE, wide: WIDE }
export type CalibrationSize = keyof typeof sizes

/** @param named a GPU emulated on the CPU takes the minimal one */
export async function measureFlops(
  kernels: Kernels,
  named: CalibrationSize,
): Promise<{ flopsPerSecond: number; flopsPerStep: number }> {
  const size = sizes[named]
  const workload = training(kernels, size)
  try {
    const stepMs: number[] = []
    const start = performance.now()
    while (stepMs.length < 2 || (stepMs.length < STEPS && performance.now() - start < BUDGET_MS)) {
      const { unitMs } = await timeUnits(workload, 1, async () => {})
      stepMs.push(unitMs[0]!)
    }
    const counted = stepMs.slice(Math.min(WARMUP_STEPS, stepMs.length - 1))
    const { flops } = trainingWork(size)
    return { flopsPerSecond: (1000 * flops) / median(counted), flopsPerStep: flops }
  } finally {
    workload.dispose()
  }
}
