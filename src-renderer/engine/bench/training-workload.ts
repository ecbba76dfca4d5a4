// One optimizer step on random tokens: forward, backward, norm of the gradient, AdamW, loss read back.
import type { BenchSize } from '../../../src-shared/bench/sizes.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { Transformer } from '../model/transformer.ts'
import { AdamW } from '../optim/adamw.ts'
import { StockGpt } from './stock-gpt.ts'
import type { Workload } from './workload.ts'

type TrainingSize = Pick<BenchSize, 'model' | 'batchSize'>

/** (B·T) */
function randomTokens({ batchSize, model }: TrainingSize, step: number): Int32Array {
  const random = randomStream(1, 'bench', step)
  const { contextLength, vocabularySize } = model
  return Int32Array.from({ length: batchSize * contextLength }, () => random.integer(vocabularySize))
}

/** The peer, on TF.js's current backend. */
export function stockTraining(size: TrainingSize): Workload {
  const model = new StockGpt(size.model, 1e-3)
  let steps = 0
  return {
    stepsPerUnit: 1,
    step() {
      const tokens = randomTokens(size, steps++)
      return model.step(tokens, randomTokens(size, steps), size.batchSize, size.model.contextLength)
    },
    dispose: () => model.dispose(),
  }
}

export function training(kernels: Kernels, size: TrainingSize): Workload {
  const { model: config, batchSize } = size
  const model = new Transformer(config, kernels)
  model.initialize(1)
  const optimizer = new AdamW(model, { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 })
  const n = batchSize * config.contextLength
  let steps = 0
  return {
    stepsPerUnit: 1,
    async step() {
      model.zeroGradients()
      const logProbs = kernels.scope(() => {
        const tokens = kernels.upload(randomTokens(size, steps++), [n])
        const activations = model.forward(tokens, batchSize, config.contextLength)
        const head = model.logProbs(activations, kernels.upload(randomTokens(size, steps), [n]))
        model.backward(activations, head, kernels.upload(new Float32Array(n).fill(-1), [n]))
        return head.logProbs
      })
      const norm = (await optimizer.gradientNorm()) / n
      optimizer.step({ learningRate: 1e-3, step: steps, gradientScale: Math.min(1, 1 / norm) / n })
      await kernels.read(logProbs)
      kernels.free(logProbs)
    },
    dispose() {
      optimizer.dispose()
      model.dispose()
    },
  }
}
