// The sampling fields as they stand, readable or not: nothing is put in the place of what was typed, and what cannot be
// used says why.
import type { Sampling } from '../../../src-shared/contract/engine-contract.ts'
import { formatExact } from '../format.ts'

/** A field holds its number, or the text that could not be read as one. */
export interface SamplingDraft {
  readonly temperature: number
  readonly topP: number
  readonly topK: number | string
  readonly maxTokens: number | string
  readonly seed: number | string
}

export const wholeFields = {
  topK: { label: 'Top-k', min: 0, max: 1_000_000 },
  /** A screen is a place to watch a model write, not to store books: the terminal writes longer texts. */
  maxTokens: { label: 'At most', min: 1, max: 4000 },
  seed: { label: 'Seed', min: 0, max: Number.MAX_SAFE_INTEGER },
} as const
export type WholeField = keyof typeof wholeFields

/** Why the field's value cannot be used, or null. */
export function fieldProblem(field: WholeField, value: number | string): string | null {
  const { min, max } = wholeFields[field]
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
    ? null
    : `a whole number from ${formatExact(min)} to ${formatExact(max)}`
}

/** The first problem among these fields as a sentence, or null. */
export function samplingProblem(
  draft: Partial<SamplingDraft>,
  fields: readonly WholeField[] = ['topK', 'maxTokens', 'seed'],
): string | null {
  for (const field of fields) {
    const problem = fieldProblem(field, draft[field] ?? '')
    if (problem) return `${wholeFields[field].label} must be ${problem}.`
  }
  return null
}

/** null while a field has a problem. */
export const samplingOf = (draft: SamplingDraft): Sampling | null =>
  samplingProblem(draft) === null ? (draft as Sampling) : null
