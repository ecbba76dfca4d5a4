// The module: one function that runs a chunk of any kernel, and what the threads share. Built four times, with and
// without relaxed SIMD, with and without threads (build/set-up/kernels.mjs). No heap, no static data: all memory is given.
import {
  ADAMW,
  ADD,
  ADD_POSITIONS,
  ADD_POSITIONS_BACKWARD,
  ATTENTION,
  ATTENTION_BACKWARD,
  ATTENTION_PACK,
  COPY_RATE,
  COPY_ROWS,
  DECODE_ATTENTION,
  DOT_ROWS,
  EMBED,
  EMBED_BACKWARD,
  FMA_RATE,
  GELU,
  GELU_BACKWARD,
  GEMM,
  HEAD_D_LOGITS,
  HEAD_LOG_PROBS,
  LAYER_NORM,
  LAYER_NORM_BACKWARD,
  PACK,
  RMS_NORM,
  RMS_NORM_BACKWARD,
  ROPE,
  SQUARES,
  SUM_PARTIALS,
  SWIGLU,
  SWIGLU_BACKWARD,
} from '../kernel-table'
import { attention, attentionBackward, attentionPack } from './attention'
import { decodeAttention } from './decode-attention'
import { add, copyRows, gelu, geluBackward, swiglu, swigluBackward } from './elementwise'
import { addPositions, addPositionsBackward, embed, embedBackward, rope } from './embedding'
import { headDLogits, headLogProbs } from './head'
import { dotRows, gemm, pack } from './linear'
import { layerNorm, layerNormBackward, rmsNorm, rmsNormBackward, sumPartials } from './norm'
import { adamW, squares } from './optimizer'
import { copyRate, fmaRate } from './rates'
import { exp4, fma, log1, sigmoid4 } from './vector'

export { launch, launchAlone, serve, stop } from './pool'
export { defineConstants } from './vector'

export function runChunk(kernel: i32, chunk: i32): void {
  switch (kernel) {
    case PACK:
      return pack(chunk)
    case GEMM:
      return gemm(chunk)
    case DOT_ROWS:
      return dotRows(chunk)
    case GELU:
      return gelu(chunk)
    case GELU_BACKWARD:
      return geluBackward(chunk)
    case SWIGLU:
      return swiglu(chunk)
    case SWIGLU_BACKWARD:
      return swigluBackward(chunk)
    case ADD:
      return add(chunk)
    case COPY_ROWS:
      return copyRows(chunk)
    case LAYER_NORM:
      return layerNorm(chunk)
    case LAYER_NORM_BACKWARD:
      return layerNormBackward(chunk)
    case RMS_NORM:
      return rmsNorm(chunk)
    case RMS_NORM_BACKWARD:
      return rmsNormBackward(chunk)
    case SUM_PARTIALS:
      return sumPartials(chunk)
    case EMBED:
      return embed(chunk)
    case EMBED_BACKWARD:
      return embedBackward(chunk)
    case ADD_POSITIONS:
      return addPositions(chunk)
    case ADD_POSITIONS_BACKWARD:
      return addPositionsBackward(chunk)
    case ROPE:
      return rope(chunk)
    case ATTENTION_PACK:
      return attentionPack(chunk)
    case ATTENTION:
      return attention(chunk)
    case ATTENTION_BACKWARD:
      return attentionBackward(chunk)
    case DECODE_ATTENTION:
      return decodeAttention(chunk)
    case HEAD_LOG_PROBS:
      return headLogProbs(chunk)
    case HEAD_D_LOGITS:
      return headDLogits(chunk)
    case SQUARES:
      return squares(chunk)
    case ADAMW:
      return adamW(chunk)
    case FMA_RATE:
      return fmaRate()
    case COPY_RATE:
      return copyRate(chunk)
    default:
      unreachable()
  }
}

/** One value through the vector functions, for the tests of their errors. */
export function exp(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0)
}
export function sigmoid(x: f32): f32 {
  return f32x4.extract_lane(sigmoid4(f32x4.splat(x)), 0)
}
export function log(x: f32): f64 {
  return log1(x)
}

/** 1 where x·y + z is rounded once here: (1 + 2⁻¹²)² − (1 + 2⁻¹¹) is 2⁻²⁴ then, else 0. */
export function isFused(): i32 {
  const x = f32x4.splat(1.000244140625)
  const z = f32x4.splat(-1.00048828125)
  return f32x4.extract_lane(fma(x, x, z), 0) !== 0 ? 1 : 0
}
