// Work is cut by shape alone: two runs, and any number of threads, give the same bits.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openPlain, openSimd } from '../kernel-sets.ts'
import { tinyModel } from '../tiny-models.ts'
import { train, write } from './tiny-training.ts'

/** 200 tokens, 96 wide, 300 in the vocabulary: several chunks of every kernel, none of them whole. */
const sizes = { nLayer: 1, nEmbd: 96, contextLength: 40 }
const course = { steps: 20, batchSize: 5, length: 40 }
const families: Record<string, Record<string, unknown>> = {
  gpt2: { family: 'gpt2', nHead: 3 },
  llama: { family: 'llama', nHead: 6, nKvHead: 2, tieEmbeddings: false },
}

const digest = ({ buffer, byteOffset, byteLength }: Float32Array | Float64Array | Int32Array) =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex')

/** Digests of everything that a training and the texts after it leave. */
async function digestsOf(threads: number, changes: Record<string, unknown>, open = openSimd) {
  const { kernels, info, close } = await open(threads)
  expect(info.threads).toBe(threads)
  const digests: Record<string, string> = {}
  const config = tinyModel({ ...sizes, ...changes }, 300)
  const { losses, norms, weights } = await train(kernels, config, course, async model => {
    for (const [i, { tokens, logProbs }] of (await write(model)).entries())
      digests[`text ${i}`] = digest(tokens) + digest(logProbs)
  })
  close()
  expect(losses.at(-1)!).toBeLessThan(losses[0]!)
  for (const [name, values] of weights) digests[name] = digest(values)
  return { ...digests, losses: digest(losses), norms: digest(norms) }
}

describe.each(Object.entries(families))('%s', (_, changes) => {
  it('two runs, and 1, 2, 3 and 5 threads, train and write with the same bits', async () => {
    const first = await digestsOf(1, changes)
    for (const threads of [1, 2, 3, 5])
      expect(await digestsOf(threads, changes), `${threads} threads`).toEqual(first)
  })

  it('so do 1 and 3 threads without relaxed SIMD', async () => {
    expect(await digestsOf(3, changes, openPlain)).toEqual(await digestsOf(1, changes, openPlain))
  })
})
