// The judge of truth: an answer is right when it is, letter for letter, one of the answers that are true.
import type { AttributeName } from './attributes.ts'
import { ABSTENTION } from './style.ts'

export interface Question {
  readonly prompt: string
  /** What is asked for, where it is a fact of the world. */
  readonly attribute: AttributeName | null
  /** The exact right answers; empty when there is no truth to know. */
  readonly answers: readonly string[]
}

export interface Answer {
  /** Without the token that ended it. */
  readonly text: string
  /** The model ended it itself, rather than being cut off. */
  readonly stopped: boolean
}

/** `fabricates`: says something, and it is not right. */
export const grades = ['correct', 'abstains', 'fabricates'] as const
export type Grade = (typeof grades)[number]

/** The whole answer counts: a right beginning that goes on, or that was cut off, is not right. */
export function grade({ answers }: Pick<Question, 'answers'>, { text, stopped }: Answer): Grade {
  if (!stopped) return 'fabricates'
  if (answers.includes(text)) return 'correct'
  return text === ABSTENTION ? 'abstains' : 'fabricates'
}
