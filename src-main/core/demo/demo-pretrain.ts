// Phase 1 of a build: the starter world written down, its tokenizer, a base model.
import { parsePretrainConfig } from '../../../src-shared/config/pretrain-config.ts'
import type { TokenizerSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { StarterWorldCorpora } from '../starter-world/starter-world.ts'
import { lastCheckpoint, runResult } from './run-result.ts'
import type { DemoLab, DemoStep } from './step.ts'

export type DemoPretrain = Awaited<ReturnType<typeof pretrainResult>>

export const pretrainSteps: readonly DemoStep[] = [
  {
    name: 'world',
    phase: 'pretrain',
    title: 'Writing the starter world',
    async work({ lab, seed, recipe, createdAt, job, remember }) {
      const prefix = `Starter world ${seed}: `
      // Sources of a time that was cut off: it is written again, whole.
      for (const { id, name, kind, createdAt: at, removedAt } of await lab.handlers['corpora.list']({}))
        if (kind === 'starter-world' && name.startsWith(prefix) && at >= createdAt && removedAt === null)
          await lab.handlers['corpora.remove']({ corpus: id })
      const { documents } = recipe
      const started = await lab.handlers['starterWorld.create']({ seed, documents })
      const { corpora } = await job<StarterWorldCorpora>(started.job)
      remember({ corpora: corpora.map(({ corpus, weight }) => ({ corpus, weight })) })
    },
  },
  {
    name: 'tokenizer',
    phase: 'pretrain',
    title: 'Training the tokenizer',
    async work({ lab, seed, recipe, made, job, remember }) {
      const { kind, vocabularySize } = recipe.pretrain.tokenizer
      const started = await lab.handlers['tokenizers.train']({
        name: `Starter world ${seed}`,
        kind,
        vocabularySize,
        corpora: made.corpora!.map(({ corpus }) => corpus),
      })
      remember({ tokenizer: (await job<TokenizerSummary>(started.job)).id })
    },
  },
  {
    name: 'pretrain',
    phase: 'pretrain',
    title: 'Pre-training',
    async work({ lab, seed, recipe, made, finish, remember }) {
      if (!made.pretrainRun) {
        const { run } = await lab.handlers['pretrain.start']({
          name: `Starter world ${seed}`,
          tokenizer: made.tokenizer!,
          sources: made.corpora!,
          model: recipe.pretrain.model,
          config: parsePretrainConfig({ ...recipe.pretrain.config, seed }),
        })
        remember({ pretrainRun: run })
      }
      await finish(made.pretrainRun!)
      const { device } = await lab.handlers['engine.status']({})
      // An engine that was lost in this moment leaves the build without its name, and comes back for the next step.
      if (device) remember({ backend: device.backend, device: `${device.adapter} (${device.backend})` })
    },
  },
]

export async function pretrainResult(lab: DemoLab, run: string) {
  const ended = await lab.handlers['runs.show']({ run })
  const samples = (await lab.handlers['runs.samples']({ run })).filter(({ step }) => step === ended.step)
  return {
    ...runResult(ended, await lastCheckpoint(lab, run)),
    valBitsPerByte: ended.latest.bits_per_byte!,
    samples: samples.map(({ promptText, text }) => ({ prompt: promptText, text })),
  }
}
