// One transformer block, pre-norm: x + attention(norm(x)), then the same with the MLP (Radford et al. 2019, §2.3).
// The normalised inputs are computed again in the backward pass instead of kept.
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import type { DecodePlace, DeviceArray, Kernels } from '../kernels/kernels.ts'
import { type AttentionSaved, CausalSelfAttention, type KvCache, type Sequences } from './attention.ts'
import { GeluMlp, type Mlp, SwigluMlp } from './mlp.ts'
import { Norm } from './norm.ts'
import type { DefineParameter } from './parameter.ts'

export interface BlockSaved {
  readonly x: DeviceArray
  readonly attention: AttentionSaved
  /** After attention, before the MLP. */
  readonly middle: DeviceArray
  readonly mlp: DeviceArray[]
}

export class Block {
  readonly #kernels: Kernels
  readonly #attentionNorm: Norm
  readonly #attention: CausalSelfAttention
  readonly #mlpNorm: Norm
  readonly #mlp: Mlp

  constructor(kernels: Kernels, define: DefineParameter, config: ModelConfig, index: number) {
    const gpt2 = config.family === 'gpt2'
    const name = gpt2 ? `transformer.h.${index}` : `model.layers.${index}`
    this.#kernels = kernels
    this.#attentionNorm = new Norm(kernels, define, config, `${name}.${gpt2 ? 'ln_1' : 'input_layernorm'}`)
    this.#attention = new CausalSelfAttention(
      kernels,
      define,
      config,
      `${name}.${gpt2 ? 'attn' : 'self_attn'}`,
    )
    this.#mlpNorm = new Norm(kernels, define, config, `${name}.${gpt2 ? 'ln_2' : 'post_attention_layernorm'}`)
    this.#mlp = new (gpt2 ? GeluMlp : SwigluMlp)(kernels, define, config, `${name}.mlp`)
  }

  /** x (B·T, C) → (B·T, C) */
  forward(x: DeviceArray, sequences: Sequences): { out: DeviceArray; saved: BlockSaved } {
    return this.#kernels.scope(() => {
      const attended = this.#attention.forward(this.#attentionNorm.forward(x), x, sequences)
      const middle = attended.out
      const { out, saved: mlp } = this.#mlp.forward(this.#mlpNorm.forward(middle), middle)
      return { out, saved: { x, attention: attended.saved, middle, mlp } }
    })
  }

  /** dOut (B·T, C) → dx (B·T, C). Frees what the forward pass saved, but x. */
  backward(dOut: DeviceArray, saved: BlockSaved, sequences: Sequences): DeviceArray {
    const { x, attention, middle, mlp } = saved
    const dMiddle = this.#kernels.scope(() => {
      const dNormed = this.#mlp.backward(dOut, this.#mlpNorm.forward(middle), mlp)
      return this.#mlpNorm.backward(dNormed, middle, dOut)
    })
    this.#kernels.free(middle, ...mlp)
    const dx = this.#kernels.scope(() => {
      const normed = this.#attentionNorm.forward(x)
      const dNormed = this.#attention.backward(dMiddle, normed, attention, sequences)
      return this.#attentionNorm.backward(dNormed, x, dMiddle)
    })
    const { q, k, v, out, inner } = attention
    this.#kernels.free(q, k, v, out, ...inner, dMiddle)
    return dx
  }

  /** `forward` for texts to be continued: their keys and values go to `slots` of the cache, which is used up. */
  prefill(
    x: DeviceArray,
    cache: KvCache,
    slots: Int32Array,
    sequences: Sequences,
  ): { out: DeviceArray; cache: KvCache } {
    return this.#kernels.scope(() => {
      const { out, saved } = this.forward(x, sequences)
      const k = this.#kernels.writeCache(cache.k, saved.attention.k, slots)
      const v = this.#kernels.writeCache(cache.v, saved.attention.v, slots)
      return { out, cache: { k, v } }
    })
  }

  /** One new token per sequence of `place`: x (A, C). Uses up the cache. */
  decode(x: DeviceArray, cache: KvCache, place: DecodePlace): { out: DeviceArray; cache: KvCache } {
    return this.#kernels.scope(() => {
      const attended = this.#attention.decode(this.#attentionNorm.forward(x), x, cache, place)
      const { out } = this.#mlp.forward(this.#mlpNorm.forward(attended.out), attended.out)
      return { out, cache: attended.cache }
    })
  }
}
