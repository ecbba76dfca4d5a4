// The demo's phase 1: the starter world written down, its tokenizer, a base model.
import { pretrainPresets } from '../../../src-shared/config/presets.ts'
import { parsePretrainConfig } from '../../../src-shared/config/pretrain-config.ts'
import type { TokenizerSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { Lab } from '../lab.ts'
import type { StarterWorldCorpora } from '../starter-world/starter-world.ts'
import { finished, type Narrate, runResult } from './demo-run.ts'

export interface DemoBase {
  readonly checkpoint: string
  readonly result: ReturnType<typeof runResult> & {
    readonly valBitsPerByte: number
    readonly samples: readonly { readonly prompt: string; readonly text: string }[]
  }
}

/** @throws LabError when the run did not finish */
export async function pretrainDemo(lab: Lab, seed: number, narrate: Narrate): Promise<DemoBase> {
  const preset = pretrainPresets['starter-world']!
  const config = parsePretrainConfig({ ...preset.config, seed })

  narrate(`Writing the starter world ${seed}`)
  const { job: worldJob } = await lab.handlers['starterWorld.create']({ seed })
  const world = await lab.waitForJob<StarterWorldCorpora>(worldJob)

  narrate('Training the tokenizer')
  const { job: tokenizerJob } = await lab.handlers['tokenizers.train']({
    name: `Starter world ${seed}`,
    kind: preset.tokenizer.kind,
    vocabularySize: preset.tokenizer.vocabularySize,
    corpora: world.corpora.map(({ corpus }) => corpus),
  })
  const tokenizer = await lab.waitForJob<TokenizerSummary>(tokenizerJob)

  narrate(`Pre-training for ${config.steps} steps`)
  const { run } = await lab.handlers['pretrain.start']({
    name: `Starter world ${seed}`,
    tokenizer: tokenizer.id,
    sources: world.corpora.map(({ corpus, weight }) => ({ corpus, weight })),
    model: preset.model,
    config,
  })
  const { ended, checkpoint } = await finished(lab, run)
  const samples = (await lab.handlers['runs.samples']({ run })).filter(sample => sample.step === ended.step)
  return {
    checkpoint: checkpoint.id,
    result: {
      ...runResult(ended, checkpoint),
      valBitsPerByte: ended.latest.bits_per_byte!,
      samples: samples.map(({ promptText, text }) => ({ prompt: promptText, text })),
    },
  }
}
