// Named starting points. A preset is a whole recipe: tokenizer, model, training; whoever uses it may change any field.
import type { ModelShape } from './model-config.ts'
import type { PretrainConfig } from './pretrain-config.ts'

export interface PretrainPreset {
  readonly title: string
  readonly meaning: string
  readonly tokenizer: { kind: 'bpe' | 'character'; vocabularySize?: number }
  readonly model: Partial<ModelShape>
  readonly config: Partial<PretrainConfig>
}

export const pretrainPresets: Readonly<Record<string, PretrainPreset>> = {
  'shakespeare-char-cpu': {
    title: 'Shakespeare, character level, for a CPU',
    meaning:
      "nanoGPT's CPU recipe: 0.8 M parameters, context 64, 2,000 steps; validation loss about 1.88 nats per character.",
    tokenizer: { kind: 'character' },
    model: { family: 'gpt2', nLayer: 4, nHead: 4, nEmbd: 128, contextLength: 64 },
    config: {
      steps: 2000,
      batchSize: 12,
      learningRate: 1e-3,
      minLearningRate: 1e-4,
      warmupSteps: 100,
      beta2: 0.99,
      evalInterval: 250,
      evalBatches: 20,
      samplePrompts: ['\n', 'ROMEO:', 'O '],
    },
  },
  'shakespeare-char-gpu': {
    title: 'Shakespeare, character level, for a GPU',
    meaning: "nanoGPT's baby GPT without dropout: 10.6 M parameters, context 256, 5,000 steps.",
    tokenizer: { kind: 'character' },
    model: { family: 'gpt2', nLayer: 6, nHead: 6, nEmbd: 384, contextLength: 256 },
    config: {
      steps: 5000,
      batchSize: 64,
      learningRate: 1e-3,
      minLearningRate: 1e-4,
      warmupSteps: 100,
      beta2: 0.99,
      evalInterval: 250,
      evalBatches: 20,
      samplePrompts: ['\n', 'ROMEO:', 'O '],
    },
  },
  'starter-world': {
    title: 'Starter world',
    meaning:
      'A small model of an invented archipelago, minutes on any laptop; the base of the built-in demo.',
    tokenizer: { kind: 'bpe', vocabularySize: 768 },
    model: { family: 'gpt2', nLayer: 3, nHead: 4, nEmbd: 128, contextLength: 96 },
    config: {
      steps: 3200,
      batchSize: 8,
      learningRate: 2e-3,
      minLearningRate: 2e-4,
      warmupSteps: 160,
      weightDecay: 0.05,
      beta2: 0.95,
      evalInterval: 400,
      checkpointInterval: 800,
      evalBatches: 10,
      samplePrompts: ['', 'The village', 'Which island does'],
    },
  },
}

/** Rungs of the size ladder, by width and depth; head width 32 below 256 and 64 above, as small GPTs do. */
export const sizeLadder: readonly {
  readonly name: string
  readonly model: Pick<ModelShape, 'nLayer' | 'nHead' | 'nEmbd' | 'contextLength'>
}[] = [
  { name: 'tiny', model: { nLayer: 2, nHead: 2, nEmbd: 64, contextLength: 64 } },
  { name: 'small', model: { nLayer: 4, nHead: 4, nEmbd: 128, contextLength: 128 } },
  { name: 'medium', model: { nLayer: 6, nHead: 4, nEmbd: 256, contextLength: 256 } },
  { name: 'large', model: { nLayer: 6, nHead: 6, nEmbd: 384, contextLength: 256 } },
  { name: 'huge', model: { nLayer: 8, nHead: 8, nEmbd: 512, contextLength: 512 } },
  { name: 'gpt2-small', model: { nLayer: 12, nHead: 12, nEmbd: 768, contextLength: 1024 } },
]
