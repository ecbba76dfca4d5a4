// The size ladder as rows: shape, parameters, memory, minutes, tokens per parameter, and what that last figure means.
import { countParameters, resolveModel } from '../../../../../src-shared/config/model-config.ts'
import type { sizeLadder } from '../../../../../src-shared/config/presets.ts'
import { tokensPerStep } from '../../../../../src-shared/config/pretrain-config.ts'
import type { Estimate } from '../../../../../src-shared/contract/lab-contract.ts'
import { formatCompact, formatCount } from '../../../format.ts'
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

/** Minutes as an estimate deserves: `40 s`, `5 min`, `1.9 h`, `3 d`, `4.6 y`. */
export function roughTime(minutes: number): string {
  if (minutes < 1) return `${Math.max(1, Math.round(minutes * 60))} s`
  if (minutes < 100) return `${Math.round(minutes)} min`
  if (minutes < 48 * 60) return `${Number((minutes / 60).toPrecision(2))} h`
  if (minutes < 366 * 1440) return `${Math.round(minutes / 1440)} d`
  return `${formatCompact(Number((minutes / 525_960).toPrecision(2)))} y`
}

/** Hoffmann et al. 2022: about 20 training tokens per parameter use a given amount of compute best. */
export function tokensPerParameterRemark(ratio: number): { word: string; sentence: string } {
  const best = 'About 20 tokens per parameter are compute-optimal (Hoffmann et al. 2022).'
  if (ratio < 10)
    return {
      word: 'too few',
      sentence: `${best} These are fewer: a smaller model would learn more in the same time, or give it more steps.`,
    }
  if (ratio <= 40) return { word: 'balanced', sentence: `${best} These are near it.` }
  return {
    word: 'more than needed',
    sentence: `${best} These are more: small for its reading and quick to run, but a larger model would reach a lower loss in the same time.`,
  }
}
