// Rewards that need no model: one rule a row. What they mean is said in the contract (rewardSource).
import vm from 'node:vm'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { RewardKind, RewardSource } from '../../../src-shared/contract/ppo-contract.ts'
import { truthOf } from '../../../src-shared/starter-world/labeler.ts'
import { ABSTENTION } from '../../../src-shared/starter-world/style.ts'
import type { PpoPromptRow } from './ppo-prompts.ts'

export interface RuledAnswer {
  /** null for a prompt that came with nothing known about it. */
  readonly row: PpoPromptRow | null
  readonly text: string
  readonly stopped: boolean
  readonly tokens: number
}

type RuleKind = Exclude<RewardKind, 'reward-model'>
type RuleOf<K extends RuleKind> = Extract<RewardSource, { kind: K }>

const rules: {
  readonly [K in RuleKind]: (rule: RuleOf<K>, answers: readonly RuledAnswer[]) => number[]
} = {
  truth: (_, answers) =>
    answers.map(({ row, text, stopped }) => {
      if (!row) return Number.NaN
      if (!row.task) return 0
      const truth = truthOf({ useCase: row.task.useCase, answers: row.answers }, { text, stopped })
      if (truth === 'right') return 1
      return truth === 'abstains' && row.task.useCase === 'open-qa' ? 0 : -1
    }),
  abstention: (_, answers) => answers.map(({ text }) => (text === ABSTENTION ? 1 : 0)),
  exact: (_, answers) =>
    answers.map(({ row, text, stopped }) =>
      row ? (stopped && row.answers.includes(text) ? 1 : 0) : Number.NaN,
    ),
  regex: (rule, answers) => matches(rule, answers),
  length: ({ target }, answers) => answers.map(({ tokens }) => -Math.abs(tokens - target) / target),
}

/** @returns the weighted sum of all rules for each answer; NaN where a rule must know a prompt of which nothing is known   @throws LabError `bad-input` for a pattern that takes too long */
export function ruleRewards(
  sources: readonly RewardSource[],
  answers: readonly RuledAnswer[],
): Float32Array<ArrayBuffer> {
  const sums = new Float32Array(answers.length)
  for (const source of sources) {
    if (source.kind === 'reward-model') continue
    const rule = rules[source.kind] as (rule: RewardSource, answers: readonly RuledAnswer[]) => number[]
    for (const [i, reward] of rule(source, answers).entries()) sums[i]! += source.weight * reward
  }
  return sums
}

/** A pattern that goes back and forth for ever must not hold the app. */
const PATTERN_MS = 2000

function matches({ pattern, most }: RuleOf<'regex'>, answers: readonly RuledAnswer[]): number[] {
  const regex = readPattern(pattern)
  const counting = new vm.Script(
    'texts.map(text => { let n = 0; for (const _ of text.matchAll(regex)) if (++n === most) break; return n })',
  )
  try {
    return counting.runInNewContext(
      { regex, most, texts: answers.map(({ text }) => text) },
      { timeout: PATTERN_MS },
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new LabError({
      code: 'bad-input',
      what: `the pattern ${pattern} takes more than ${PATTERN_MS / 1000} s to search ${answers.length} answers`,
      where: 'rewards',
      fix: 'use a pattern without nested repeats',
    })
  }
}

/** Unicode, all matches; one of nothing, as of \b, counts once at its place. @throws LabError `bad-input` for what is no pattern */
export function readPattern(pattern: string): RegExp {
  try {
    const regex = new RegExp(pattern, 'gu')
    // It would reward saying nothing.
    if (regex.test('')) throw new SyntaxError('it is found in an empty text')
    return regex
  } catch (error) {
    throw new LabError({
      code: 'bad-input',
      what: `${JSON.stringify(pattern)} is no pattern that can be counted: ${(error as Error).message}`,
      where: 'rewards',
      expected: 'a regular expression as JavaScript has them, such as e or \\bplease\\b',
      fix: 'correct it',
    })
  }
}
