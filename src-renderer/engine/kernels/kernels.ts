// The Kernels interface: what a transformer needs from a device. The model is written once over it; `composed` does it
// with TF.js ops, `simd` on the CPU cores by hand; `fused` (WGSL) is to follow. Arrays are opaque: a TF.js tensor, a GPU
// buffer or an offset into WASM memory. Matrices are row-major; N = B·T rows.
//
// Where a gradient "so far" may be given, it is used up: what comes back is the sum, in the same memory or another.

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
  /** (B): tokens of each sequence that count, from its start; the rows after them give 0 and get no gradient. Absent: all. */
  readonly lengths?: readonly number[]
  /** (B·T): for every row, the first position of its own sequence that it may look at; never falls along a sequence. Absent: 0. Keeps packed examples apart. */
  readonly segmentStarts?: Int32Array
}

/** Where the sequences of one decoding step are: sequence i of the step is row `slots[i]` of the caches. */
export interface DecodePlace {
  /** (A), without repetition. */
  readonly slots: Int32Array
  /** (A): index of each one's new token in its text. */
  readonly positions: Int32Array
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
  /** Those that are freed already are passed over. */
  free(...arrays: DeviceArray[]): void
  /** Frees all that `body` made, but what it returns (arrays, or objects and lists of arrays) and what was kept. */
  scope<T>(body: () => T): T
  /** Lives on after the scope that made it, until freed. */
  keep<A extends DeviceArray>(array: A): A
  /** Arrays and bytes alive: equal at every step boundary. */
  memory(): { arrays: number; bytes: number }
  /** One vector of all values, in order: what AdamW and the norm work on. A copy, or a list over the same memory. */
  flatten(arrays: readonly DeviceArray[]): DeviceArray
  /** The reverse: a vector, from `offset` on, cut into arrays of these shapes: copies, or views of the same memory. */
  unflatten(flat: DeviceArray, shapes: readonly (readonly number[])[], offset?: number): DeviceArray[]
  /** x (N, Σ widths) → one (N, width) each */
  splitColumns(x: DeviceArray, widths: readonly number[]): DeviceArray[]
  /** The reverse of `splitColumns`. */
  joinColumns(arrays: readonly DeviceArray[]): DeviceArray

  // ── embedding ──
  /** tokens (N), table (V, C) → (N, C) */
  embed(tokens: DeviceArray, table: DeviceArray): DeviceArray
  /** dOut (N, C) → dTable (V, C), summed in a fixed order, added to `dTable` so far */
  embedBackward(
    dOut: DeviceArray,
    tokens: DeviceArray,
    vocabularySize: number,
    dTable?: DeviceArray,
  ): DeviceArray
  /** x (N, C) + positions (first `length` rows of (contextLength, C)), row n at position n mod length */
  addPositions(x: DeviceArray, positions: DeviceArray, length: number): DeviceArray
  /** dOut (N, C) → dPositions (contextLength, C), added to `dPositions` so far */
  addPositionsBackward(
    dOut: DeviceArray,
    length: number,
    contextLength: number,
    dPositions?: DeviceArray,
  ): DeviceArray

  // ── normalisation, over the last axis; backward: dx [+ residual (N, C)], and the parameters' gradients so far ──
  layerNorm(x: DeviceArray, gain: DeviceArray, bias: DeviceArray, epsilon: number): DeviceArray
  layerNormBackward(
    dOut: DeviceArray,
    x: DeviceArray,
    gain: DeviceArray,
    epsilon: number,
    options?: { residual?: DeviceArray; dGain?: DeviceArray; dBias?: DeviceArray },
  ): { dx: DeviceArray; dGain: DeviceArray; dBias: DeviceArray }
  rmsNorm(x: DeviceArray, gain: DeviceArray, epsilon: number): DeviceArray
  rmsNormBackward(
    dOut: DeviceArray,
    x: DeviceArray,
    gain: DeviceArray,
    epsilon: number,
    options?: { residual?: DeviceArray; dGain?: DeviceArray },
  ): { dx: DeviceArray; dGain: DeviceArray }

  // ── linear: x (N, in) · weight (in, out) [+ bias (out)] [+ residual (N, out)] → (N, out) ──
  linear(x: DeviceArray, weight: DeviceArray, bias?: DeviceArray, residual?: DeviceArray): DeviceArray
  /** The same, and its GELU: `inner` is what the backward pass needs. */
  linearGelu(
    x: DeviceArray,
    weight: DeviceArray,
    bias?: DeviceArray,
  ): { out: DeviceArray; inner: DeviceArray }
  /**
   * dx (N, in) = dOut · weightᵀ [⊙ gelu′(inner), where x was gelu(inner)] [+ residual (N, in)],
   * dWeight (in, out) = xᵀ · dOut, dBias (out) = column sums, each added to what is given of it.
   */
  linearBackward(
    dOut: DeviceArray,
    x: DeviceArray,
    weight: DeviceArray,
    hasBias: boolean,
    options?: { inner?: DeviceArray; residual?: DeviceArray; dWeight?: DeviceArray; dBias?: DeviceArray },
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
   * Rotates pairs (i, i + headDim/2) of every head, Hugging Face's layout; row n at position n mod length, or at
   * positions[n]. x (N, heads·headDim). The inverse rotates back, which is also the gradient.
   */
  rope(
    x: DeviceArray,
    length: number,
    headDim: number,
    theta: number,
    options?: { inverse?: boolean; positions?: Int32Array },
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
  /**
   * hidden (N, C), weight (V, C), targets (N), −1 = not counted → log-probs (N) in nats, 0 where not counted; saved =
   * log-sum-exp (N). With `statistics` also entropies (N), −Σ p·ln p of all tokens in nats, and hits (N), 1 where the
   * target is the likeliest token, of equally likely ones that of the lowest id; both 0 where not counted.
   */
  headLogProbs(
    hidden: DeviceArray,
    weight: DeviceArray,
    targets: DeviceArray,
    options?: { statistics?: boolean },
  ): { logProbs: DeviceArray; saved: DeviceArray[]; entropies?: DeviceArray; hits?: DeviceArray }
  /** dLogProbs (N) → dHidden (N, C), dWeight (V, C), added to `dWeight` so far */
  headLogProbsBackward(
    dLogProbs: DeviceArray,
    hidden: DeviceArray,
    weight: DeviceArray,
    targets: DeviceArray,
    saved: DeviceArray[],
    dWeight?: DeviceArray,
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

  // ── cached decoding: caches are (B, contextLength, nKvHead·headDim), one row per slot. Each call uses up the cache
  //    that it is given and returns its successor, in the same memory or another. ──
  createCache(batchSize: number, contextLength: number, width: number): DeviceArray
  /** x (S·length, width), k or v of S prefixes → positions 0 … length − 1 of the rows `slots` (S). */
  writeCache(cache: DeviceArray, x: DeviceArray, slots: Int32Array): DeviceArray
  /**
   * One new token for each of A sequences: writes k, v (A, nKvHead·headDim) at their positions, then attends
   * q (A, nHead·headDim) over positions 0 … its own. shape.batchSize = A, shape.length = 1.
   */
  decodeAttention(
    q: DeviceArray,
    k: DeviceArray,
    v: DeviceArray,
    cache: { k: DeviceArray; v: DeviceArray },
    place: DecodePlace,
    shape: AttentionShape,
  ): { out: DeviceArray; cache: { k: DeviceArray; v: DeviceArray } }
}
