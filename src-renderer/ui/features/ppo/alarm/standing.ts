// What the evaluations of a run say together: which checkpoint is best liked, by whom, and how far a break has come. Pure.
import type { PpoEvaluation } from '../../../../../src-shared/contract/ppo-contract.ts'

/** Pairs that a person compares in one break. */
export const BREAK_PAIRS = 10

export interface BestLiked {
  readonly evaluation: PpoEvaluation
  readonly judge: 'person' | 'oracle'
}

/** Of each judge who decided anything, the person first, the evaluation with the highest win rate; the later of equals. */
export function bestLiked(evaluations: readonly PpoEvaluation[]): BestLiked[] {
  return (['person', 'oracle'] as const).flatMap(judge => {
    const judged = evaluations.filter(each => (each[judge]?.n ?? 0) > 0)
    if (judged.length === 0) return []
    const evaluation = judged.reduce((a, b) => (b[judge]!.share >= a[judge]!.share ? b : a))
    return [{ evaluation, judge }]
  })
}

/** Votes of a person in this evaluation. */
export const votesOf = ({ person }: Pick<PpoEvaluation, 'person'>): number =>
  person === null ? 0 : person.wins + person.losses + person.ties

/** The newest evaluation of a changed model that waits for a break; null = the newest has had one, or there is none. */
export function waitingBreak(evaluations: readonly PpoEvaluation[]): number | null {
  const newest = evaluations.at(-1)
  return newest && newest.step > 0 && votesOf(newest) < BREAK_PAIRS ? newest.step : null
}
