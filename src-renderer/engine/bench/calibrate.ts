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
const WARMUP_STEPS = 2

/** @param software a GPU emulated on the CPU takes a smaller model */
export async function measureFlops(
  kernels: Kernels,
  software: boolean,
): Promise<{ flopsPerSecond: number; flopsPerStep: number }> {
  const size = software ? benchSizes.minimal : SIZE
  const workload = training(kernels, size)
  try {
    const breathe = async () => {}
    await timeUnits(workload, WARMUP_STEPS, breathe)
    const { unitMs } = await timeUnits(workload, software ? 1 : 4, breathe)
    const { flops } = trainingWork(size)
    return { flopsPerSecond: (1000 * flops) / median(unitMs), flopsPerStep: flops }
  } finally {
    workload.dispose()
  }
}
