// Shapes that several parts of the lab's contract share.
import * as v from 'valibot'
import { labErrorFacts } from './errors.ts'
import { count, id } from './method.ts'

export const page = { offset: count, limit: v.pipe(count, v.maxValue(1000)) }
export const ok = v.object({})
export const job = v.object({ job: id })

/** Rows at the beginning of a file that a preview of it looks at. */
export const PREVIEWED_ROWS = 500

export const rejection = v.object({
  file: v.string(),
  line: v.nullable(count),
  reason: v.string(),
  preview: v.string(),
})
export type Rejection = v.InferOutput<typeof rejection>

/** One token as drawn: ids and the bytes it stands for; `text` is null where the bytes are not whole characters. */
export const tokenPiece = v.object({
  id: count,
  text: v.nullable(v.string()),
  bytes: v.array(count),
  special: v.boolean(),
})
export type TokenPiece = v.InferOutput<typeof tokenPiece>
export const estimate = v.object({
  parameters: v.object({ embedding: count, blocks: count, head: count, total: count, matmul: count }),
  /** Weights, gradients, moments, activations, in bytes. */
  memory: v.object({
    weights: v.number(),
    optimizer: v.number(),
    activations: v.number(),
    total: v.number(),
    available: v.nullable(v.number()),
    fits: v.boolean(),
  }),
  tokensPerStep: count,
  plannedTokens: v.number(),
  /** Planned tokens per parameter; about 20 is compute-optimal (Hoffmann et al. 2022). */
  tokensPerParameter: v.number(),
  flops: v.number(),
  /** From the last measured speed on this device; null before anything ran here. */
  minutes: v.nullable(v.number()),
  /** What stands in the way, each a sentence. Empty = may start. */
  problems: v.array(labErrorFacts),
})
export type Estimate = v.InferOutput<typeof estimate>
