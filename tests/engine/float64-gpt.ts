// The forward pass of both families once more, in float64 and plain loops, from the tensors as the file names them. It
// shares no line with the engine: what the engine's float32 forward and backward passes are held against.
import type { ModelConfig } from '../../src-shared/config/model-config.ts'

/** Name → values, row-major, in the layout of the file. */
export type Weights = ReadonlyMap<string, Float64Array>

const rows = (x: Float64Array, width: number): Float64Array[] =>
  Array.from({ length: x.length / width }, (_, i) => x.subarray(i * width, (i + 1) * width))
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0)

/** x (in) · W, W as (in, out): GPT-2's files. */
function times(x: Float64Array, w: Float64Array, bias?: Float64Array): Float64Array {
  const out = x.length === 0 ? 0 : w.length / x.length
  return Float64Array.from({ length: out }, (_, j) =>
    x.reduce((sum, v, i) => sum + v * w[i * out + j]!, bias?.[j] ?? 0),
  )
}
/** W · x, W as (out, in): Llama's files. */
const applied = (w: Float64Array, x: Float64Array): Float64Array =>
  Float64Array.from(rows(w, x.length), row => dot(row, x))
const plus = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, i) => v + b[i]!)

function norm(
  x: Float64Array,
  gain: Float64Array,
  bias: Float64Array | undefined,
  epsilon: number,
): Float64Array {
  const mean = bias ? x.reduce((a, b) => a + b, 0) / x.length : 0
  const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length
  return x.map((v, i) => ((v - mean) / Math.sqrt(variance + epsilon)) * gain[i]! + (bias?.[i] ?? 0))
}
const gelu = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
const silu = (x: number): number => x / (1 + Math.exp(-x))

/** Su et al. 2021, in Hugging Face's layout: pairs (i, i + width/2) of each head. */
function rotated(x: Float64Array, headDim: number, position: number, theta: number): Float64Array {
  const half = headDim / 2
  return x.map((v, i) => {
    const within = i % headDim
    const angle = position * theta ** ((-2 * (within % half)) / headDim)
    const partner = within < half ? -x[i + half]! : x[i - half]!
    return v * Math.cos(angle) + partner * Math.sin(angle)
  })
}

/** Causal attention of one sequence: q (T)(nHead·headDim), k and v (T)(nKvHead·headDim). */
function attention(q: Float64Array[], k: Float64Array[], v: Float64Array[], c: ModelConfig): Float64Array[] {
  const headDim = c.nEmbd / c.nHead
  const head = (x: Float64Array, h: number) => x.subarray(h * headDim, (h + 1) * headDim)
  return q.map((query, t) => {
    const out = new Float64Array(c.nEmbd)
    for (let h = 0; h < c.nHead; h++) {
      const shared = Math.floor(h / (c.nHead / c.nKvHead))
      const scores = k.slice(0, t + 1).map(key => dot(head(query, h), head(key, shared)) / Math.sqrt(headDim))
      const largest = Math.max(...scores)
      const weights = scores.map(s => Math.exp(s - largest))
      const total = weights.reduce((a, b) => a + b, 0)
      for (const [s, weight] of weights.entries())
        for (const [i, value] of head(v[s]!, shared).entries())
          out[h * headDim + i]! += (weight / total) * value
    }
    return out
  })
}

function tensorOf(w: Weights, name: string): Float64Array {
  const tensor = w.get(name)
  if (!tensor) throw new Error(`no tensor ${name}`)
  return tensor
}

const tokenTable = (w: Weights, c: ModelConfig): Float64Array[] =>
  rows(tensorOf(w, c.family === 'gpt2' ? 'transformer.wte.weight' : 'model.embed_tokens.weight'), c.nEmbd)

/** What the head reads after each of `tokens`, one sequence: (T)(C). */
function hidden64(w: Weights, c: ModelConfig, tokens: ArrayLike<number>): Float64Array[] {
  const at = (name: string): Float64Array => tensorOf(w, name)
  const gpt2 = c.family === 'gpt2'
  const headDim = c.nEmbd / c.nHead
  const table = tokenTable(w, c)
  const positions = gpt2 ? rows(at('transformer.wpe.weight'), c.nEmbd) : []
  let x = Array.from(tokens, (token, t) => (gpt2 ? plus(table[token]!, positions[t]!) : table[token]!))
  for (let layer = 0; layer < c.nLayer; layer++) {
    if (gpt2) {
      const p = (name: string) => at(`transformer.h.${layer}.${name}`)
      const qkv = x.map(row =>
        times(
          norm(row, p('ln_1.weight'), p('ln_1.bias'), c.normEpsilon),
          p('attn.c_attn.weight'),
          p('attn.c_attn.bias'),
        ),
      )
      const part = (i: number) => qkv.map(row => row.subarray(i * c.nEmbd, (i + 1) * c.nEmbd))
      const attended = attention(part(0), part(1), part(2), c)
      x = x.map((row, t) => plus(row, times(attended[t]!, p('attn.c_proj.weight'), p('attn.c_proj.bias'))))
      x = x.map(row => {
        const inner = times(
          norm(row, p('ln_2.weight'), p('ln_2.bias'), c.normEpsilon),
          p('mlp.c_fc.weight'),
          p('mlp.c_fc.bias'),
        )
        return plus(row, times(inner.map(gelu), p('mlp.c_proj.weight'), p('mlp.c_proj.bias')))
      })
    } else {
      const p = (name: string) => at(`model.layers.${layer}.${name}.weight`)
      const normed = x.map(row => norm(row, p('input_layernorm'), undefined, c.normEpsilon))
      const [q, k] = (['q', 'k'] as const).map(letter =>
        normed.map((row, t) => rotated(applied(p(`self_attn.${letter}_proj`), row), headDim, t, c.ropeTheta)),
      ) as [Float64Array[], Float64Array[]]
      const v = normed.map(row => applied(p('self_attn.v_proj'), row))
      const attended = attention(q, k, v, c)
      x = x.map((row, t) => plus(row, applied(p('self_attn.o_proj'), attended[t]!)))
      x = x.map(row => {
        const input = norm(row, p('post_attention_layernorm'), undefined, c.normEpsilon)
        const up = applied(p('mlp.up_proj'), input)
        const inner = applied(p('mlp.gate_proj'), input).map((gate, i) => silu(gate) * up[i]!)
        return plus(row, applied(p('mlp.down_proj'), inner))
      })
    }
  }
  const last = gpt2 ? 'transformer.ln_f' : 'model.norm'
  return x.map(row => norm(row, at(`${last}.weight`), gpt2 ? at(`${last}.bias`) : undefined, c.normEpsilon))
}

/** Log-probs of `targets` after `tokens`, one sequence; 0 where the target is −1. */
export function logProbs64(
  w: Weights,
  c: ModelConfig,
  tokens: ArrayLike<number>,
  targets: ArrayLike<number>,
): number[] {
  const head = c.tieEmbeddings ? tokenTable(w, c) : rows(tensorOf(w, 'lm_head.weight'), c.nEmbd)
  return hidden64(w, c, tokens).map((hidden, t) => {
    const target = targets[t]!
    if (target < 0) return 0
    const logits = head.map(column => dot(column, hidden))
    const largest = Math.max(...logits)
    return logits[target]! - largest - Math.log(logits.reduce((sum, z) => sum + Math.exp(z - largest), 0))
  })
}

/** Scores after each of `tokens`, of a model whose head scores. */
export const scores64 = (w: Weights, c: ModelConfig, tokens: ArrayLike<number>): number[] =>
  hidden64(w, c, tokens).map(hidden => dot(tensorOf(w, 'score.weight'), hidden))

/** The score after the last of them. */
export const score64 = (w: Weights, c: ModelConfig, tokens: ArrayLike<number>): number =>
  scores64(w, c, tokens).at(-1)!
