// Which phases a build goes through, and in which steps.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { demoSteps, wholePhases } from '../../../src-main/core/demo/demo-steps.ts'
import { demoRecipes } from '../../../src-main/core/demo/recipes.ts'
import { stepNames } from '../../../src-main/core/demo/step.ts'
import { parsePpoConfig } from '../../../src-shared/config/ppo-config.ts'
import { parsePretrainConfig } from '../../../src-shared/config/pretrain-config.ts'
import { parseRewardConfig } from '../../../src-shared/config/reward-config.ts'
import { parseSftConfig } from '../../../src-shared/config/sft-config.ts'
import { type BuildPhase, buildPhase } from '../../../src-shared/contract/build-contract.ts'

test('a build goes through all phases unless told otherwise, and evaluates what ran', () => {
  expect(wholePhases()).toEqual(['pretrain', 'sft', 'reward', 'ppo', 'evaluate'])
  expect(wholePhases(['evaluate'])).toEqual(wholePhases())
  expect(wholePhases(['sft', 'pretrain'])).toEqual(['pretrain', 'sft', 'evaluate'])
  // One model has nothing to be compared with.
  expect(wholePhases(['pretrain', 'evaluate'])).toEqual(['pretrain'])
})

test('a phase without the one before is refused, with the list that would do', () => {
  for (const [given, fix] of [
    [['sft'], 'pretrain,sft'],
    [['pretrain', 'reward'], 'pretrain,sft,reward'],
    [['pretrain', 'sft', 'ppo', 'evaluate'], 'pretrain,sft,reward,ppo'],
  ] as const)
    expect(() => wholePhases(given)).toThrow(`Use --phases ${fix}.`)
})

test('whatever list is given, it is refused or comes in order, once each, and twice over changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom<BuildPhase>(...buildPhase.options), { minLength: 1 }), given => {
      let phases: BuildPhase[]
      try {
        phases = wholePhases(given)
      } catch {
        return
      }
      expect(phases).toEqual(buildPhase.options.filter(phase => phases.includes(phase)))
      expect(wholePhases(phases)).toEqual(phases)
    }),
  )
})

test('every step is there once, in the order of its phase, and has its time in every size', () => {
  const steps = demoSteps(wholePhases())
  expect(steps.map(({ name }) => name)).toEqual(stepNames)
  const places = steps.map(({ phase }) => buildPhase.options.indexOf(phase))
  expect(places).toEqual([...places].sort((a, b) => a - b))
  for (const { seconds } of Object.values(demoRecipes))
    for (const { name } of steps) expect(seconds[name], name).toBeGreaterThan(0)
})

test('every size is made of values that the phases accept', () => {
  for (const { pretrain, sft, reward, ppo, prompts, preferences } of Object.values(demoRecipes)) {
    const { contextLength } = pretrain.model
    expect(parsePretrainConfig({ ...pretrain.config }).steps).toBeGreaterThan(0)
    expect(parseSftConfig(sft).epochs).toBeGreaterThan(0)
    expect(parseRewardConfig(reward).epochs).toBeGreaterThan(0)
    const { steps, batchSize, responseLength } = parsePpoConfig(ppo)
    expect(prompts).toBeLessThanOrEqual(steps * batchSize)
    expect(Math.max(responseLength, preferences.maxTokens)).toBeLessThan(contextLength!)
  }
})
