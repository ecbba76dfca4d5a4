// The numbers by which JavaScript names a kernel, and what it is to do, to the WASM module; both sides read this file.
export const PACK = 0
export const GEMM = 1
export const DOT_ROWS = 2
export const GELU = 3
export const GELU_BACKWARD = 4
export const SWIGLU = 5
export const SWIGLU_BACKWARD = 6
export const ADD = 7
export const COPY_ROWS = 8
export const LAYER_NORM = 9
export const LAYER_NORM_BACKWARD = 10
export const RMS_NORM = 11
export const RMS_NORM_BACKWARD = 12
export const SUM_PARTIALS = 13
export const EMBED = 14
export const EMBED_BACKWARD = 15
export const ADD_POSITIONS = 16
export const ADD_POSITIONS_BACKWARD = 17
export const ROPE = 18
export const ATTENTION_PACK = 19
export const ATTENTION = 20
export const ATTENTION_BACKWARD = 21
export const DECODE_ATTENTION = 22
export const HEAD_LOG_PROBS = 23
export const HEAD_D_LOGITS = 24
export const SQUARES = 25
export const ADAMW = 26
export const FMA_RATE = 27
export const COPY_RATE = 28

/** What is done to a chunk of a product when its sum is complete. */
export const PLAIN = 0
export const WITH_GELU = 1
export const TIMES_GELU_SLOPE = 2

/** Floating-point operations of a round of FMA_RATE: 12 chains × 4 lanes × 2. */
export const FLOPS_PER_ROUND = 96
