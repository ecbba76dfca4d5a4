// Answers of the policy to the prompts of an update, and how they are laid out for a forward pass.
import { packedTokens } from '../../../../src-shared/batches/packed-tokens.ts'
import { packBestFit } from '../../../../src-shared/batches/packing.ts'
import type { TokenBatch } from '../../../../src-shared/contract/engine-contract.ts'
import { randomStream } from '../../../../src-shared/random/counter.ts'
import { generateBatch } from '../../generate/generate.ts'
import type { Transformer } from '../../model/transformer.ts'
import type { Rollouts } from './experience.ts'

/** The distribution that is sampled must be the one whose log-probs are taken: a filter would make the KL wrong, even negative. */
const UNFILTERED = { temperature: 1, topK: 0, topP: 1 }

export interface RolloutRequest {
  readonly prompts: readonly Int32Array[]
  /** Of the answer to prompt i. */
  readonly seedOf: (i: number) => number
  readonly stopTokens: readonly number[]
  /** Longest response; the context may leave room for less. */
  readonly responseLength: number
  /** Asked before every token. */
  readonly shouldStop?: () => boolean
}

/** The seed of the draws of answer number `episode` of a run: never of another purpose's or seed's. */
export const samplingSeed = (seed: number, purpose: string, episode: number): number =>
  randomStream(seed, `ppo/${purpose}`, episode).uint32()

/** @returns null where `shouldStop` ended it */
export async function sampleRollouts(
  policy: Transformer,
  { prompts, seedOf, stopTokens, responseLength, shouldStop }: RolloutRequest,
): Promise<Rollouts | null> {
  const { contextLength } = policy.config
  const answers = await generateBatch(
    policy,
    prompts.map((tokens, i) => ({
      tokens,
      stopTokens,
      sampling: {
        ...UNFILTERED,
        maxTokens: Math.min(responseLength, contextLength - tokens.length),
        seed: seedOf(i),
      },
      ...(shouldStop ? { shouldStop } : {}),
    })),
  )
  if (answers.some(({ stopped }) => stopped === 'stopped')) return null
  return rolloutsOf(
    prompts,
    answers.map(({ tokens }) => tokens),
    answers.map(({ stopped }) => stopped === 'end'),
  )
}

export function rolloutsOf(
  prompts: readonly Int32Array[],
  responses: readonly Int32Array<ArrayBuffer>[],
  stopped: readonly boolean[],
): Rollouts {
  const starts = new Int32Array(responses.length + 1)
  for (const [i, { length }] of responses.entries()) starts[i + 1] = starts[i]! + length
  return { prompts, responses, stopped, starts }
}

/** Some answers with their prompts, as one forward pass reads them. M = tokens of their responses. */
export interface RolloutBatch extends Required<TokenBatch> {
  /** (M): index into the lists of length N, answer by answer. */
  readonly indices: Int32Array<ArrayBuffer>
  /** (M): place of (B·T) from which the token is predicted: that of the token before it. */
  readonly places: Int32Array<ArrayBuffer>
  /** (R): place of each answer's last token, where a reward model reads its score. */
  readonly ends: Int32Array<ArrayBuffer>
}

/** @param chosen numbers of the answers, in the order in which their tokens are told */
export function rolloutBatch(
  { prompts, responses, starts }: Rollouts,
  chosen: readonly number[],
  contextLength: number,
): RolloutBatch {
  const lengths = chosen.map(i => prompts[i]!.length + responses[i]!.length)
  const rows = [...packBestFit(lengths, contextLength, i => i)]
  const length = Math.max(...rows.map(row => row.reduce((sum, i) => sum + lengths[i]!, 0)))
  const firstPlaces = new Int32Array(chosen.length)
  const packed = packedTokens(
    rows,
    length,
    0,
    i => Int32Array.of(...prompts[chosen[i]!]!, ...responses[chosen[i]!]!),
    (i, place) => {
      firstPlaces[i] = place
    },
  )
  const targets = new Int32Array(packed.tokens.length).fill(-1)
  const indices: number[] = []
  const places: number[] = []
  for (const [i, answer] of chosen.entries()) {
    const before = firstPlaces[i]! + prompts[answer]!.length - 1
    for (const [t, token] of responses[answer]!.entries()) {
      targets[before + t] = token
      places.push(before + t)
      indices.push(starts[answer]! + t)
    }
  }
  return {
    ...packed,
    targets,
    indices: Int32Array.from(indices),
    places: Int32Array.from(places),
    ends: Int32Array.from(chosen, (_, i) => firstPlaces[i]! + lengths[i]! - 1),
  }
}

/** Values at some places or indices, in their order. */
export const gather = (values: Float32Array, at: Int32Array): Float32Array<ArrayBuffer> =>
  Float32Array.from(at, i => values[i]!)
