// Where the variance of scores lies: between prompts, or between answers to the same prompt. Phase 4 compares answers to
// one prompt, so only the second can teach it anything.

export interface VarianceParts {
  readonly mean: number
  /** Of the scores as they are, not an estimate of a larger population's. */
  readonly std: number
  /** 0–1. */
  readonly withinGroups: number
}

/**
 * One-way random effects: within = mean square within groups, between = (MSB − MSW) / n₀, not below 0 (Searle, Casella &
 * McCulloch 1992 §3.6; within / (within + between) is 1 − ICC(1)).
 * @returns share 0 where no group has two scores or nothing differs; null without any score
 */
export function varianceParts(groups: readonly (readonly number[])[]): VarianceParts | null {
  const filled = groups.filter(group => group.length > 0)
  const n = filled.reduce((sum, group) => sum + group.length, 0)
  if (n === 0) return null
  const mean = filled.reduce((sum, group) => sum + total(group), 0) / n
  let squaresWithin = 0
  let squaresBetween = 0
  for (const group of filled) {
    const own = total(group) / group.length
    squaresWithin += group.reduce((sum, score) => sum + (score - own) ** 2, 0)
    squaresBetween += group.length * (own - mean) ** 2
  }
  const std = Math.sqrt((squaresWithin + squaresBetween) / n)
  return { mean, std, withinGroups: shareWithin(filled, n, squaresWithin, squaresBetween) }
}

function shareWithin(
  groups: readonly (readonly number[])[],
  n: number,
  squaresWithin: number,
  squaresBetween: number,
): number {
  const { length } = groups
  if (n === length || squaresWithin === 0) return 0
  if (length === 1) return 1
  const within = squaresWithin / (n - length)
  const size = (n - groups.reduce((sum, group) => sum + group.length ** 2, 0) / n) / (length - 1)
  const between = Math.max(0, (squaresBetween / (length - 1) - within) / size)
  return within / (within + between)
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
