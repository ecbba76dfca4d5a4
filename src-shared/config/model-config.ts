// The shape of a transformer. Two families share one implementation: GPT-2 (Radford et al. 2019: LayerNorm, learned
// positions, GELU, biases) and Llama (Touvron et al. 2023: RMSNorm, RoPE, SwiGLU, grouped KV heads, no biases).
import * as v from 'valibot'
import { LabError } from '../contract/errors.ts'
import { type ConfigOf, field, parseConfig, real, whole } from './field.ts'

export const modelFields = {
  family: field({
    schema: v.picklist(['gpt2', 'llama']),
    default: 'gpt2',
    options: ['gpt2', 'llama'],
    label: 'Family',
    unit: '',
    meaning: 'gpt2: LayerNorm, learned positions, GELU. llama: RMSNorm, rotary positions, SwiGLU.',
    level: 'basic',
  }),
  nLayer: field({
    schema: whole(1, 96),
    default: 4,
    label: 'Layers',
    unit: 'blocks',
    meaning: 'How many transformer blocks are stacked: depth lets the model combine what it read.',
    level: 'basic',
  }),
  nHead: field({
    schema: whole(1, 128),
    default: 4,
    label: 'Heads',
    unit: 'heads',
    meaning: 'How many places each block can look at at once; must divide the width.',
    level: 'basic',
  }),
  nEmbd: field({
    schema: whole(2, 8192),
    default: 128,
    label: 'Width',
    unit: 'numbers per token',
    meaning: 'How many numbers stand for one token inside the model: width holds facts.',
    level: 'basic',
  }),
  contextLength: field({
    schema: whole(2, 8192),
    default: 128,
    label: 'Context',
    unit: 'tokens',
    meaning: 'How many tokens the model can look back on.',
    level: 'basic',
  }),
  nKvHead: field({
    schema: whole(0, 128),
    default: 0,
    label: 'KV heads',
    unit: 'heads',
    meaning: 'Llama only: key/value heads shared by groups of heads (0 = as many as heads).',
    level: 'advanced',
  }),
  nInner: field({
    schema: whole(0, 65536),
    default: 0,
    label: 'MLP width',
    unit: 'numbers',
    meaning: 'Width inside the MLP (0 = 4 × width for gpt2, ⅔ of that rounded up to 8 for llama).',
    level: 'advanced',
  }),
  tieEmbeddings: field({
    schema: v.boolean(),
    default: true,
    label: 'Tie head',
    unit: '',
    meaning: 'Use the token embedding as output head too: saves parameters in small models.',
    level: 'advanced',
  }),
  normEpsilon: field({
    schema: real(1e-12, 0.1),
    default: 1e-5,
    label: 'Norm ε',
    unit: '',
    meaning: 'Keeps the normalisation from dividing by zero.',
    level: 'advanced',
  }),
  ropeTheta: field({
    schema: real(1, 1e8),
    default: 10000,
    label: 'RoPE θ',
    unit: '',
    meaning: 'Llama only: base wavelength of the rotary positions.',
    level: 'advanced',
  }),
}

/** What a person chooses; the vocabulary size comes from the tokenizer. */
export type ModelShape = ConfigOf<typeof modelFields>

/** A complete model: every 0 ("choose for me") resolved. */
export interface ModelConfig extends ModelShape {
  vocabularySize: number
  /** Absent: next-token logits. `score`: one number for a text, in place of them (Ziegler et al. 2019 §2.1). */
  head?: 'score' | undefined
}

/**
 * Resolves defaults and refuses what cannot be built.
 * @throws LabError `bad-input`: width not divisible by heads, heads not divisible by KV heads, odd rotary head, tiny vocabulary
 */
export function resolveModel(shape: ModelShape, vocabularySize: number): ModelConfig {
  const { nEmbd, nHead, family } = shape
  const refuse = (what: string, fix: string): never => {
    throw new LabError({ code: 'bad-input', what, where: 'model', fix })
  }
  if (nEmbd % nHead !== 0) {
    const below = nEmbd - (nEmbd % nHead)
    refuse(
      `width ${nEmbd} is not divisible by ${nHead} heads`,
      `use a width of ${below > 0 ? `${below} or ` : ''}${below + nHead}, or another number of heads`,
    )
  }
  if (family === 'gpt2' && shape.nKvHead !== 0 && shape.nKvHead !== nHead)
    refuse(
      `KV heads belong to the llama family, and this is gpt2`,
      'leave nKvHead at 0, or use the family llama',
    )
  const nKvHead = family === 'llama' ? shape.nKvHead || nHead : nHead
  if (nHead % nKvHead !== 0)
    refuse(`${nHead} heads are not divisible by ${nKvHead} KV heads`, 'use a divisor of the heads')
  if (family === 'llama' && (nEmbd / nHead) % 2 !== 0)
    refuse(
      `rotary positions need an even head width, ${nEmbd} / ${nHead} = ${nEmbd / nHead}`,
      'use another width or number of heads',
    )
  if (vocabularySize < 2)
    refuse(`a vocabulary of ${vocabularySize} has nothing to predict`, 'train a tokenizer on more text')
  const nInner = shape.nInner || (family === 'gpt2' ? 4 * nEmbd : Math.ceil((8 * nEmbd) / 3 / 8) * 8)
  return { ...shape, nKvHead, nInner, vocabularySize }
}

export const parseModelShape = (given: Record<string, unknown>, where = 'model') =>
  parseConfig(modelFields, given, where)

/** Number of parameters by part; `total` is what the checkpoint holds (a tied head counts once). */
export function countParameters(c: ModelConfig): {
  embedding: number
  blocks: number
  head: number
  total: number
  matmul: number
} {
  const headDim = c.nEmbd / c.nHead
  const kv = c.nKvHead * headDim
  const attention = c.nEmbd * (c.nEmbd + 2 * kv) + c.nEmbd * c.nEmbd
  const gpt2 = c.family === 'gpt2'
  const mlp = (gpt2 ? 2 : 3) * c.nEmbd * c.nInner
  const biases = gpt2 ? c.nEmbd + 2 * kv + c.nEmbd + c.nInner + c.nEmbd : 0
  const norm = gpt2 ? 2 * c.nEmbd : c.nEmbd
  const blocks = c.nLayer * (attention + mlp + biases + 2 * norm) + norm
  const embedding = c.vocabularySize * c.nEmbd + (gpt2 ? c.contextLength * c.nEmbd : 0)
  const headMatmul = c.head === 'score' ? c.nEmbd : c.vocabularySize * c.nEmbd
  const head = c.tieEmbeddings && c.head !== 'score' ? 0 : headMatmul
  return {
    embedding,
    blocks,
    head,
    total: embedding + blocks + head,
    matmul: c.nLayer * (attention + mlp) + headMatmul,
  }
}

/**
 * Training FLOPs per token: 6 per matmul weight plus attention, 12·L·width·T/2 since it is causal
 * (Kaplan et al. 2020 §2.1; algorithms page §2.3).
 */
export const flopsPerToken = (c: ModelConfig): number =>
  6 * countParameters(c).matmul + 6 * c.nLayer * c.nEmbd * c.contextLength
