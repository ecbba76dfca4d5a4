// How a text answered a question, in words: what the bars are called, and the rule in one sentence each.
import type { AnswerKind } from '../../../../../src-shared/contract/sft-contract.ts'

export interface AnswerKindWords {
  readonly kind: AnswerKind
  readonly title: string
  readonly rule: string
}

export const answerKindWords: readonly AnswerKindWords[] = [
  {
    kind: 'answers',
    title: 'Answers it',
    rule: 'The first sentence says something about what was asked. Where the true answer is known, whether it is true does not matter here.',
  },
  {
    kind: 'asks-more',
    title: 'Asks more questions',
    rule: 'The first sentence is a question itself.',
  },
  {
    kind: 'talks-about-it',
    title: 'Talks about the question',
    rule: 'The first sentence is about asking: “this question”, “people ask”, “nobody knows”.',
  },
  { kind: 'other', title: 'Other', rule: 'Nothing, a copy of the question, or none of the above.' },
]
