// Phase 2, supervised fine-tuning: the same loss as pre-training, on the response only.
//
//   L(θ) = − Σ_{t ∈ response} log p_θ(y_t | x, y_<t) / (response tokens of the step)      Ouyang et al. 2022 §3.5
//
// A response ends with <|assistant_end|>, which counts: the model learns to stop. Examples are packed into rows and do
// not see each other (src-shared/batches/packing.ts). The loss, forward and backward, is in next-token-loss.ts, the step
// in gradient-steps.ts.
import { parseSftConfig, type SftConfig } from '../../../src-shared/config/sft-config.ts'
import type { TokenBatch, TrainOutcome } from '../../../src-shared/contract/engine-contract.ts'
import { generateBatch } from '../generate/generate.ts'
import { batchLogProbsAndHits } from './batch-log-probs.ts'
import { gradientSteps, type PhaseObjective } from './gradient-steps.ts'
import { type NextTokenLoss, nextTokenLoss } from './next-token-loss.ts'
import { type TrainContext, trainLoop } from './train-loop.ts'

/** The answers shown while training are the likeliest ones, so that base and fine-tuned model differ by training alone. */
const GREEDY = { temperature: 0, topK: 0, topP: 1 }

export async function sft(context: Omit<TrainContext, 'config'>): Promise<TrainOutcome> {
  const { core, kernels, spec, model } = context
  const config: SftConfig = parseSftConfig(spec.config)

  const objective: PhaseObjective<TokenBatch, NextTokenLoss> = {
    startsFromParent: true,

    batch: (step, micro) => core.host('host.batch', { run: spec.run, step, micro }),

    accumulate: batch => nextTokenLoss(kernels, model, batch, { statistics: true }),

    stepMetrics(parts, step) {
      const tokens = parts.reduce((sum, part) => sum + part.terms, 0)
      return {
        mean_token_accuracy: parts.reduce((sum, part) => sum + part.hits, 0) / tokens,
        entropy: parts.reduce((sum, part) => sum + part.entropySum, 0) / tokens,
        ...(spec.stepsPerEpoch ? { epoch: step / spec.stepsPerEpoch } : {}),
      }
    },

    async evaluate(): Promise<Record<string, number>> {
      let nats = 0
      let hit = 0
      let counted = 0
      for (let index = 0; index < config.evalBatches; index++) {
        const batch = await core.host('host.evalBatch', { run: spec.run, index })
        if (batch === null) break
        const { logProbs, hits } = await batchLogProbsAndHits(kernels, model, batch)
        for (let i = 0; i < logProbs.length; i++) {
          if (batch.targets[i]! < 0) continue
          nats -= logProbs[i]!
          hit += hits[i]!
          counted++
        }
      }
      return counted === 0 ? {} : { eval_loss: nats / counted, eval_mean_token_accuracy: hit / counted }
    },

    async sample(step: number) {
      const sampling = { ...GREEDY, maxTokens: config.sampleTokens, seed: config.seed }
      const answers = await generateBatch(
        model,
        spec.samplePrompts.map(({ tokens }) => ({ tokens, sampling, stopTokens: spec.stopTokens })),
      )
      for (const [prompt, { tokens }] of answers.entries())
        core.publish('sample', { run: spec.run, step, prompt, tokens })
    },
  }
  const training = { ...context, config }
  return trainLoop(training, gradientSteps(training, objective))
}
