// The attention half of a block: projections to queries, keys and values, causal self-attention, projection back.
// GPT-2 has one fused projection with biases; Llama has three, rotary positions and grouped key/value heads.
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import type { AttentionShape, DeviceArray, Kernels } from '../kernels/kernels.ts'
import { INIT_STD, Linear } from './linear.ts'
import type { DefineParameter } from './parameter.ts'

/** What the backward pass needs beside x. q and k are as attention sees them, rotated. */
export interface AttentionSaved {
  readonly q: DeviceArray
  readonly k: DeviceArray
  readonly v: DeviceArray
  readonly out: DeviceArray
  readonly inner: DeviceArray[]
}

/** Keys and values of all positions so far, (B, contextLength, nKvHead·headDim) each. */
export interface KvCache {
  readonly k: DeviceArray
  readonly v: DeviceArray
}

/** Queries, keys and values from x (N, C) and back; the only part in which the families differ. */
interface Projections {
  /** @param start position of the first row of a sequence */
  forward(x: DeviceArray, length: number, start: number): { q: DeviceArray; k: DeviceArray; v: DeviceArray }
  backward(
    d: { dq: DeviceArray; dk: DeviceArray; dv: DeviceArray },
    x: DeviceArray,
    length: number,
  ): DeviceArray
}

export class CausalSelfAttention {
  readonly #kernels: Kernels
  readonly #config: ModelConfig
  readonly #projections: Projections
  readonly #out: Linear

  constructor(kernels: Kernels, define: DefineParameter, config: ModelConfig, name: string) {
    const { nEmbd, nLayer, family } = config
    this.#kernels = kernels
    this.#config = config
    const gpt2 = family === 'gpt2'
    this.#projections = gpt2
      ? fusedProjections(kernels, define, config, name)
      : rotaryProjections(kernels, define, config, name)
    this.#out = new Linear(kernels, define, {
      name: `${name}.${gpt2 ? 'c_proj' : 'o_proj'}`,
      inputs: nEmbd,
      outputs: nEmbd,
      bias: gpt2,
      std: INIT_STD / Math.sqrt(2 * nLayer),
      layout: gpt2 ? 'in-out' : 'out-in',
    })
  }

  #shape(batchSize: number, length: number): AttentionShape {
    const { nHead, nKvHead, nEmbd } = this.#config
    return { batchSize, length, nHead, nKvHead, headDim: nEmbd / nHead }
  }

  /** x (B·T, C), residual (B·T, C) → residual + attention(x) */
  forward(
    x: DeviceArray,
    residual: DeviceArray,
    batchSize: number,
    length: number,
  ): { out: DeviceArray; saved: AttentionSaved } {
    const { q, k, v } = this.#projections.forward(x, length, 0)
    const attended = this.#kernels.attention(q, k, v, this.#shape(batchSize, length))
    const saved = { q, k, v, out: attended.out, inner: attended.saved }
    return { out: this.#out.forward(attended.out, residual), saved }
  }

  /** dOut (B·T, C) → dx (B·T, C), without the residual's share */
  backward(
    dOut: DeviceArray,
    x: DeviceArray,
    { q, k, v, out, inner }: AttentionSaved,
    batchSize: number,
    length: number,
  ): DeviceArray {
    const dAttended = this.#out.backward(dOut, out)
    const d = this.#kernels.attentionBackward(dAttended, q, k, v, out, inner, this.#shape(batchSize, length))
    return this.#projections.backward(d, x, length)
  }

  /** One new token per sequence: x and residual (B, C) at `position`. */
  decode(
    x: DeviceArray,
    residual: DeviceArray,
    cache: KvCache,
    position: number,
  ): { out: DeviceArray; cache: KvCache } {
    const { q, k, v } = this.#projections.forward(x, 1, position)
    const shape = this.#shape(x.shape[0]!, 1)
    const attended = this.#kernels.decodeAttention(q, k, v, cache, position, shape)
    return { out: this.#out.forward(attended.out, residual), cache: attended.cache }
  }
}

function fusedProjections(
  kernels: Kernels,
  define: DefineParameter,
  { nEmbd }: ModelConfig,
  name: string,
): Projections {
  const widths = [nEmbd, nEmbd, nEmbd]
  const fused = new Linear(kernels, define, {
    name: `${name}.c_attn`,
    inputs: nEmbd,
    outputs: 3 * nEmbd,
    bias: true,
    std: INIT_STD,
    layout: 'in-out',
  })
  return {
    forward(x) {
      const [q, k, v] = kernels.splitColumns(fused.forward(x), widths) as [
        DeviceArray,
        DeviceArray,
        DeviceArray,
      ]
      return { q, k, v }
    },
    backward: ({ dq, dk, dv }, x) => fused.backward(kernels.joinColumns([dq, dk, dv]), x),
  }
}

function rotaryProjections(
  kernels: Kernels,
  define: DefineParameter,
  { nEmbd, nHead, nKvHead, ropeTheta }: ModelConfig,
  name: string,
): Projections {
  const headDim = nEmbd / nHead
  const project = (letter: string, heads: number) =>
    new Linear(kernels, define, {
      name: `${name}.${letter}_proj`,
      inputs: nEmbd,
      outputs: heads * headDim,
      bias: false,
      std: INIT_STD,
      layout: 'out-in',
    })
  const query = project('q', nHead)
  const key = project('k', nKvHead)
  const value = project('v', nKvHead)
  return {
    forward: (x, length, start) => ({
      q: kernels.rope(query.forward(x), length, headDim, ropeTheta, { start }),
      k: kernels.rope(key.forward(x), length, headDim, ropeTheta, { start }),
      v: value.forward(x),
    }),
    backward({ dq, dk, dv }, x, length) {
      const back = (d: DeviceArray) => kernels.rope(d, length, headDim, ropeTheta, { inverse: true })
      const dx = kernels.add(query.backward(back(dq), x), key.backward(back(dk), x))
      return kernels.add(dx, value.backward(dv, x))
    },
  }
}
