// Several examples after one another in one row of a batch: each is computed as if it were alone.
import { beforeAll, describe, expect, it } from 'vitest'
import type { Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../src-renderer/engine/model/transformer.ts'
import { kernelSets } from './kernel-sets.ts'
import {
  accumulate,
  gradients,
  kinds,
  largestDifference,
  logProbsOf,
  type TinyBatch,
  tinyBatch,
  tinyModel,
  widen,
} from './tiny-models.ts'

const LENGTH = 67
/** Lengths of the examples of each row: none at a vector's, panel's or tile's edge, one of a single token, one alone. */
const rows = [[13, 1, 30, 23], [67], [5, 19, 43]]
const examples = rows.flatMap((lengths, row) =>
  lengths.map((length, i) => ({
    length,
    from: row * LENGTH + lengths.slice(0, i).reduce((a, b) => a + b, 0),
  })),
)

let kernels: Kernels

function packed(model: Transformer): TinyBatch {
  const batch = tinyBatch(model.config, rows.length, LENGTH)
  const segmentStarts = new Int32Array(rows.length * LENGTH)
  for (const { from, length } of examples) {
    segmentStarts.fill(from % LENGTH, from, from + length)
    // The next token of an example's last one is another's.
    batch.targets[from + length - 1] = -1
  }
  return { ...batch, segmentStarts }
}

const alone = ({ tokens, targets }: TinyBatch, { from, length }: (typeof examples)[0]): TinyBatch => ({
  ...{ batchSize: 1, length },
  ...{ tokens: tokens.slice(from, from + length), targets: targets.slice(from, from + length) },
})

async function widened(changes: Record<string, unknown>): Promise<Transformer> {
  const model = new Transformer(tinyModel({ contextLength: 70, ...changes }), kernels)
  await widen(model, 0.15)
  return model
}

describe.each(kernelSets)('$name', ({ open }) => {
  beforeAll(async () => {
    const device = await open()
    kernels = device.kernels
    return device.close
  })

  describe.each(kinds)('%s', (_, changes) => {
    it('examples packed into one row have the log-probs and the gradients that they have alone', async () => {
      const model = await widened(changes)
      const batch = packed(model)
      const together = await logProbsOf(model, batch)
      for (const example of examples) {
        const own = together.slice(example.from, example.from + example.length)
        expect(largestDifference(await logProbsOf(model, alone(batch, example)), own)).toBeLessThan(1e-5)
      }

      await accumulate(model, batch)
      const ofAll = await gradients(model)
      model.zeroGradients()
      for (const example of examples) await accumulate(model, alone(batch, example))
      for (const [name, wanted] of await gradients(model)) {
        const largest = wanted.reduce((max, x) => Math.max(max, Math.abs(x)), 1)
        expect(largestDifference(ofAll.get(name)!, wanted) / largest, name).toBeLessThan(1e-5)
      }
      model.dispose()
    })

    it('changing a token of one example changes no bit of another', async () => {
      const model = await widened(changes)
      const batch = packed(model)
      const before = await logProbsOf(model, batch)
      for (const { from, length } of examples) {
        const tokens = batch.tokens.with(from, (batch.tokens[from]! + 1) % model.config.vocabularySize)
        const after = await logProbsOf(model, { ...batch, tokens })
        const changed = Array.from(after.keys()).filter(n => after[n] !== before[n])
        expect(changed).toEqual(Array.from({ length: length - 1 }, (_, i) => from + i))
      }
      model.dispose()
    })
  })

  it('refuses starts that are none of segments', async () => {
    const model = await widened({})
    const batch = tinyBatch(model.config, 2, 3)
    for (const starts of [
      [0, 0, 0],
      [0, 0, 0, 1, 1, 1],
      [0, 1, 0, 0, 0, 0],
      [0, 0, 0, 0, 2, 2],
    ])
      expect(() =>
        kernels.scope(() =>
          model.forward(kernels.upload(batch.tokens, [6]), 2, 3, { segmentStarts: Int32Array.from(starts) }),
        ),
      ).toThrow('a segment begins')
    model.dispose()
  })
})
