// How far one token moved the score of a response, in shades: seven, from a great fall to a great rise.

export type ScoreChange = 'fall3' | 'fall2' | 'fall1' | 'still' | 'rise1' | 'rise2' | 'rise3'

/** Standard deviations of the fine-tuned model's own answers, from which a change counts as small, middling, great. */
const STEPS = [0.1, 0.3, 1] as const

/** @param change of the normalised score, after this token minus before it */
export function scoreChange(change: number): ScoreChange {
  const size = STEPS.filter(step => Math.abs(change) >= step).length
  return size === 0 ? 'still' : (`${change < 0 ? 'fall' : 'rise'}${size}` as ScoreChange)
}

/** For a legend, from the greatest fall to the greatest rise. */
export const scoreChanges: readonly { readonly change: ScoreChange; readonly name: string }[] = [
  { change: 'fall3', name: 'falls by 1 or more' },
  { change: 'fall2', name: '0.3 to 1' },
  { change: 'fall1', name: '0.1 to 0.3' },
  { change: 'still', name: 'hardly moves' },
  { change: 'rise1', name: 'rises by 0.1 to 0.3' },
  { change: 'rise2', name: '0.3 to 1' },
  { change: 'rise3', name: '1 or more' },
]
