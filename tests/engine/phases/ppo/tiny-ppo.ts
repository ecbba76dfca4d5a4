// Phase 4 on a core that answers from memory: a model of characters that is asked short questions, and rewards by rules, a
// reward model, or any function of the answers.
import type { Kernels } from '../../../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../../../src-renderer/engine/model/transformer.ts'
import { ppo } from '../../../../src-renderer/engine/phases/ppo/ppo.ts'
import type { ModelConfig } from '../../../../src-shared/config/model-config.ts'
import { parsePpoConfig } from '../../../../src-shared/config/ppo-config.ts'
import type { TokenBatch, TrainSpec, TrainState } from '../../../../src-shared/contract/engine-contract.ts'
import { randomStream } from '../../../../src-shared/random/counter.ts'
import { CharacterTokenizer } from '../../../../src-shared/tokenizer/character.ts'
import { chatStopTokens, renderChat } from '../../../../src-shared/tokenizer/chat-template.ts'
import { tinyModel, widen } from '../../tiny-models.ts'
import { type InMemory, type Recorded, type Tensors, trainInMemory, weightsOf } from '../memory-core.ts'

export const tokenizer = new CharacterTokenizer([...'abcdefgh?. �'])
export const CONTEXT = 29
export const stopTokens = chatStopTokens(tokenizer)

export const asked = (text: string): Int32Array<ArrayBuffer> =>
  Int32Array.from(
    renderChat(tokenizer, [{ role: 'user', content: text }], { addGenerationPrompt: true }).tokens,
  )
const words = Array.from({ length: 37 }, (_, i) => {
  const random = randomStream(21, 'test/prompts', i)
  return Array.from({ length: 1 + random.integer(6) }, () => random.pick([...'abcdefgh'])).join('')
})
const prompts = words.map(word => asked(`${word}?`))
/** Never trained on. */
const heldOut = ['fed?', 'bach?', 'a?'].map(asked)

export const written = (tokens: Int32Array): string =>
  tokenizer.decode(stopTokens.includes(tokens.at(-1)!) ? tokens.subarray(0, -1) : tokens)

/** Rewards of answers, by what was said and whether it ended. */
export type Rule = (
  responses: readonly Int32Array[],
  stopped: readonly boolean[],
) => Float32Array<ArrayBuffer>
/** Share of one letter in 4 characters. */
export const countOf =
  (letter: string): Rule =>
  responses =>
    Float32Array.from(responses, tokens => (written(tokens).split(letter).length - 1) / 4)

export interface TinyPpo {
  /** Fields of the config beside the tiny ones. */
  readonly settings?: Record<string, unknown>
  readonly changes?: Record<string, unknown>
  readonly rule?: Rule | null
  /** A reward model of random weights, whose scores are added. */
  readonly judged?: boolean
  /** How its raw scores become rewards. */
  readonly scoring?: { readonly mean: number; readonly std: number; readonly weight: number }
  readonly resume?: { readonly tensors: Tensors; readonly state: TrainState } | undefined
  /** The reference, where it is not the model that the policy starts from. */
  readonly reference?: ReadonlyMap<string, Float32Array<ArrayBuffer>>
  readonly samples?: readonly string[]
  readonly answers?: InMemory['answers']
  readonly onKernel?: InMemory['onKernel']
  readonly onStep?: InMemory['onStep'] & {}
  readonly pauseAt?: number
  readonly into?: InMemory['into'] & {}
}

/** Weights of the fine-tuned model and the reward model that all start from. */
export async function tinyParents(kernels: Kernels, changes: Record<string, unknown> = {}, std = 0.1) {
  const shape = tinyModel({ contextLength: CONTEXT, ...changes }, tokenizer.vocabularySize)
  const of = async (config: ModelConfig) => {
    const model = new Transformer(config, kernels)
    await widen(model, std)
    const weights = await weightsOf(model)
    model.dispose()
    return weights
  }
  return { shape, sft: await of(shape), judge: await of({ ...shape, head: 'score' }) }
}

export type TinyParents = Awaited<ReturnType<typeof tinyParents>>

export function trainPpo(kernels: Kernels, parents: TinyParents, options: TinyPpo = {}): Promise<Recorded> {
  const { rule = countOf('e'), judged = false, scoring = { mean: 0.2, std: 0.5, weight: 0.5 } } = options
  const { resume, answers, onKernel, pauseAt, into, onStep } = options
  const config = parsePpoConfig({
    ...{ steps: 3, batchSize: 6, numPpoEpochs: 2, numMiniBatches: 2, responseLength: 7 },
    ...{ evalInterval: 100, checkpointInterval: 100, warmupSteps: 0, valueWarmupUpdates: 0 },
    ...{ learningRate: 1e-3, valueLearningRate: 2e-3, samplePrompts: [] },
    ...options.settings,
  })
  const { shape, sft, judge } = parents
  const ppoSpec: TrainSpec['ppo'] = {
    hasRules: rule !== null,
    ...(judged
      ? {
          rewardModel: {
            ...{ checkpoint: 'judge', model: { ...shape, head: 'score' as const } },
            ...scoring,
          },
        }
      : {}),
  }
  return trainInMemory(ppo, {
    kernels,
    config,
    spec: {
      ...{ phase: 'ppo', model: shape, parent: 'sft', ppo: ppoSpec, stopTokens },
      samplePrompts: (options.samples ?? []).map(text => ({ text, tokens: asked(text) })),
      ...(resume ? { resume: { checkpoint: 'cut', state: resume.state } } : {}),
    },
    checkpoints: {
      sft: { model: options.reference ?? sft },
      judge: { model: judge },
      ...(resume ? { cut: resume.tensors } : {}),
    },
    // The engine has read the policy's weights from its parent; they differ from the reference only in a test that says so.
    ...(options.reference
      ? {
          async prepare(model) {
            for (const [name, values] of sft) model.loadTensor(name, values)
          },
        }
      : {}),
    answers: {
      'host.rolloutPrompts': ({ step }: { step: number }) =>
        Array.from(
          { length: config.batchSize },
          (_, i) => prompts[(step * config.batchSize + i) % prompts.length]!,
        ),
      'host.heldOutPrompts': () => heldOut,
      'host.heldOutAnswers': () => ({}),
      'host.ruleRewards': ({ responses, stopped }: { responses: Int32Array[]; stopped: boolean[] }) =>
        rule!(responses, stopped),
      ...answers,
    },
    batch: (step): TokenBatch => textBatch(step),
    evalBatch: () => null,
    ...{ pauseAt, onKernel },
    ...(onStep ? { onStep } : {}),
    ...(into ? { into } : {}),
  })
}

/** Phase 1's texts: the alphabet, over and over. */
export function textBatch(step: number, batchSize = 2, length = 11): TokenBatch {
  const of = (n: number) => tokenizer.encode('abcdefgh'[n % 8]!)[0]!
  const place = (n: number) => step + 3 * Math.floor(n / length) + (n % length)
  const ids = (shift: number) =>
    Int32Array.from({ length: batchSize * length }, (_, n) => of(place(n) + shift))
  return { batchSize, length, tokens: ids(0), targets: ids(1) }
}

export const series = (run: Pick<Recorded, 'metrics'>, name: string): number[] =>
  run.metrics.map(({ values }) => values[name]).filter(value => value !== undefined)
