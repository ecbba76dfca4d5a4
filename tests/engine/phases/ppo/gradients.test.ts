// The gradient of the whole loss of PPO, policy and value, through packed answers and both kinds of value model, against
// finite differences of an independent model in float64.
import { beforeAll, describe, expect, it } from 'vitest'
import type { Kernels } from '../../../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../../../src-renderer/engine/model/transformer.ts'
import { policyLoss, valueLoss } from '../../../../src-renderer/engine/phases/ppo/ppo-loss.ts'
import { rolloutBatch } from '../../../../src-renderer/engine/phases/ppo/rollouts.ts'
import {
  type ActorCritic,
  separateCritic,
  sharedCritic,
} from '../../../../src-renderer/engine/phases/ppo/value-model.ts'
import { parsePpoConfig } from '../../../../src-shared/config/ppo-config.ts'
import { randomStream } from '../../../../src-shared/random/counter.ts'
import { logProbs64, scores64 } from '../../float64-gpt.ts'
import { normals } from '../../gradient-check.ts'
import { kernelSets } from '../../kernel-sets.ts'
import { gradients, kinds, tinyModel, widen } from '../../tiny-models.ts'
import { rolloutsOfLengths } from './tiny-rollouts.ts'

const STEP = 1e-5
const VOCABULARY = 17
const CONTEXT = 11
const config = parsePpoConfig({ vfCoef: 0.3 })
/** The reward model's scale, in whose units values are predicted. */
const scale = { mean: 0.3, factor: 1.7 }
const rollouts = rolloutsOfLengths(
  [
    [2, 3],
    [4, 1],
    [1, 6],
    [3, 2],
  ],
  VOCABULARY,
)
/** Not all, and not in their order. */
const chosen = [2, 0, 1]
/** How far policy and value have moved since: within the clip, at both ends beyond it, and far from its edges. */
const moved = [0.05, -0.4, 0.4, -0.1, 0.31]

let kernels: Kernels
/** dLoss/dElement by differences; computed once, since every kernel set starts from the same weights. */
const differences = new Map<string, number>()

const sets = kernelSets.filter((_, i) => i !== 1)
const models = kinds.filter((_, i) => i === 0 || i === 3)

describe.each(sets)('$name', ({ open }) => {
  beforeAll(async () => {
    const device = await open()
    kernels = device.kernels
    return device.close
  })

  describe.each(models)('%s', (kind, changes) => {
    it.each(['separate', 'shared'] as const)(
      'a %s value model: every tensor has the gradient of the float64 loss within float32 rounding',
      async trunk => {
        const shape = tinyModel({ nEmbd: 12, contextLength: CONTEXT, ...changes }, VOCABULARY)
        const policy = new Transformer(shape, kernels)
        await widen(policy, 0.2)
        const critic =
          trunk === 'separate' ? new Transformer({ ...shape, head: 'score' }, kernels) : undefined
        if (critic) await widen(critic, 0.25)
        const actorCritic: ActorCritic = critic
          ? separateCritic(policy, critic, scale, config)
          : sharedCritic(policy, config)
        const head = normals(shape.nEmbd, 'value-head', 0.3)
        if (!critic) actorCritic.store.loadTensor('value_head.score.weight', head)

        const tensors = new Map<string, Float64Array>()
        for (const { name } of policy.parameters)
          tensors.set(name, Float64Array.from(await policy.readTensor(name)))
        const ofCritic = critic ? new Map<string, Float64Array>() : tensors
        for (const { name } of critic?.parameters ?? [])
          ofCritic.set(name, Float64Array.from(await critic!.readTensor(name)))
        if (!critic) tensors.set('score.weight', Float64Array.from(head))

        // What both models say of each answer alone, in float64; tokens in the order of `chosen`.
        const said64 = () => {
          const [logProbs, values]: [number[], number[]] = [[], []]
          for (const i of chosen) {
            const [prompt, response] = [rollouts.prompts[i]!, rollouts.responses[i]!]
            const text = Int32Array.of(...prompt, ...response)
            const tokens = text.subarray(0, -1)
            const from = prompt.length - 1
            logProbs.push(...logProbs64(tensors, shape, tokens, text.subarray(1)).slice(from))
            values.push(...scores64(ofCritic, { ...shape, head: 'score' }, tokens).slice(from))
          }
          const { mean, factor } = critic ? scale : { mean: 0, factor: 1 }
          return { logProbs, values: values.map(value => (value - mean) * factor) }
        }
        const before = said64()
        const count = before.logProbs.length
        const by = (i: number, k: number) => moved[(i + k) % moved.length]!
        const tokens = {
          oldLogProbs: Float32Array.from(before.logProbs, (x, i) => x - by(i, 0)),
          oldValues: Float32Array.from(before.values, (x, i) => x - by(i, 2)),
          advantages: normals(count, 'advantages'),
          returns: Float32Array.from(normals(count, 'returns'), (x, i) => x + before.values[i]!),
        }
        const { cliprange: e, cliprangeValue: eV, vfCoef } = config
        const within = (x: number, least: number, most: number) => Math.min(most, Math.max(least, x))
        const loss64 = (): number => {
          const { logProbs, values } = said64()
          return logProbs.reduce((sum, logProb, i) => {
            const [a, old, target] = [tokens.advantages[i]!, tokens.oldValues[i]!, tokens.returns[i]!]
            const ratio = Math.exp(logProb - tokens.oldLogProbs[i]!)
            const near = within(values[i]!, old - eV, old + eV)
            return (
              sum +
              Math.max(-a * ratio, -a * within(ratio, 1 - e, 1 + e)) +
              vfCoef * 0.5 * Math.max((values[i]! - target) ** 2, (near - target) ** 2)
            )
          }, 0)
        }
        const difference = (tensor: Float64Array, i: number): number => {
          const kept = tensor[i]!
          tensor[i] = kept + STEP
          const above = loss64()
          tensor[i] = kept - STEP
          const below = loss64()
          tensor[i] = kept
          return (above - below) / (2 * STEP)
        }

        const batch = rolloutBatch(rollouts, chosen, CONTEXT)
        for (const [i, value] of (await actorCritic.values(batch)).entries())
          expect(Math.abs(value - before.values[i]!)).toBeLessThan(2e-5)
        actorCritic.zeroGradients()
        const losses = await actorCritic.accumulate(
          batch,
          {
            policy: logProbs => policyLoss(logProbs, tokens, config),
            value: values => valueLoss(values, tokens, config),
          },
          { policy: true },
        )
        // Some tokens of either are clipped and some are not, or this would try one path alone.
        for (const clipped of [losses.policy!.clipped.reduce((n, c) => n + c, 0), losses.value.clipped]) {
          expect(clipped).toBeGreaterThan(0)
          expect(clipped).toBeLessThan(count)
        }
        expect(losses.policy!.lossSum + vfCoef * losses.value.lossSum).toBeCloseTo(loss64(), 4)

        const random = randomStream(11, kind, 1)
        const found: [string, Float64Array, Float32Array][] = []
        for (const [name, gradient] of await gradients(policy))
          found.push([name, tensors.get(name)!, gradient])
        if (critic)
          for (const [name, gradient] of await gradients(critic))
            found.push([`critic ${name}`, ofCritic.get(name)!, gradient])
        for (const [name, tensor, gradient] of found) {
          const largest = gradient.reduce(
            (best, g, i) => (Math.abs(g) > Math.abs(gradient[best]!) ? i : best),
            0,
          )
          for (const i of [largest, random.integer(gradient.length)]) {
            const key = [kind, trunk, name, i].join()
            const numeric = differences.get(key) ?? difference(tensor, i)
            differences.set(key, numeric)
            expect(
              Math.abs(gradient[i]! - numeric),
              `${name}[${i}]: ${gradient[i]} against ${numeric}`,
            ).toBeLessThanOrEqual(2e-5 * Math.abs(gradient[largest]!) + 2e-6)
          }
        }
        if (!critic) {
          // The head's gradient is not to be read; it is what the norm of all has more than that of the others.
          const ofHead = [...head.keys()].map(i => difference(tensors.get('score.weight')!, i))
          const squares = (of: Iterable<number>) => [...of].reduce((sum, g) => sum + g * g, 0)
          const others = found.reduce((sum, [, , gradient]) => sum + squares(gradient), 0)
          const all = await actorCritic.policyOptimizer.gradientNorm()
          expect(squares(ofHead)).toBeGreaterThan(2e-4 * others)
          expect(Math.abs(all / Math.sqrt(others + squares(ofHead)) - 1)).toBeLessThan(1e-5)
        }
        actorCritic.dispose()
        policy.dispose()
      },
    )
  })
})
