// What a shape of rows is to the import of demonstrations. Adding one = one file in this folder and one row in formats.ts.
import type { ChatMessage } from '../../../../src-shared/contract/demonstrations-contract.ts'
import { truncated } from '../../../../src-shared/text/truncated.ts'
import type { Reading } from '../conversation.ts'

export type Found = Reading<{ readonly messages: readonly ChatMessage[] }>

export interface DemonstrationFormat {
  /** `sharegpt` */
  readonly name: string
  /** In words. */
  readonly title: string
  /** Whether a row has this format's keys; what stands under them is looked at by `read`. */
  recognises(row: unknown): boolean
  /** The messages as the row has them: roles in any order, texts of any length. */
  read(row: unknown): Found
}

/** A field of a row of any kind; undefined where it has none. */
export function field(row: unknown, name: string): unknown {
  return isObject(row) && Object.hasOwn(row, name) ? row[name] : undefined
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'symbol') return 'bytes that are not UTF-8'
  if (typeof value === 'object') return 'an object'
  return `a ${typeof value}`
}

/** A text that must be there. */
export function textAt(row: unknown, name: string): Reading<{ readonly text: string }> {
  const value = field(row, name)
  if (typeof value === 'string') return { text: value }
  const is = value === undefined ? 'is missing' : `is ${kindOf(value)}, not a string`
  return { rejected: `"${shortName(name)}" ${is}` }
}

/** A text that may be missing, null or empty: '' then. */
export function optionalTextAt(row: unknown, name: string): Reading<{ readonly text: string }> {
  const value = field(row, name)
  return value === undefined || value === null ? { text: '' } : textAt(row, name)
}

/** Names of keys come from files. */
export const shortName = (name: string): string => truncated(name, 40)

/** One prompt and one response, and what a system message says, where it says something. */
export function oneTurn(system: string, prompt: string, response: string): { messages: ChatMessage[] } {
  return {
    messages: [
      ...(system === '' ? [] : [{ role: 'system', content: system } as const]),
      { role: 'user', content: prompt },
      { role: 'assistant', content: response },
    ],
  }
}

/** What is worked on after the prompt, with an empty line between, as Alpaca's `input`. */
export const withContext = (prompt: string, context: string): string =>
  context === '' ? prompt : `${prompt}\n\n${context}`
