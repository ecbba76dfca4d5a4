// What all answers of an evaluation together say.
import type { EvaluationFindings, EvaluationPart, RungResult } from '../contract/evaluation-contract.ts'
import { shareOf } from '../metrics/share.ts'
import { grade } from '../starter-world/grading.ts'
import { rungs, sumText } from '../starter-world/ladder.ts'
import type { AnswerSheet, Judge } from './answers.ts'
import { answersOf, mannerOf, truthOfSet } from './manner.ts'
import { SAMPLED } from './questions.ts'
import { winRatesOf } from './win-rates.ts'

export interface Evaluated {
  readonly sheet: AnswerSheet
  readonly parts: readonly EvaluationPart[]
  /** Of the tournament. */
  readonly temperatures: readonly number[]
  readonly judges: readonly Judge[]
}

/** Of answers that are missing nothing is said. */
export function findingsOf({ sheet, parts, temperatures, judges }: Evaluated): EvaluationFindings {
  const has = (part: EvaluationPart) => parts.includes(part)
  const models = sheet.labels.map((_, model) => model)
  const byLabel = <T>(of: (model: number) => T | null): Record<string, T> =>
    Object.fromEntries(
      models.flatMap(model => {
        const value = of(model)
        return value === null ? [] : [[sheet.labels[model]!, value] as const]
      }),
    )
  const manner = has('tasks')
    ? [0, SAMPLED].flatMap(temperature => models.flatMap(model => mannerOf(sheet, model, temperature) ?? []))
    : []
  const mannerAt = (temperature: number, of: 'tasks' | 'badStyle' | 'abstainsOnTasks') =>
    Object.fromEntries(
      manner
        .filter(each => each.temperature === temperature && each[of].n > 0)
        .map(each => [each.label, each[of].share]),
    )
  return {
    ...(has('tournament') ? winRatesOf(sheet, judges, temperatures) : { winRates: [], winRatesByGroup: [] }),
    tasks: mannerAt(0, 'tasks'),
    badStyle: mannerAt(SAMPLED, 'badStyle'),
    abstainsOnTasks: mannerAt(0, 'abstainsOnTasks'),
    manner,
    truthfulness: has('truthfulness')
      ? byLabel(model => {
          const [known, unknown] = [truthOfSet(sheet, model, 'known'), truthOfSet(sheet, model, 'unknown')]
          return known.questions + unknown.questions === 0 ? null : { known, unknown }
        })
      : {},
    arithmetic: has('ladder') ? byLabel(model => ladderOf(sheet, model)) : {},
  }
}

/** Greedy. null without answers. */
function ladderOf(sheet: AnswerSheet, model: number): EvaluationFindings['arithmetic'][string] | null {
  const all = answersOf(sheet, model, 0, ({ set }) => set === 'sum')
  if (all.length === 0) return null
  const result = (of: typeof all) => ({
    accuracy: shareOf(
      of.filter(({ question, answer }) => grade(question, answer) === 'correct').length,
      of.length,
    ),
    confidence: of.reduce((sum, { answer }) => sum + Math.exp(answer.logProb), 0) / of.length,
  })
  const { accuracy, confidence } = result(all)
  return {
    accuracy: accuracy.share,
    confidence,
    rungs: rungs.flatMap((rung): RungResult[] => {
      const of = all.filter(({ question }) => question.group === rung.id)
      return of.length === 0
        ? []
        : [{ rung: rung.id, title: rung.title, example: sumText(rung), ...result(of) }]
    }),
  }
}
