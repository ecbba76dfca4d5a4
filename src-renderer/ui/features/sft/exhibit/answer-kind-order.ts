// The kinds of answers as the bars show them: the good one first. What each means is said by the rules themselves.
import type { AnswerKind } from '../../../../../src-shared/contract/sft-contract.ts'
import { answerKindRules } from '../../../../../src-shared/demonstrations/answer-kinds.ts'

const order: readonly AnswerKind[] = ['answers', 'asks-more', 'talks-about-it', 'other']

export const answerKindRows: readonly { kind: AnswerKind; title: string; rule: string }[] = order.map(
  kind => {
    const { title, rule } = answerKindRules.find(each => each.kind === kind)!
    return { kind, title: title[0]!.toUpperCase() + title.slice(1), rule }
  },
)
