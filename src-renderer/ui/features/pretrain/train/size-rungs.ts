// The size ladder as rows: shape, parameters, memory, minutes, tokens per parameter, and what that last figure means.
import { countParameters, resolveModel } from '../../../../../src-shared/config/model-config.ts'
import type { sizeLadder } from '../../../../../src-shared/config/presets.ts'
import { tokensPerStep } from '../../../../../src-shared/config/train-config.ts'
import type { Estimate } from '../../../../../src-shared/contract/lab-contract.ts'
import { formatCount } from '../../../format.ts'
import { configOf, modelOf, type Recipe, rungOf, withRung } from './recipe.ts'

export interface Rung {
  readonly name: string
  /** Layers × width, context: `4×128, 128`. */
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

/**
 * One rung as a row: counted here until the core has estimated it.
 * @param vocabularySize of the tokenizer chosen or planned
 */
export function rungRow(
  recipe: Recipe,
  { name, model }: (typeof sizeLadder)[number],
  vocabularySize: number,
  estimate: Estimate | undefined,
): Rung {
  const shape = modelOf(withRung(recipe, model))
  const config = configOf(recipe)
  const parameters =
    estimate?.parameters.total ?? countParameters(resolveModel(shape, Math.max(2, vocabularySize))).total
  const planned = tokensPerStep(config, model.contextLength) * config.steps
  return {
    name,
    shape: `${model.nLayer}×${model.nEmbd}, ${formatCount(model.contextLength)}`,
    parameters,
    tokensPerParameter: estimate?.tokensPerParameter ?? planned / parameters,
    memory: estimate?.memory.total ?? null,
    minutes: estimate?.minutes ?? null,
    problem: estimate?.problems[0]?.what ?? null,
    chosen: name === rungOf(recipe),
  }
}
