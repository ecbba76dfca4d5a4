// What a row of a file says of itself beside its conversation: its use case and its tags, as an export writes them, and
// as other files name them.
import * as v from 'valibot'
import { name } from '../../../src-shared/contract/method.ts'
import type { UseCaseId } from '../../../src-shared/demonstrations/use-cases.ts'
import { field } from './formats/format.ts'
import { namedUseCase } from './use-case-names.ts'

export interface RowLabels {
  readonly useCase: UseCaseId | null
  readonly tags: string[]
}

const MAX_TAGS = 20
/** Keys that speak of nothing else: a name that is none of the ten becomes a tag. */
const OWN_KEYS = ['use_case', 'useCase']
const USE_CASE_KEYS = [...OWN_KEYS, 'category']

/**
 * @param column in which the use case stands; null = any of the usual ones, and self-instruct's `is_classification`
 * @returns tags as a person could give them: short, on one line, each once; others are left out
 */
export function labelsOf(row: unknown, column: string | null): RowLabels {
  let useCase: UseCaseId | null =
    column === null && field(row, 'is_classification') === true ? 'classification' : null
  const given: unknown[] = []
  for (const key of column === null ? USE_CASE_KEYS : [column]) {
    const value = field(row, key)
    const found = namedUseCase(value)
    useCase ??= found
    if (found === null && OWN_KEYS.includes(key)) given.push(value)
  }
  const tags = field(row, 'tags')
  if (Array.isArray(tags)) given.unshift(...tags.slice(0, MAX_TAGS))
  return { useCase, tags: [...new Set(given.flatMap(readTag))].slice(0, MAX_TAGS) }
}

function readTag(value: unknown): string[] {
  const { success, output } = v.safeParse(name, value)
  return success ? [output.toWellFormed()] : []
}
