// What the evaluations of a run say together: which checkpoint is best liked, by whom, and how far a break has come. Pure.
import type { PpoEvaluation, WinRate } from '../../../../../src-shared/contract/ppo-contract.ts'
import { formatCount, formatCounted } from '../../../format.ts'

/** Pairs that a person compares in one break, at most. */
export const BREAK_PAIRS = 10

export interface BestLiked {
  readonly evaluation: PpoEvaluation
  readonly judge: 'person' | 'oracle'
  /** The best of several, or preferred more often than not: one that lost is not liked. */
  readonly liked: boolean
}

/**
 * Of each judge who decided anything, the person first, the evaluation that wins most by the low end of its interval, as the
 * core chooses which checkpoint it keeps; the later of equals.
 */
export function bestLiked(evaluations: readonly PpoEvaluation[]): BestLiked[] {
  return (['person', 'oracle'] as const).flatMap(judge => {
    const judged = evaluations.filter(each => (each[judge]?.n ?? 0) > 0)
    if (judged.length === 0) return []
    const evaluation = judged.reduce((a, b) => (b[judge]!.low >= a[judge]!.low ? b : a))
    return [{ evaluation, judge, liked: judged.length > 1 || evaluation[judge]!.share > 0.5 }]
  })
}

/** Votes of a person in this evaluation. */
export const votesOf = ({ person }: Pick<PpoEvaluation, 'person'>): number =>
  person === null ? 0 : person.wins + person.losses + person.ties

/** Pairs of a break: where few answers differ from the fine-tuned model's there are no more to compare. */
export const breakPairs = ({ pairs }: Pick<PpoEvaluation, 'pairs'>): number => Math.min(BREAK_PAIRS, pairs)

/** Votes at which the break ends that is on, or comes next: after every ten. @param voted so far */
export const breakEnd = (pairs: number, voted: number): number =>
  Math.min(pairs, (Math.floor(voted / BREAK_PAIRS) + 1) * BREAK_PAIRS)

/** In its first break: who knows the standing votes with it. */
export const inFirstBreak = (evaluation: Pick<PpoEvaluation, 'person' | 'pairs'>): boolean =>
  votesOf(evaluation) > 0 && votesOf(evaluation) < breakPairs(evaluation)

/** What a person may see of the evaluations: of those in their first break, not how they stand. */
export const withoutStanding = (evaluations: readonly PpoEvaluation[]): PpoEvaluation[] =>
  evaluations.map(each => (inFirstBreak(each) ? { ...each, person: null } : each))

/** What the button says that opens a break: `Compare 10 answers of update 20 blind`, `Go on with update 20: 3 of 10`. */
export function breakWords(evaluation: Pick<PpoEvaluation, 'step' | 'person' | 'pairs'>): string {
  const { step, pairs } = evaluation
  const voted = votesOf(evaluation)
  const end = breakEnd(pairs, voted)
  if (voted % BREAK_PAIRS > 0 && voted < end)
    return `Go on with update ${formatCount(step)}: ${formatCount(voted)} of ${formatCount(end)}`
  const next = end - voted > 0 ? formatCounted(end - voted, 'answer') : 'answers'
  return `Compare ${next} of update ${formatCount(step)} blind`
}

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
