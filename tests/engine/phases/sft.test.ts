// Phase 2 as the algorithms page §2.4 asks for it, on rows packed as in training.
import { beforeAll, describe, expect, test } from 'vitest'
import { generateBatch } from '../../../src-renderer/engine/generate/generate.ts'
import type { Kernels } from '../../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../../src-renderer/engine/model/transformer.ts'
import { nextTokenLoss } from '../../../src-renderer/engine/phases/next-token-loss.ts'
import { sft } from '../../../src-renderer/engine/phases/sft.ts'
import { PackedRows } from '../../../src-shared/batches/packing.ts'
import { packedBatch } from '../../../src-shared/batches/sft-batch.ts'
import { exampleOf, type SftExample } from '../../../src-shared/batches/sft-example.ts'
import { parseSftConfig } from '../../../src-shared/config/sft-config.ts'
import type { TokenBatch } from '../../../src-shared/contract/engine-contract.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'
import { CharacterTokenizer } from '../../../src-shared/tokenizer/character.ts'
import { chatStopTokens, type Message, renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import { kernelSets } from '../kernel-sets.ts'
import { accumulate, gradients, kinds, largestDifference, tinyModel, widen } from '../tiny-models.ts'
import { type Recorded, trainInMemory } from './memory-core.ts'

const tokenizer = new CharacterTokenizer([...'abcdefgh?!. �'])
const context = 41
const letters = [...'abcdefgh']
/** Spells the question backwards, sometimes over two turns. */
const examples: SftExample[] = Array.from({ length: 23 }, (_, i) => {
  const random = randomStream(5, 'test/demonstrations', i)
  const word = () => Array.from({ length: 1 + random.integer(4) }, () => random.pick(letters))
  const turns = Array.from({ length: 1 + random.integer(2) }, (): Message[] => {
    const asked = word()
    return [
      { role: 'user', content: `${asked.join('')}?` },
      { role: 'assistant', content: asked.toReversed().join('') },
    ]
  })
  return exampleOf(renderChat(tokenizer, turns.flat()))
})
const lengths = examples.map(({ tokens }) => tokens.length)
const rows = new PackedRows(lengths, context, 1)
const batchOf = (first: number, batchSize: number): TokenBatch =>
  packedBatch(
    Array.from({ length: batchSize }, (_, i) => rows.row(first + i).map(example => examples[example]!)),
    context,
    1,
  )
const alone = ({ tokens, targets }: SftExample): TokenBatch => ({
  batchSize: 1,
  length: tokens.length,
  tokens,
  targets,
})
const counted = ({ targets }: { targets: Int32Array }) => targets.filter(target => target >= 0).length

describe.each(kernelSets)('fine-tuning on $name', ({ open }) => {
  let kernels: Kernels
  beforeAll(async () => {
    kernels = (await open()).kernels
  })

  async function modelOf(changes: Record<string, unknown>): Promise<Transformer> {
    const model = new Transformer(
      tinyModel({ contextLength: context, ...changes }, tokenizer.vocabularySize),
      kernels,
    )
    await widen(model, 0.1)
    return model
  }

  test.each(kinds)(
    '%s: a packed batch has the loss and gradient of its examples alone',
    async (_, changes) => {
      const model = await modelOf(changes)
      const packed = batchOf(0, 3)
      model.zeroGradients()
      const together = await nextTokenLoss(kernels, model, packed)
      const ofPacked = await gradients(model)
      model.zeroGradients()
      let lossSum = 0
      for (const example of [0, 1, 2].flatMap(row => rows.row(row))) {
        lossSum += (await nextTokenLoss(kernels, model, alone(examples[example]!))).lossSum
      }
      const ofEach = await gradients(model)
      expect(Math.abs(together.lossSum - lossSum) / lossSum).toBeLessThan(1e-5)
      for (const [name, gradient] of ofPacked) {
        const largest = gradient.reduce((max, x) => Math.max(max, Math.abs(x)), 0)
        expect(largestDifference(gradient, ofEach.get(name)!) / (largest + 1e-6)).toBeLessThan(1e-4)
      }
      model.dispose()
    },
  )

  test('what stands outside the mask as a target changes neither loss nor gradient', async () => {
    const model = await modelOf({})
    const batch = batchOf(2, 2)
    model.zeroGradients()
    const masked = await nextTokenLoss(kernels, model, batch)
    const ofMasked = await gradients(model)
    const weights = Float32Array.from(batch.targets, target => (target < 0 ? 0 : 1))
    for (const fill of [0, 7]) {
      // The same through a head that reads a target everywhere and is told by weights which ones count.
      const targets = batch.targets.map((target, i) =>
        target < 0 ? (fill + i) % tokenizer.vocabularySize : target,
      )
      model.zeroGradients()
      await accumulate(model, { ...batch, targets } as never, weights)
      for (const [name, gradient] of await gradients(model)) {
        const largest = gradient.reduce((max, x) => Math.max(max, Math.abs(x)), 0)
        expect(largestDifference(gradient, ofMasked.get(name)!) / (largest + 1e-6)).toBeLessThan(1e-5)
      }
    }
    expect(masked.terms).toBe(counted(batch))
    model.dispose()
  })

  const samplePrompts = ['ab?', 'h?'].map(text => ({
    text,
    tokens: Int32Array.from(
      renderChat(tokenizer, [{ role: 'user', content: text }], { addGenerationPrompt: true }).tokens,
    ),
  }))
  const train = (settings: Record<string, number>): Promise<Recorded> => {
    const config = parseSftConfig({
      batchSize: 4,
      steps: 6,
      warmupSteps: 2,
      learningRate: 1e-3,
      evalInterval: 3,
      sampleTokens: 9,
      ...settings,
    })
    return trainInMemory(sft, {
      kernels,
      config,
      spec: {
        phase: 'sft',
        model: tinyModel({ contextLength: context }, tokenizer.vocabularySize),
        stopTokens: chatStopTokens(tokenizer),
        stepsPerEpoch: 2.5,
        samplePrompts,
      },
      batch: (step, micro) =>
        batchOf((step * config.gradientAccumulationSteps + micro) * config.batchSize, config.batchSize),
      evalBatch: index => (index < 2 ? batchOf(index * config.batchSize, config.batchSize) : null),
    })
  }

  test('starts from the base: at step 0 loss and answers are the base’s own', async () => {
    const { metrics, samples } = await train({})
    const base = new Transformer(tinyModel({ contextLength: context }, tokenizer.vocabularySize), kernels)
    base.initialize(1)
    let nats = 0
    let tokens = 0
    for (const example of Array.from({ length: 8 }, (_, n) => rows.row(n)).flat()) {
      nats += (await nextTokenLoss(kernels, base, alone(examples[example]!))).lossSum
      tokens += counted(examples[example]!)
    }
    expect(metrics[0]!.step).toBe(0)
    expect(metrics[0]!.values.eval_loss).toBeCloseTo(nats / tokens, 5)
    const answers = await generateBatch(
      base,
      samplePrompts.map(({ tokens }) => ({
        tokens,
        sampling: { temperature: 0, topK: 0, topP: 1, maxTokens: 9, seed: 1 },
        stopTokens: chatStopTokens(tokenizer),
      })),
    )
    const first = samples.filter(({ step }) => step === 0)
    expect(first.map(({ tokens }) => [...tokens])).toEqual(answers.map(({ tokens }) => [...tokens]))
    base.dispose()
  })

  test('a large batch and the same in parts make the same steps', async () => {
    const whole = await train({ batchSize: 4 })
    for (const [batchSize, gradientAccumulationSteps] of [
      [2, 2],
      [1, 4],
    ] as const) {
      const parts = await train({ batchSize, gradientAccumulationSteps })
      const losses = (run: Recorded) => run.metrics.slice(1).map(({ values }) => values.loss!)
      expect(losses(parts)).toHaveLength(6)
      for (const [i, loss] of losses(parts).entries())
        expect(Math.abs(loss - losses(whole)[i]!)).toBeLessThan(1e-5)
      for (const key of ['mean_token_accuracy', 'entropy', 'epoch'] as const)
        expect(parts.metrics.at(-1)!.values[key]).toBeCloseTo(whole.metrics.at(-1)!.values[key]!, 4)
    }
  })

  test('counts what it reads without padding, and the passes through the data', async () => {
    const { metrics } = await train({ steps: 3 })
    const read = [0, 1, 2].reduce((sum, step) => {
      const batch = batchOf(4 * step, 4)
      return sum + batch.tokens.length - batch.padding!
    }, 0)
    expect(metrics.at(-1)!.values.num_tokens).toBe(read)
    expect(metrics.at(-1)!.values.epoch).toBeCloseTo(3 / 2.5, 9)
  })

  test('leaves no array behind and gives the same bits twice', async () => {
    const before = kernels.memory().arrays
    const [a, b] = [await train({}), await train({})]
    expect(a.saved.get(6)).toBe(b.saved.get(6))
    expect(kernels.memory().arrays).toBe(before)
  })
})

test('fine-tuning learns the answers and where they end', async () => {
  const { kernels } = await kernelSets[1]!.open()
  const config = parseSftConfig({
    batchSize: 4,
    steps: 250,
    warmupSteps: 10,
    learningRate: 1e-2,
    evalInterval: 250,
  })
  const { metrics } = await trainInMemory(sft, {
    kernels,
    config,
    spec: { phase: 'sft', model: tinyModel({ contextLength: context }, tokenizer.vocabularySize) },
    batch: step => batchOf(4 * step, 4),
    evalBatch: index => (index < 2 ? batchOf(index * 4, 4) : null),
  })
  expect(metrics[0]!.values.eval_loss).toBeGreaterThan(2)
  expect(metrics.at(-1)!.values.eval_loss).toBeLessThan(0.1)
  expect(metrics.at(-1)!.values.eval_mean_token_accuracy).toBeGreaterThan(0.97)
}, 120_000)
