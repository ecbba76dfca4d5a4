// Rows of any other shape: which column holds what, said by the person or guessed from the columns' names.
import type { ColumnMapping } from '../../../../src-shared/contract/demonstrations-contract.ts'
import {
  type DemonstrationFormat,
  field,
  isObject,
  oneTurn,
  optionalTextAt,
  shortName,
  textAt,
  withContext,
} from './format.ts'

/** Names of columns, the likeliest first, without letter case and signs. */
const names: Readonly<Record<keyof ColumnMapping, readonly string[]>> = {
  prompt: [
    'prompt',
    'instruction',
    'question',
    'query',
    'user',
    'human',
    'input',
    'request',
    'problem',
    'text',
  ],
  response: [
    'response',
    'completion',
    'answer',
    'output',
    'reply',
    'assistant',
    'target',
    'solution',
    'chosen',
  ],
  system: ['system', 'systemprompt', 'systemmessage'],
  context: ['context', 'input', 'passage', 'document'],
  useCase: ['usecase', 'category', 'tasktype', 'task'],
}
const bare = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

export function tableFormat(mapping: ColumnMapping): DemonstrationFormat {
  const { prompt, response, system, context } = mapping
  const quoted = (name: string) => `"${shortName(name)}"`
  return {
    name: 'table',
    title: `Table: prompt from ${quoted(prompt)}, response from ${quoted(response)}`,
    recognises: row => typeof field(row, prompt) === 'string' && typeof field(row, response) === 'string',
    read(row) {
      const asked = textAt(row, prompt)
      if ('rejected' in asked) return asked
      const answered = textAt(row, response)
      if ('rejected' in answered) return answered
      const before = system === null ? { text: '' } : optionalTextAt(row, system)
      if ('rejected' in before) return before
      const after = context === null ? { text: '' } : optionalTextAt(row, context)
      if ('rejected' in after) return after
      return oneTurn(before.text, withContext(asked.text, after.text), answered.text)
    },
  }
}

/** The columns of some rows, in order of first appearance. */
export function columnsOf(rows: readonly unknown[]): string[] {
  const columns = new Set<string>()
  for (const row of rows) if (isObject(row)) for (const name of Object.keys(row)) columns.add(name)
  return [...columns]
}

/** The mapping for columns of these names; null when no prompt or no response is among them. */
export function guessMapping(rows: readonly unknown[]): ColumnMapping | null {
  // A column is one of texts when more rows hold a string there than anything else.
  const columns = columnsOf(rows).filter(name => {
    const values = rows.map(row => field(row, name)).filter(value => value !== undefined && value !== null)
    return values.filter(value => typeof value === 'string').length > values.length / 2
  })
  const taken = new Set<string>()
  const take = (part: keyof ColumnMapping): string | null => {
    for (const wanted of names[part]) {
      const found = columns.find(name => bare(name) === wanted && !taken.has(name))
      if (found === undefined) continue
      taken.add(found)
      return found
    }
    return null
  }
  const prompt = take('prompt')
  const response = take('response')
  if (prompt === null || response === null) return null
  return { prompt, response, system: take('system'), context: take('context'), useCase: take('useCase') }
}
