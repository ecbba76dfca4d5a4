// Phase 1, pre-training: predict the next token of ordinary text.
//
//   L(θ) = − Σ log p_θ(x_t | x_<t) / (number of targets)          Radford et al. 2018 §3.1, eq. 1
//
// The loss, forward and backward, is in next-token-loss.ts, the step in gradient-steps.ts.
import { type PretrainConfig, parsePretrainConfig } from '../../../src-shared/config/pretrain-config.ts'
import type { TokenBatch, TrainOutcome } from '../../../src-shared/contract/engine-contract.ts'
import { bitsPerByte, perplexity } from '../../../src-shared/metrics/metrics.ts'
import { generateBatch } from '../generate/generate.ts'
import { batchLogProbs } from './batch-log-probs.ts'
import { gradientSteps, type PhaseObjective } from './gradient-steps.ts'
import { nextTokenLoss } from './next-token-loss.ts'
import { type TrainContext, trainLoop } from './train-loop.ts'

/** The prompts' continuations while training: lively, but without the long tail of unlikely tokens. */
const SAMPLING = { temperature: 0.8, topK: 40, topP: 1 }

export async function pretrain(context: Omit<TrainContext, 'config'>): Promise<TrainOutcome> {
  const { core, kernels, spec, model } = context
  const config: PretrainConfig = parsePretrainConfig(spec.config)

  const objective: PhaseObjective<TokenBatch> = {
    batch: (step, micro) => core.host('host.batch', { run: spec.run, step, micro }),

    accumulate: batch => nextTokenLoss(kernels, model, batch),

    async evaluate(): Promise<Record<string, number>> {
      let nats = 0
      let counted = 0
      let textNats = 0
      let textBytes = 0
      for (let index = 0; index < config.evalBatches; index++) {
        const batch = await core.host('host.evalBatch', { run: spec.run, index })
        if (batch === null) return {}
        const logProbs = await batchLogProbs(kernels, model, batch)
        for (let i = 0; i < logProbs.length; i++) {
          const target = batch.targets[i]!
          if (target < 0) continue
          nats -= logProbs[i]!
          counted++
          // Special tokens stand for no bytes: they count in the loss, not in bits per byte.
          const bytes = spec.tokenBytes[target]!
          if (bytes > 0) {
            textNats -= logProbs[i]!
            textBytes += bytes
          }
        }
      }
      const evalLoss = nats / counted
      return {
        eval_loss: evalLoss,
        perplexity: perplexity(evalLoss),
        bits_per_byte: bitsPerByte(textNats, textBytes),
      }
    },

    async sample(step: number) {
      const sampling = { ...SAMPLING, maxTokens: config.sampleTokens, seed: config.seed + step }
      const samples = await generateBatch(
        model,
        spec.samplePrompts.map(({ tokens }) => ({ tokens, sampling, stopTokens: spec.stopTokens })),
      )
      for (const [prompt, { tokens }] of samples.entries())
        core.publish('sample', { run: spec.run, step, prompt, tokens })
    },
  }
  const training = { ...context, config }
  return trainLoop(training, gradientSteps(training, objective))
}
