// Our model config as the files that Hugging Face's transformers reads, and back: config.json of GPT2LMHeadModel and
// LlamaForCausalLM, of the two …ForSequenceClassification where the head scores, and generation_config.json. What our
// transformer cannot compute is refused, never ignored.
import { LabError } from '../contract/errors.ts'
import { type ModelConfig, modelFields } from './model-config.ts'

export interface TokenIds {
  /** Starts every document and ends every text. */
  readonly endOfText: number
  readonly pad: number
}

type Json = Record<string, unknown>

const tokenIds = ({ endOfText, pad }: TokenIds): Json => ({
  bos_token_id: endOfText,
  eos_token_id: endOfText,
  pad_token_id: pad,
})

/** What brings a reward model's scores to mean 0 and standard deviation 1 over fresh answers of the model it came from. */
export interface RewardScale {
  readonly mean: number
  readonly std: number
}

const architectures: Readonly<Record<ModelConfig['family'], { tokens: string; score: string }>> = {
  gpt2: { tokens: 'GPT2LMHeadModel', score: 'GPT2ForSequenceClassification' },
  llama: { tokens: 'LlamaForCausalLM', score: 'LlamaForSequenceClassification' },
}

/** One label is a regression: transformers would make two of none. */
const scoring = (scale: RewardScale | undefined): Json => ({
  problem_type: 'regression',
  id2label: { 0: 'reward' },
  label2id: { reward: 0 },
  ...(scale ? { reward_mean: scale.mean, reward_std: scale.std } : {}),
})

/**
 * The content of config.json. Dropout is 0, since this lab trains without it.
 * @param scale of a model that scores; transformers keeps the two fields and reads them not
 */
export function toHuggingFaceConfig(model: ModelConfig, ids: TokenIds, scale?: RewardScale): Json {
  const common = {
    architectures: [architectures[model.family][model.head ?? 'tokens']],
    ...(model.head === 'score' ? scoring(scale) : {}),
    tie_word_embeddings: model.tieEmbeddings,
    vocab_size: model.vocabularySize,
    initializer_range: 0.02,
    use_cache: true,
    torch_dtype: 'float32',
    ...tokenIds(ids),
  }
  if (model.family === 'gpt2')
    return {
      model_type: 'gpt2',
      activation_function: 'gelu_new',
      n_layer: model.nLayer,
      n_head: model.nHead,
      n_embd: model.nEmbd,
      n_inner: model.nInner,
      n_positions: model.contextLength,
      layer_norm_epsilon: model.normEpsilon,
      attn_pdrop: 0,
      embd_pdrop: 0,
      resid_pdrop: 0,
      ...common,
    }
  return {
    model_type: 'llama',
    hidden_act: 'silu',
    num_hidden_layers: model.nLayer,
    num_attention_heads: model.nHead,
    num_key_value_heads: model.nKvHead,
    head_dim: model.nEmbd / model.nHead,
    hidden_size: model.nEmbd,
    intermediate_size: model.nInner,
    max_position_embeddings: model.contextLength,
    rms_norm_eps: model.normEpsilon,
    rope_theta: model.ropeTheta,
    rope_scaling: null,
    attention_bias: false,
    attention_dropout: 0,
    mlp_bias: false,
    ...common,
  }
}

/**
 * The content of generation_config.json.
 * @param assistantEnd the id of <|assistant_end|>, for a model that answers: other tools stop there too
 */
export const toGenerationConfig = (ids: TokenIds, assistantEnd?: number): Json => ({
  ...tokenIds(ids),
  ...(assistantEnd === undefined ? {} : { eos_token_id: [ids.endOfText, assistantEnd] }),
  do_sample: true,
})

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const refuse = (field: string, expected: string, got: unknown): LabError =>
  new LabError({
    code: 'unsupported',
    what: `this model cannot be computed here: ${field}`,
    where: 'config.json',
    expected,
    got: JSON.stringify(got) ?? 'nothing',
    fix: 'use a GPT-2 or Llama model of the plain kind',
  })

/** Fields that change what a model computes, with the only values our transformer has; absent means the first. */
const fixed: Readonly<Record<ModelConfig['family'], Readonly<Record<string, readonly unknown[]>>>> = {
  gpt2: {
    activation_function: ['gelu_new', 'gelu_pytorch_tanh'],
    scale_attn_weights: [true],
    scale_attn_by_inverse_layer_idx: [false],
    add_cross_attention: [false],
  },
  llama: {
    hidden_act: ['silu', 'swish'],
    rope_scaling: [null],
    attention_bias: [false],
    mlp_bias: [false],
    pretraining_tp: [1],
  },
}

/**
 * The model that a config.json describes.
 * @throws LabError `unsupported` naming the field: another model type, activation, scaling, bias or head width;
 *   or a number that is missing or out of range
 */
export function fromHuggingFaceConfig(given: Json): ModelConfig {
  // transformers 5 nests what version 4 wrote flat.
  const { rope_parameters: rope, ...flat } = given
  const config: Json = isObject(rope)
    ? { ...flat, rope_theta: rope.rope_theta, rope_scaling: rope.rope_type === 'default' ? null : rope }
    : flat
  const type = config.model_type
  if (type !== 'gpt2' && type !== 'llama') throw refuse('model_type', 'gpt2 or llama', type)
  for (const [field, values] of Object.entries(fixed[type]))
    if (field in config && !values.includes(config[field]))
      throw refuse(field, values.map(value => JSON.stringify(value)).join(' or '), config[field])

  const scores =
    Array.isArray(config.architectures) && config.architectures.includes(architectures[type].score)
  const labels = isObject(config.id2label) ? Object.keys(config.id2label).length : config.num_labels
  if (scores && labels !== 1) throw refuse('id2label', 'one label, which is the score', config.id2label)

  const number = (field: string, fallback?: number, least = 1): number => {
    const value = config[field] ?? fallback
    if (
      typeof value !== 'number' ||
      !Number.isFinite(value) ||
      value < least ||
      (least === 1 && value % 1 !== 0)
    )
      throw refuse(field, least === 1 ? 'a whole number of at least 1' : 'a positive number', config[field])
    return value
  }
  const isGpt2 = type === 'gpt2'
  const nEmbd = number(isGpt2 ? 'n_embd' : 'hidden_size')
  const nHead = number(isGpt2 ? 'n_head' : 'num_attention_heads')
  const nKvHead = isGpt2 ? nHead : number('num_key_value_heads', nHead)
  const headDim = isGpt2 ? nEmbd / nHead : number('head_dim', nEmbd / nHead)
  if (headDim % 1 !== 0 || headDim * nHead !== nEmbd)
    throw refuse('head_dim', 'the width divided by the heads, a whole number', headDim)
  if (!isGpt2 && headDim % 2 !== 0) throw refuse('head_dim', 'an even number, for rotary positions', headDim)
  if (nHead % nKvHead !== 0) throw refuse('num_key_value_heads', `a divisor of ${nHead}`, nKvHead)
  // transformers leaves the field out where it has the family's default.
  const tied = config.tie_word_embeddings ?? isGpt2
  if (typeof tied !== 'boolean') throw refuse('tie_word_embeddings', 'true or false', tied)
  return {
    family: type,
    nLayer: number(isGpt2 ? 'n_layer' : 'num_hidden_layers'),
    nHead,
    nKvHead,
    nEmbd,
    nInner: isGpt2 ? number('n_inner', 4 * nEmbd) : number('intermediate_size'),
    contextLength: number(isGpt2 ? 'n_positions' : 'max_position_embeddings'),
    vocabularySize: number('vocab_size'),
    tieEmbeddings: tied,
    normEpsilon: number(isGpt2 ? 'layer_norm_epsilon' : 'rms_norm_eps', isGpt2 ? 1e-5 : 1e-6, 0),
    ropeTheta: isGpt2 ? modelFields.ropeTheta.default : number('rope_theta', 10000, 0),
    ...(scores ? { head: 'score' } : {}),
  }
}

/** The scale in a reward model's config.json; null where there is none, or none that could be divided by. */
export function rewardScaleOf({ reward_mean: mean, reward_std: std }: Json): RewardScale | null {
  const whole = typeof mean === 'number' && typeof std === 'number'
  return whole && Number.isFinite(mean) && Number.isFinite(std) && std >= 0 ? { mean, std } : null
}
