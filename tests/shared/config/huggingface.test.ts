// config.json means the same model to transformers and to us.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  fromHuggingFaceConfig,
  rewardScaleOf,
  toGenerationConfig,
  toHuggingFaceConfig,
} from '../../../src-shared/config/huggingface.ts'
import { type ModelConfig, parseModelShape, resolveModel } from '../../../src-shared/config/model-config.ts'

const ids = { endOfText: 570, pad: 571 }
const model = (given: Record<string, unknown>): ModelConfig => resolveModel(parseModelShape(given), 576)

test('a GPT-2 config has the names and values of GPT2LMHeadModel', () => {
  const gpt2 = model({ nLayer: 2, nHead: 4, nEmbd: 96, contextLength: 80 })
  expect(toHuggingFaceConfig(gpt2, ids)).toMatchObject({
    architectures: ['GPT2LMHeadModel'],
    model_type: 'gpt2',
    activation_function: 'gelu_new',
    n_layer: 2,
    n_head: 4,
    n_embd: 96,
    n_inner: 384,
    n_positions: 80,
    layer_norm_epsilon: 1e-5,
    tie_word_embeddings: true,
    vocab_size: 576,
    bos_token_id: 570,
    eos_token_id: 570,
    pad_token_id: 571,
  })
})

test('a Llama config has the names and values of LlamaForCausalLM', () => {
  const llama = model({ family: 'llama', nLayer: 3, nHead: 4, nKvHead: 2, nEmbd: 64, tieEmbeddings: false })
  expect(toHuggingFaceConfig(llama, ids)).toMatchObject({
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_act: 'silu',
    num_hidden_layers: 3,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    head_dim: 16,
    hidden_size: 64,
    intermediate_size: 176,
    max_position_embeddings: 128,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    tie_word_embeddings: false,
  })
})

test('a model that scores is a sequence classifier with one label, and carries the scale of its scores', () => {
  for (const family of ['gpt2', 'llama'] as const) {
    const scoring: ModelConfig = { ...model({ family }), head: 'score' }
    const config = toHuggingFaceConfig(scoring, ids, { mean: -1.25, std: 2.5 })
    expect(config).toMatchObject({
      architectures: [family === 'gpt2' ? 'GPT2ForSequenceClassification' : 'LlamaForSequenceClassification'],
      id2label: { 0: 'reward' },
      problem_type: 'regression',
      pad_token_id: 571,
    })
    const read = JSON.parse(JSON.stringify(config))
    expect(fromHuggingFaceConfig(read)).toEqual(scoring)
    expect(rewardScaleOf(read)).toEqual({ mean: -1.25, std: 2.5 })
  }
})

test('a classifier with several labels is refused: a reward is one number', () => {
  const config = toHuggingFaceConfig({ ...model({}), head: 'score' }, ids)
  const refused = expect.objectContaining({
    facts: expect.objectContaining({ code: 'unsupported', what: expect.stringContaining('id2label') }),
  })
  for (const change of [{ id2label: { 0: 'a', 1: 'b' } }, { id2label: undefined }])
    expect(() => fromHuggingFaceConfig({ ...config, ...change })).toThrow(refused)
})

test('a scale that nothing can be divided by is none', () => {
  for (const [mean, std] of [
    [1, undefined],
    ['1', 2],
    [1, -1],
    [Number.NaN, 1],
    [1, Number.POSITIVE_INFINITY],
  ])
    expect(rewardScaleOf({ reward_mean: mean, reward_std: std })).toBeNull()
})

test('any model comes back from its config.json', () => {
  const shape = fc.record({
    family: fc.constantFrom('gpt2', 'llama'),
    nLayer: fc.integer({ min: 1, max: 96 }),
    kvGroups: fc.integer({ min: 1, max: 4 }),
    nKvHead: fc.integer({ min: 1, max: 8 }),
    headDim: fc.integer({ min: 1, max: 32 }).map(half => 2 * half),
    nInner: fc.nat(5000),
    contextLength: fc.integer({ min: 2, max: 8192 }),
    tieEmbeddings: fc.boolean(),
    normEpsilon: fc.double({ min: 1e-12, max: 0.1, noNaN: true }),
    ropeTheta: fc.double({ min: 1, max: 1e8, noNaN: true }),
  })
  fc.assert(
    fc.property(shape, ({ kvGroups, headDim, ropeTheta, ...rest }) => {
      const nHead = rest.nKvHead * kvGroups
      const given = model({
        ...rest,
        nHead,
        nEmbd: nHead * headDim,
        // GPT-2 has neither rotary positions nor shared KV heads, so its file has no place for them.
        ...(rest.family === 'llama' ? { ropeTheta } : { nKvHead: 0 }),
      })
      const file = JSON.parse(JSON.stringify(toHuggingFaceConfig(given, ids)))
      expect(fromHuggingFaceConfig(file)).toEqual(given)
    }),
  )
})

describe('files of others', () => {
  test("OpenAI's GPT-2, whose file leaves defaults out, is read", () => {
    const file = {
      activation_function: 'gelu_new',
      architectures: ['GPT2LMHeadModel'],
      layer_norm_epsilon: 1e-5,
      model_type: 'gpt2',
      n_ctx: 1024,
      n_embd: 768,
      n_head: 12,
      n_layer: 12,
      n_positions: 1024,
      vocab_size: 50257,
    }
    expect(fromHuggingFaceConfig(file)).toMatchObject({
      nInner: 3072,
      tieEmbeddings: true,
      vocabularySize: 50257,
    })
  })

  test('the nested rotary fields of transformers 5 are read', () => {
    const { rope_theta: _, rope_scaling: __, ...file } = toHuggingFaceConfig(model({ family: 'llama' }), ids)
    const nested = { ...file, rope_parameters: { rope_theta: 500000, rope_type: 'default' } }
    expect(fromHuggingFaceConfig(nested).ropeTheta).toBe(500000)
    const scaled = { ...file, rope_parameters: { rope_theta: 500000, rope_type: 'llama3', factor: 8 } }
    expect(() => fromHuggingFaceConfig(scaled)).toThrow('rope_scaling')
  })

  test.each([
    ['model_type', { model_type: 'bert' }],
    ['activation_function', { activation_function: 'relu' }],
    ['scale_attn_by_inverse_layer_idx', { scale_attn_by_inverse_layer_idx: true }],
    ['n_layer', { n_layer: undefined }],
    ['n_embd', { n_embd: '96' }],
    ['n_head', { n_head: 0 }],
    ['head_dim', { n_head: 5 }],
    ['vocab_size', { vocab_size: 1.5 }],
    ['tie_word_embeddings', { tie_word_embeddings: 'yes' }],
  ])('a %s that cannot be computed here is refused by name', (field, change) => {
    const file = { ...toHuggingFaceConfig(model({}), ids), ...change }
    expect(() => fromHuggingFaceConfig(file)).toThrow(field)
  })

  test.each([
    ['attention_bias', { attention_bias: true }],
    ['rope_scaling', { rope_scaling: { type: 'linear', factor: 2 } }],
    ['head_dim', { head_dim: 33 }],
    ['head_dim', { num_attention_heads: 128, num_key_value_heads: 128, head_dim: 1 }],
    ['num_key_value_heads', { num_key_value_heads: 3 }],
  ])('a Llama with another %s is refused by name', (field, change) => {
    const file = { ...toHuggingFaceConfig(model({ family: 'llama' }), ids), ...change }
    expect(() => fromHuggingFaceConfig(file)).toThrow(field)
  })
})

test('generation stops at the end of a text', () => {
  expect(toGenerationConfig(ids)).toEqual({
    bos_token_id: 570,
    eos_token_id: 570,
    pad_token_id: 571,
    do_sample: true,
  })
})

test('generation of a model that answers stops at the end of its answer too', () => {
  expect(toGenerationConfig(ids, 575)).toEqual({
    bos_token_id: 570,
    eos_token_id: [570, 575],
    pad_token_id: 571,
    do_sample: true,
  })
})
