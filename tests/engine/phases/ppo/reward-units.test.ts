// The units of reward and value: what a reward model's raw scores become, and where a value model that starts from it begins.
import { beforeAll, describe, expect, test } from 'vitest'
import type { Kernels } from '../../../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../../../src-renderer/engine/model/transformer.ts'
import { batchScores } from '../../../../src-renderer/engine/phases/batch-scores.ts'
import { kernelSets } from '../../kernel-sets.ts'
import type { Recorded } from '../memory-core.ts'
import { series, type TinyParents, type TinyPpo, tinyParents, trainPpo } from './tiny-ppo.ts'

let kernels: Kernels
let parents: TinyParents
beforeAll(async () => {
  const device = await kernelSets[1]!.open()
  kernels = device.kernels
  parents = await tinyParents(kernels, {}, 0.3)
  return device.close
})
const train = (options: TinyPpo) => trainPpo(kernels, parents, { judged: true, ...options })

/** The reward model's raw score at every token of prompt and answer, each text read alone. */
async function rawScores({ rollouts }: Recorded): Promise<Float32Array[]> {
  const judge = new Transformer({ ...parents.shape, head: 'score' }, kernels)
  for (const [name, values] of parents.judge) judge.loadTensor(name, values)
  const scores: Float32Array[] = []
  for (const { prompt, response } of rollouts) {
    const tokens = Int32Array.of(...prompt, ...response)
    const ends = Int32Array.from(tokens.keys())
    const { length } = tokens
    scores.push(
      await batchScores(kernels, judge, {
        ...{ batchSize: 1, length, tokens, ends, segmentStarts: new Int32Array(length) },
      }),
    )
  }
  judge.dispose()
  return scores
}

const once = { steps: 1, missingEosPenalty: 0, numPpoEpochs: 1 }

describe.each([
  // 1.4 → (1.4 − .2) · .5 / .5 = 1.2
  { scoring: { mean: 0.2, std: 0.5, weight: 0.5 }, of: (raw: number) => raw - 0.2 },
  // 1.4 → (1.4 + .3) · 3 / .4 = 12.75
  { scoring: { mean: -0.3, std: 0.4, weight: 3 }, of: (raw: number) => (raw + 0.3) * 7.5 },
  { scoring: { mean: 0.1, std: 2, weight: -0.5 }, of: (raw: number) => (raw - 0.1) * -0.25 },
])('with $scoring', ({ scoring, of }) => {
  let run: Recorded
  let raw: Float32Array[]
  beforeAll(async () => {
    run = await train({ rule: null, scoring, settings: once })
    raw = await rawScores(run)
  })

  test('an answer is rewarded with its raw score less the mean, over the deviation, times the weight', () => {
    expect(run.rollouts).toHaveLength(4)
    for (const [i, { score }] of run.rollouts.entries()) expect(score).toBeCloseTo(of(raw[i]!.at(-1)!), 4)
    expect(new Set(run.rollouts.map(({ score }) => score.toFixed(3))).size).toBeGreaterThan(1)
  })

  test('the value model begins with what the reward model would say so far, in the same units', () => {
    for (const [i, { prompt, values }] of run.rollouts.entries())
      for (const [t, value] of values.entries())
        expect(value).toBeCloseTo(of(raw[i]![prompt.length - 1 + t]!), 4)
  })
})

test.each([
  { weight: 3, share: 1 },
  { weight: -3, share: -1 },
  { weight: 0.25, share: 0.25 },
])(
  'a weight of $weight leaves $share of the reward model’s head in the value model, and is else in the unit of its values',
  async ({ weight, share }) => {
    const settings = { steps: 1, learningRate: 0, valueLearningRate: 0 }
    const run = await train({ rule: null, settings, scoring: { mean: 0.2, std: 0.5, weight } })
    const head = run.checkpoints.get(1)!.optimizer.get('value_model.score.weight')!
    expect([...head]).toEqual([...parents.judge.get('score.weight')!.map(w => w * share)])
  },
)

test('what rules give is added to what the reward model gives', async () => {
  const rule = (responses: readonly Int32Array[]) => Float32Array.from(responses, (_, i) => 10 * i)
  const [alone, both] = [await train({ rule: null, settings: once }), await train({ rule, settings: once })]
  for (const [i, { score }] of both.rollouts.entries())
    expect(score - alone.rollouts[i]!.score).toBeCloseTo(10 * i, 4)
})

test.each([0, 0.001])(
  'beside a reward model of weight %d a value model begins near 0, and learns what a rule pays as soon as without',
  async weight => {
    const settings = {
      ...{
        steps: 8,
        learningRate: 0,
        valueLearningRate: 5e-3,
        missingEosPenalty: 0,
        cliprangeValue: 9,
        gaeLambda: 1,
      },
    }
    const rule = (responses: readonly Int32Array[]) => new Float32Array(responses.length).fill(1)
    const run = await train({ rule, settings, scoring: { mean: 0.2, std: 0.5, weight } })
    const first = run.rollouts.filter(({ step }) => step === 1).flatMap(({ values }) => [...values])
    for (const value of first) expect(Math.abs(value)).toBeLessThan(10 * weight + 1e-9)
    // Nothing but that 1 is to be predicted.
    const errors = series(run, 'val/error')
    expect(errors[0]).toBeGreaterThan(0.9)
    expect(errors.at(-1)).toBeLessThan(0.1)
  },
)
