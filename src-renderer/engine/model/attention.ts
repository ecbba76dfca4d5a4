// The attention half of a block: projections to queries, keys and values, causal self-attention, projection back.
// GPT-2 has one fused projection with biases; Llama has three, rotary positions and grouped key/value heads.
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import type { AttentionShape, DecodePlace, DeviceArray, Kernels } from '../kernels/kernels.ts'
import { INIT_STD, Linear } from './linear.ts'
import type { DefineParameter } from './parameter.ts'

/** How the rows of a batch are cut into sequences, and those into segments. */
export interface Sequences
  extends Pick<AttentionShape, 'batchSize' | 'length' | 'lengths' | 'segmentStarts'> {
  /** (B·T): of every row in its segment, where there are any. */
  readonly positions?: Int32Array
}

/** What the backward pass needs beside x. q and k are as attention sees them, rotated. */
export interface AttentionSaved {
  readonly q: DeviceArray
  readonly k: DeviceArray
  readonly v: DeviceArray
  readonly out: DeviceArray
  readonly inner: DeviceArray[]
}

/** Keys and values of B sequences' positions so far, (B, contextLength, nKvHead·headDim) each. */
export interface KvCache {
  readonly k: DeviceArray
  readonly v: DeviceArray
}

/** Queries, keys and values from x (N, C) and back; the only part in which the families differ. */
interface Projections {
  /** @param positions of the rows, where they are not 0 … length − 1 of every sequence */
  forward(
    x: DeviceArray,
    length: number,
    positions?: Int32Array,
  ): { q: DeviceArray; k: DeviceArray; v: DeviceArray }
  backward(
    d: { dq: DeviceArray; dk: DeviceArray; dv: DeviceArray },
    x: DeviceArray,
    length: number,
    positions?: Int32Array,
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

  #shape({ batchSize, length, lengths, segmentStarts }: Sequences): AttentionShape {
    const { nHead, nKvHead, nEmbd } = this.#config
    return { batchSize, length, lengths, segmentStarts, nHead, nKvHead, headDim: nEmbd / nHead }
  }

  /** x (B·T, C), residual (B·T, C) → residual + attention(x) */
  forward(
    x: DeviceArray,
    residual: DeviceArray,
    sequences: Sequences,
  ): { out: DeviceArray; saved: AttentionSaved } {
    const { q, k, v } = this.#projections.forward(x, sequences.length, sequences.positions)
    const attended = this.#kernels.attention(q, k, v, this.#shape(sequences))
    const saved = { q, k, v, out: attended.out, inner: attended.saved }
    return { out: this.#out.forward(attended.out, residual), saved }
  }

  /** dOut (B·T, C) → dx (B·T, C), without the residual's share */
  backward(
    dOut: DeviceArray,
    x: DeviceArray,
    { q, k, v, out, inner }: AttentionSaved,
    sequences: Sequences,
  ): DeviceArray {
    const dAttended = this.#out.backward(dOut, out)
    const d = this.#kernels.attentionBackward(dAttended, q, k, v, out, inner, this.#shape(sequences))
    return this.#projections.backward(d, x, sequences.length, sequences.positions)
  }

  /** One new token per sequence of `place`: x and residual (A, C). Uses up the cache. */
  decode(
    x: DeviceArray,
    residual: DeviceArray,
    cache: KvCache,
    place: DecodePlace,
  ): { out: DeviceArray; cache: KvCache } {
    const { q, k, v } = this.#projections.forward(x, 1, place.positions)
    const shape = this.#shape({ batchSize: place.slots.length, length: 1 })
    const attended = this.#kernels.decodeAttention(q, k, v, cache, place, shape)
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
    forward: (x, length, positions) => ({
      q: kernels.rope(query.forward(x), length, headDim, ropeTheta, { positions }),
      k: kernels.rope(key.forward(x), length, headDim, ropeTheta, { positions }),
      v: value.forward(x),
    }),
    backward({ dq, dk, dv }, x, length, positions) {
      const back = (d: DeviceArray) =>
        kernels.rope(d, length, headDim, ropeTheta, { inverse: true, positions })
      const ofQuery = query.backward(back(dq), x)
      const ofBoth = key.backward(back(dk), x, { residual: ofQuery })
      return value.backward(dv, x, { residual: ofBoth })
    },
  }
}
