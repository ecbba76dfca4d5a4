// The models that speed is told on. One size is one model with the batch it is trained at and the text it writes.
import { type ModelConfig, parseModelShape, resolveModel } from '../config/model-config.ts'

export interface BenchSize {
  readonly name: string
  readonly model: ModelConfig
  /** Sequences of a training step, each as long as the context. */
  readonly batchSize: number
  /** Sequences written together, from one token each, and new tokens of each. */
  readonly generation: { readonly batchSize: number; readonly newTokens: number }
}

/** GPT-2's family, the head tied. */
const gpt2 = (
  [nLayer, nEmbd, nHead]: readonly [number, number, number],
  contextLength: number,
  vocabularySize: number,
): ModelConfig => resolveModel(parseModelShape({ nLayer, nHead, nEmbd, contextLength }), vocabularySize)

export const benchSizeNames = ['minimal', 'small', 'medium', 'large'] as const
export type BenchSizeName = (typeof benchSizeNames)[number]

/** From small to large. */
export const benchSizes: Readonly<Record<BenchSizeName, BenchSize>> = {
  /** For GPUs emulated on the CPU, where one step of `small` takes minutes. */
  minimal: {
    name: 'minimal',
    model: gpt2([1, 64, 2], 32, 64),
    batchSize: 2,
    generation: { batchSize: 4, newTokens: 16 },
  },
  /** 0.84 M parameters: the model that the project's claims about speed are made on. */
  small: {
    name: 'small',
    model: gpt2([4, 128, 4], 128, 256),
    batchSize: 8,
    generation: { batchSize: 16, newTokens: 128 },
  },
  /** 10.8 M parameters: nanoGPT's character model of Shakespeare, which it counts as 10.65 M without positions and biases. */
  medium: {
    name: 'medium',
    model: gpt2([6, 384, 6], 256, 65),
    batchSize: 4,
    generation: { batchSize: 16, newTokens: 128 },
  },
  /** 124 M parameters: GPT-2 small, at a quarter of its context. */
  large: {
    name: 'large',
    model: gpt2([12, 768, 12], 256, 50_257),
    batchSize: 1,
    generation: { batchSize: 4, newTokens: 16 },
  },
}
