// The Kernels interface: what a transformer needs from a device. The model is written once over it; `composed` does it
// with TF.js ops, `simd` (CPU cores) and `fused` (WGSL) are to do it by hand. Arrays are opaque: a TF.js tensor, a GPU
// buffer or an offset into WASM memory. Matrices are row-major; N = B·T rows.

/** An array on the device. Only the kernels that made it look inside. */
export interface DeviceArray {
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
}

/** How the rows of a batch are cut into sequences and heads. */
export interface AttentionShape {
  readonly batchSize: number
  readonly length: number
  readonly nHead: number
  readonly nKvHead: number
  readonly headDim: number
}

export interface AdamWStep {
  readonly learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly weightDecay: number
  /** 1-based. */
  readonly step: number
  /** Gradients are multiplied by this first: clipping and 1 / (valid tokens of the step). */
  readonly gradientScale: number
}

export interface Kernels {
  readonly name: 'composed' | 'simd' | 'fused'
  /** Raised whenever the order or kind of arithmetic changes: part of the fingerprint under which bits are promised. */
  readonly version: number

  // ── memory ──
  upload(values: Float32Array | Int32Array, shape: readonly number[]): DeviceArray
  read(array: DeviceArray): Promise<Float32Array<ArrayBuffer>>
  free(...arrays: DeviceArray[]): void
  /** Frees all that `body` made, but what it returns (arrays, or objects and lists of arrays) and what was kept. */
  scope<T>(body: () => T): T
  /** Lives on after the scope that made it, until freed. */
  keep<A extends DeviceArray>(array: A): A
  /** Arrays and bytes alive: equal at every step boundary. */
  memory(): { arrays: number; bytes: number }
  /** One vector of all values, in order: what AdamW and the norm work on. */
  flatten(arrays: readonly DeviceArray[]): DeviceArray
  /** The reverse: a vector, from `offset` on, cut into arrays of these shapes. */
  unflatten(flat: DeviceArray, shapes: readonly (readonly number[])[], offset?: number): DeviceArray[]
  /** x (N, Σ widths) → one (N, width) each */
  splitColumns(x: DeviceArray, widths: readonly number[]): DeviceArray[]
  /** The reverse of `splitColumns`. */
  joinColumns(arrays: readonly DeviceArray[]): DeviceArray

  // ── embedding ──
  /** tokens (N), table (V, C) → (N, C) */
  embed(tokens: DeviceArray, table: DeviceArray): DeviceArray
  /** dOut (N, C) → dTable (V, C), summed in a fixed order */
  embedBackward(dOut: DeviceArray, tokens: DeviceArray, vocabularySize: number): DeviceArray
  /** x (N, C) + positions (first `length` rows of (contextLength, C)), row n at position n mod length */
  addPositions(x: DeviceArray, positions: DeviceArray, length: number): DeviceArray
  /** dOut (N, C) → dPositions (contextLength, C) */
  addPositionsBackward(dOut: DeviceArray, length: number, contextLength: number): DeviceArray

  // ── normalisation, over the last axis ──
  layerNorm(x: DeviceArray, gain: DeviceArray, bias: DeviceArray, epsilon: number): DeviceArray
  layerNormBackward(
    dOut: DeviceArray,
    x: DeviceArray,
    gain: DeviceArray,
    epsilon: number,
  ): { dx: DeviceArray; dGain: DeviceArray; dBias: DeviceArray }
  rmsNorm(x: DeviceArray, gain: DeviceArray, epsilon: number): DeviceArray
  rmsNormBackward(
    dOut: DeviceArray,
    x: DeviceArray,
    gain: DeviceArray,
    epsilon: number,
  ): { dx: DeviceArray; dGain: DeviceArray }

  // ── linear: x (N, in) · weight (in, out) [+ bias (out)] [+ residual (N, out)] → (N, out) ──
  linear(x: DeviceArray, weight: DeviceArray, bias?: DeviceArray, residual?: DeviceArray): DeviceArray
  /** dx (N, in) = dOut · weightᵀ, dWeight (in, out) = xᵀ · dOut, dBias (out) = column sums */
  linearBackward(
    dOut: DeviceArray,
    x: DeviceArray,
    weight: DeviceArray,
    hasBias: boolean,
  ): { dx: DeviceArray; dWeight: DeviceArray; dBias?: DeviceArray }

  // ── activations ──
  add(a: DeviceArray, b: DeviceArray): DeviceArray
  /** tanh form, as GPT-2: ½x(1 + tanh(√(2/π)(x + 0.044715x³))) */
  gelu(x: DeviceArray): DeviceArray
  geluBackward(dOut: DeviceArray, x: DeviceArray): DeviceArray
  /** silu(gate) ⊙ up (Shazeer 2020) */
  swiglu(gate: DeviceArray, up: DeviceArray): DeviceArray
  swigluBackward(
    dOut: DeviceArray,
    gate: DeviceArray,
    up: DeviceArray,
  ): { dGate: DeviceArray; dUp: DeviceArray }
  /**
   * Rotates pairs (i, i + headDim/2) of every head, Hugging Face's layout; row n at position start + n mod length.
   * x (N, heads·headDim). The inverse rotates back, which is also the gradient.
   */
  rope(
    x: DeviceArray,
    length: number,
    headDim: number,
    theta: number,
    options?: { inverse?: boolean; start?: number },
  ): DeviceArray

  // ── causal self-attention: q (N, nHead·headDim), k and v (N, nKvHead·headDim) → (N, nHead·headDim) ──
  attention(
    q: DeviceArray,
    k: DeviceArray,
    v: DeviceArray,
    shape: AttentionShape,
  ): { out: DeviceArray; saved: DeviceArray[] }
  attentionBackward(
    dOut: DeviceArray,
    q: DeviceArray,
    k: DeviceArray,
    v: DeviceArray,
    out: DeviceArray,
    saved: DeviceArray[],
    shape: AttentionShape,
  ): { dq: DeviceArray; dk: DeviceArray; dv: DeviceArray }

  // ── head: log softmax(hidden · weightᵀ)[target], in chunks of rows so that (N, V) never exists whole ──
  /** hidden (N, C), weight (V, C), targets (N), −1 = not counted → log-probs (N) in nats, 0 where not counted; saved = log-sum-exp (N) */
  headLogProbs(
    hidden: DeviceArray,
    weight: DeviceArray,
    targets: DeviceArray,
  ): { logProbs: DeviceArray; saved: DeviceArray[] }
  /** dLogProbs (N) → dHidden (N, C), dWeight (V, C) */
  headLogProbsBackward(
    dLogProbs: DeviceArray,
    hidden: DeviceArray,
    weight: DeviceArray,
    targets: DeviceArray,
    saved: DeviceArray[],
  ): { dHidden: DeviceArray; dWeight: DeviceArray }
  /** hidden (N, C), weight (V, C) → logits (N, V), for sampling only */
  logits(hidden: DeviceArray, weight: DeviceArray): DeviceArray

  // ── optimizer, over one flat vector per parameter group ──
  /** √Σx² over all arrays, read back */
  globalNorm(arrays: readonly DeviceArray[]): Promise<number>
  /** Decoupled weight decay (Loshchilov & Hutter 2019, Algorithm 2). Replaces value, m and v by their successors and frees the old. */
  adamW(
    group: { value: DeviceArray; gradient: DeviceArray; m: DeviceArray; v: DeviceArray },
    step: AdamWStep,
  ): { value: DeviceArray; m: DeviceArray; v: DeviceArray }

  // ── cached decoding: one new token per sequence; caches are (B, contextLength, nKvHead·headDim) ──
  /** k or v (B·length, nKvHead·headDim) of a prefix as the start of a cache, the rest empty. */
  cacheFrom(x: DeviceArray, batchSize: number, contextLength: number): DeviceArray
  /** Writes k, v (B, nKvHead·headDim) at `position` of the caches, then attends q (B, nHead·headDim) over 0 … position. Positions only ever grow. */
  decodeAttention(
    q: DeviceArray,
    k: DeviceArray,
    v: DeviceArray,
    cache: { k: DeviceArray; v: DeviceArray },
    position: number,
    shape: AttentionShape,
  ): { out: DeviceArray; cache: { k: DeviceArray; v: DeviceArray } }
}
