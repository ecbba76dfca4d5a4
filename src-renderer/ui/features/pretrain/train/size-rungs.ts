// The size ladder as rows: shape, parameters, memory, minutes, tokens per parameter, and what that last figure means.
import { defaultsOf } from '../../../../../src-shared/config/field.ts'
import {
  countParameters,
  type ModelShape,
  modelFields,
  resolveModel,
} from '../../../../../src-shared/config/model-config.ts'
import { sizeLadder } from '../../../../../src-shared/config/presets.ts'
import { tokensPerStep } from '../../../../../src-shared/config/pretrain-config.ts'
import type { Estimate } from '../../../../../src-shared/contract/lab-contract.ts'
import { formatCount } from '../../../format.ts'
import { configOf, type Recipe, rungOf } from './recipe.ts'

export interface Rung {
  readonly name: string
  /** `4 layers × 128 wide, 128 tokens`. */
  readonly shape: string
  readonly parameters: number
  readonly tokensPerParameter: number
  /** Bytes; null until the core has estimated this rung. */
  readonly memory: number | null
  readonly minutes: number | null
  /** Why this rung cannot be trained here; null = it can, or it is not known yet. */
  readonly problem: string | null
  readonly chosen: boolean
}

export const modelAtRung = (recipe: Recipe, name: string): Record<string, unknown> => {
  const rung = sizeLadder.find(r => r.name === name)
  return rung ? { ...recipe.model, ...rung.model, nKvHead: 0, nInner: 0 } : { ...recipe.model }
}

/**
 * @param vocabularySize of the tokenizer chosen or planned   @param estimates by rung name, as they come in
 */
export function rungs(
  recipe: Recipe,
  vocabularySize: number,
  estimates: Readonly<Record<string, Estimate | undefined>>,
): Rung[] {
  const chosen = rungOf(recipe)
  const config = configOf(recipe)
  return sizeLadder.map(({ name, model }) => {
    const estimate = estimates[name]
    const shape = {
      ...defaultsOf(modelFields),
      ...recipe.model,
      ...model,
      nKvHead: 0,
      nInner: 0,
    } as ModelShape
    const parameters =
      estimate?.parameters.total ?? countParameters(resolveModel(shape, Math.max(2, vocabularySize))).total
    const planned = tokensPerStep(config, model.contextLength) * config.steps
    return {
      name,
      shape: `${model.nLayer} × ${model.nEmbd}, context ${formatCount(model.contextLength)}`,
      parameters,
      tokensPerParameter: estimate?.tokensPerParameter ?? planned / parameters,
      memory: estimate?.memory.total ?? null,
      minutes: estimate?.minutes ?? null,
      problem: estimate?.problems[0]?.what ?? null,
      chosen: name === chosen,
    }
  })
}

/** Hoffmann et al. 2022: about 20 training tokens per parameter use a given amount of compute best. */
export function tokensPerParameterRemark(ratio: number): { word: string; sentence: string } {
  if (ratio < 5)
    return {
      word: 'too little text',
      sentence:
        'Far below 20 tokens per parameter: a smaller model would learn more in the same time, or give it more steps.',
    }
  if (ratio <= 60)
    return {
      word: 'balanced',
      sentence: 'Around 20 tokens per parameter: the best use of the compute (Hoffmann et al. 2022).',
    }
  return {
    word: 'well fed',
    sentence:
      'Far above 20 tokens per parameter: small for its reading, quick to run. A larger model would reach a lower loss.',
  }
}
