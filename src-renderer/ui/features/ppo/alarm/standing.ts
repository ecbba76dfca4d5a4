// What the evaluations of a run say together: which checkpoint is best liked, by whom, and how far a break has come. Pure.
import type { PpoEvaluation, WinRate } from '../../../../../src-shared/contract/ppo-contract.ts'

/** Pairs that a person compares in one break, at most. */
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

/** Pairs of a break: where few answers differ from the fine-tuned model's there are no more to compare. */
export const breakPairs = ({ pairs }: Pick<PpoEvaluation, 'pairs'>): number => Math.min(BREAK_PAIRS, pairs)

/** The newest evaluation of a changed model that waits for a break; null = the newest has had one, or there is none. */
export function waitingBreak(evaluations: readonly PpoEvaluation[]): PpoEvaluation | null {
  const newest = evaluations.at(-1)
  return newest && newest.step > 0 && votesOf(newest) < breakPairs(newest) ? newest : null
}

/** Why no answers of an evaluation can be compared, as a sentence; null = they can. */
export const breakProblem = ({ step, pairs }: Pick<PpoEvaluation, 'step' | 'pairs'>): string | null =>
  step === 0
    ? 'Before the first update both models are the same: there is nothing to compare'
    : pairs === 0
      ? 'Both models say the same to every held-out prompt: there is nothing to compare'
      : null

/** What a person's votes say of the reward, no more than their interval does. */
export function votesMean({ n, low, high }: Pick<WinRate, 'n' | 'low' | 'high'>): string {
  if (n > 0 && high < 0.5)
    return 'The whole interval lies below 50%: where the reward rises meanwhile, it is being gamed.'
  if (n > 0 && low > 0.5) return 'The whole interval lies above 50%: you like what the reward likes.'
  return 'These votes are too few to tell: below 50% while the reward rises, it would be gamed.'
}
