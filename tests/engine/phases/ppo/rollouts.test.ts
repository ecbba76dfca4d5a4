// Answers packed for a forward pass are read as each alone, and as they were written.
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { generateBatch } from '../../../../src-renderer/engine/generate/generate.ts'
import type { Kernels } from '../../../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../../../src-renderer/engine/model/transformer.ts'
import { batchLogProbsAndEntropies } from '../../../../src-renderer/engine/phases/batch-log-probs.ts'
import { batchScores } from '../../../../src-renderer/engine/phases/batch-scores.ts'
import {
  gather,
  rolloutBatch,
  sampleRollouts,
  samplingSeed,
} from '../../../../src-renderer/engine/phases/ppo/rollouts.ts'
import { separateCritic } from '../../../../src-renderer/engine/phases/ppo/value-model.ts'
import { parsePpoConfig } from '../../../../src-shared/config/ppo-config.ts'
import { kernelSets } from '../../kernel-sets.ts'
import { tinyModel, widen } from '../../tiny-models.ts'
import { rolloutsOfLengths } from './tiny-rollouts.ts'

const CONTEXT = 13
const VOCABULARY = 19
const shape = tinyModel({ contextLength: CONTEXT, family: 'llama', nHead: 6, nKvHead: 2 }, VOCABULARY)
/** A prompt and a response that fit the context together. */
const lengths = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 6 }))
  .map(([prompt, response]): [number, number] => [prompt, response])
const several = fc.array(lengths, { minLength: 1, maxLength: 7 })

test('every token of every answer stands in the batch once, at the place that predicts it', () => {
  fc.assert(
    fc.property(several, fc.infiniteStream(fc.nat()), (of, draws) => {
      const rollouts = rolloutsOfLengths(of, VOCABULARY)
      const chosen = [...of.keys()].filter(() => draws.next().value! % 3 > 0).toReversed()
      fc.pre(chosen.length > 0)
      const batch = rolloutBatch(rollouts, chosen, CONTEXT)
      expect(batch.tokens).toHaveLength(batch.batchSize * batch.length)
      expect(batch.length).toBeLessThanOrEqual(CONTEXT)
      const expected = chosen.flatMap(i => [...rollouts.responses[i]!])
      expect([...batch.places].map(place => batch.targets[place])).toEqual(expected)
      expect(batch.targets.filter(target => target >= 0)).toHaveLength(expected.length)
      expect([...batch.indices]).toEqual(
        chosen.flatMap(i => Array.from({ length: of[i]![1] }, (_, t) => rollouts.starts[i]! + t)),
      )
      for (const [k, i] of chosen.entries()) {
        const text = [...rollouts.prompts[i]!, ...rollouts.responses[i]!]
        const end = batch.ends[k]! + 1
        expect([...batch.tokens.subarray(end - text.length, end)]).toEqual(text)
        // Its segment begins where it does: it sees nothing of its neighbours.
        const start = (end - text.length) % batch.length
        for (let n = end - text.length; n < end; n++) expect(batch.segmentStarts[n]).toBe(start)
      }
    }),
  )
})

describe.each(kernelSets.filter((_, i) => i !== 1))('answers read on $name', ({ open }) => {
  let kernels: Kernels
  beforeAll(async () => {
    const device = await open()
    kernels = device.kernels
    return device.close
  })

  test('have the same log-probs, entropies, values and scores packed as alone', async () => {
    const policy = new Transformer(shape, kernels)
    const critic = new Transformer({ ...shape, head: 'score' }, kernels)
    await widen(policy, 0.3)
    await widen(critic, 0.3)
    const actorCritic = separateCritic(policy, critic, { mean: -0.4, factor: 2.5 }, parsePpoConfig({}))
    await fc.assert(
      fc.asyncProperty(several, async of => {
        const rollouts = rolloutsOfLengths(of, VOCABULARY)
        const read = async (chosen: readonly number[]) => {
          const batch = rolloutBatch(rollouts, chosen, CONTEXT)
          const { logProbs, entropies } = await batchLogProbsAndEntropies(kernels, policy, batch)
          return {
            logProbs: gather(logProbs, batch.places),
            entropies: gather(entropies, batch.places),
            values: await actorCritic.values(batch),
            scores: await batchScores(kernels, critic, batch),
          }
        }
        const together = await read([...of.keys()])
        let token = 0
        for (const [i, [, response]] of of.entries()) {
          const alone = await read([i])
          for (const key of ['logProbs', 'entropies', 'values'] as const) {
            expect(alone[key]).toHaveLength(response)
            for (const [t, value] of alone[key].entries())
              expect(Math.abs(value - together[key][token + t]!), key).toBeLessThan(2e-5)
          }
          expect(Math.abs(alone.scores[0]! - together.scores[i]!)).toBeLessThan(2e-5)
          token += response
        }
      }),
      { numRuns: 5 },
    )
    actorCritic.dispose()
    policy.dispose()
  })

  test('have the log-probs that they were drawn with, to 1e-4', async () => {
    const policy = new Transformer(shape, kernels)
    await widen(policy, 0.3)
    const prompts = [[3, 4, 5], [7], [1, 2, 3, 4, 5, 6, 7, 8, 9]].map(ids => Int32Array.from(ids))
    const stopTokens = [0, 5]
    const seedOf = (i: number) => samplingSeed(4, 'rollouts', i)
    const rollouts = (await sampleRollouts(policy, { prompts, seedOf, stopTokens, responseLength: 9 }))!
    const written = await generateBatch(
      policy,
      prompts.map((tokens, i) => ({
        tokens,
        stopTokens,
        sampling: {
          temperature: 1,
          topK: 0,
          topP: 1,
          maxTokens: Math.min(9, CONTEXT - tokens.length),
          seed: seedOf(i),
        },
      })),
    )
    expect(rollouts.responses.map(response => [...response])).toEqual(
      written.map(({ tokens }) => [...tokens]),
    )
    const batch = rolloutBatch(rollouts, [0, 1, 2], CONTEXT)
    const read = gather((await batchLogProbsAndEntropies(kernels, policy, batch)).logProbs, batch.places)
    const drawn = written.flatMap(({ logProbs }) => [...logProbs])
    expect(read).toHaveLength(drawn.length)
    for (const [t, logProb] of drawn.entries()) expect(Math.abs(read[t]! - logProb)).toBeLessThan(1e-4)
    for (const [i, response] of rollouts.responses.entries()) {
      const ended = stopTokens.includes(response.at(-1)!)
      expect(rollouts.stopped[i]).toBe(ended)
      // Nothing comes after an end token.
      expect(response.subarray(0, -1).some(token => stopTokens.includes(token))).toBe(false)
      if (!ended) expect(response).toHaveLength(Math.min(9, CONTEXT - prompts[i]!.length))
    }
    policy.dispose()
  })
})

test('the draws of an answer depend on the run’s seed, what it is for, and its number', () => {
  const seeds = [1, 2].flatMap(seed =>
    ['rollouts', 'held-out', 'samples'].flatMap(of => [0, 1, 2].map(n => samplingSeed(seed, of, n))),
  )
  expect(new Set(seeds).size).toBe(seeds.length)
  expect(samplingSeed(1, 'rollouts', 2)).toBe(samplingSeed(1, 'rollouts', 2))
})
