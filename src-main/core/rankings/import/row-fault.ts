// What is wrong with a row, in words: of what a schema says, where it stands and what stands there.
import type * as v from 'valibot'
import { kindOf, shortName } from '../../demonstrations/formats/format.ts'

/** One of a list, counted from 1. */
const oneOf: Readonly<Record<string, string>> = {
  prompt: 'message',
  responses: 'response',
  rankings: 'ranking',
  ranks: 'rank',
  pairs: 'pair',
}
/** What a value should be, by valibot's name. */
const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
}

/** `ranking 1: "outcome" is "liked": it can be "ranked", "skipped" or "all-bad"`. */
export function rowFault(issue: v.BaseIssue<unknown>): string {
  const places = placesOf((issue.path ?? []).map(({ key }) => key))
  return `${places.join(': ') || 'the row'} ${saidOf(issue, places.at(-1) ?? '')}`
}

function placesOf(path: readonly unknown[]): string[] {
  const places: string[] = []
  for (const [i, key] of path.entries()) {
    const before = path[i - 1]
    if (typeof key !== 'number') places.push(`"${shortName(String(key))}"`)
    // Of a list in a list, the inner place is not named.
    else if (typeof before === 'string') places.splice(-1, 1, `${oneOf[before] ?? `"${before}"`} ${key + 1}`)
  }
  return places
}

function saidOf(
  { type, input, expected, requirement, message }: v.BaseIssue<unknown>,
  place: string,
): string {
  if (input === undefined) return 'is missing'
  const kind = kinds[type]
  if (kind !== undefined)
    return `is ${kindOf(input)}, not ${kind}${place === '"prompt"' ? ' of messages' : ''}`
  const shown =
    typeof input === 'string' ? `"${shortName(input)}"` : typeof input === 'number' ? input : kindOf(input)
  switch (type) {
    case 'picklist':
      return `is ${shown}: it can be ${choices(expected ?? '')}`
    case 'integer':
      return `is ${shown}, not a whole number`
    case 'min_value':
      return `is ${shown}, below ${requirement}`
    case 'max_value':
      return `is ${shown}, above ${requirement}`
    default:
      return `cannot be used: ${message}`
  }
}

/** `("a" | "b" | "c")` as `"a", "b" or "c"`. */
const choices = (expected: string): string =>
  expected
    .replace(/^\(|\)$/g, '')
    .split(' | ')
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1')
