// The demo: the starter world through the phases, with what each brought as numbers. One seed, one device: one result.

import { pretrainPresets } from '../../src-shared/config/presets.ts'
import { parsePretrainConfig } from '../../src-shared/config/pretrain-config.ts'
import { LabError } from '../../src-shared/contract/errors.ts'
import type { TokenizerSummary } from '../../src-shared/contract/lab-contract.ts'
import type { Lab } from './lab.ts'
import type { StarterWorldCorpora } from './starter-world/starter-world.ts'

export const demoPhases = ['pretrain'] as const
export type DemoPhase = (typeof demoPhases)[number]

export interface DemoOptions {
  readonly seed: number
  readonly phases: readonly DemoPhase[]
  /** A line for the person: what is being done now. */
  readonly onProgress: (line: string) => void
}

export interface DemoResult {
  readonly backend: string
  readonly seed: number
  readonly minutes: { readonly pretrain: number; readonly total: number }
  readonly pretrain: {
    readonly run: string
    readonly checkpoint: string
    readonly path: string
    readonly steps: number
    readonly tokensPerSecond: number
    readonly weightsSha256: string
    readonly valLoss: number
    readonly valBitsPerByte: number
    readonly samples: readonly { readonly prompt: string; readonly text: string }[]
  }
}

/** @throws LabError when a phase did not finish */
export async function runDemo(lab: Lab, { seed, onProgress }: DemoOptions): Promise<DemoResult> {
  const startedMs = performance.now()
  const preset = pretrainPresets['starter-world']!
  const config = parsePretrainConfig({ ...preset.config, seed })

  onProgress(`Writing the starter world ${seed}`)
  const { job: worldJob } = await lab.handlers['starterWorld.create']({ seed })
  const world = await lab.waitForJob<StarterWorldCorpora>(worldJob)

  onProgress('Training the tokenizer')
  const { job: tokenizerJob } = await lab.handlers['tokenizers.train']({
    name: `Starter world ${seed}`,
    kind: preset.tokenizer.kind,
    vocabularySize: preset.tokenizer.vocabularySize,
    corpora: world.corpora.map(({ corpus }) => corpus),
  })
  const tokenizer = await lab.waitForJob<TokenizerSummary>(tokenizerJob)

  onProgress(`Pre-training for ${config.steps} steps`)
  const { run } = await lab.handlers['pretrain.start']({
    name: `Starter world ${seed}`,
    tokenizer: tokenizer.id,
    sources: world.corpora.map(({ corpus, weight }) => ({ corpus, weight })),
    model: preset.model,
    config,
  })
  const ended = await lab.waitForRun(run)
  if (ended.status !== 'finished')
    throw new LabError({
      code: 'conflict',
      what: `the demo's pre-training is ${ended.status}`,
      where: run,
      got: ended.reason ?? ended.status,
      fix: 'resume the run, or start the demo again',
    })
  const [checkpoint] = await lab.handlers['checkpoints.list']({ run })
  const samples = (await lab.handlers['runs.samples']({ run })).filter(sample => sample.step === ended.step)
  const minutes = (performance.now() - startedMs) / 60_000
  return {
    backend: (await lab.handlers['engine.status']({})).device!.backend,
    seed,
    minutes: { pretrain: minutes, total: minutes },
    pretrain: {
      run,
      checkpoint: checkpoint!.id,
      path: checkpoint!.path,
      steps: ended.step,
      tokensPerSecond: ended.tokens / ended.seconds,
      weightsSha256: checkpoint!.weightsSha256,
      valLoss: ended.latest.eval_loss!,
      valBitsPerByte: ended.latest.bits_per_byte!,
      samples: samples.map(({ promptText, text }) => ({ prompt: promptText, text })),
    },
  }
}
