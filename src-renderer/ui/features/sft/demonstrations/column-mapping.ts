// Which column of a table holds what, while a person decides.
import type { ColumnMapping } from '../../../../../src-shared/contract/demonstrations-contract.ts'

export const mappedParts = [
  { key: 'prompt', label: 'Prompt', needed: true, meaning: 'What is asked.' },
  { key: 'response', label: 'Response', needed: true, meaning: 'What the model is to answer.' },
  {
    key: 'context',
    label: 'Context',
    needed: false,
    meaning: 'Put after the prompt, where a row has it: a text that the prompt is about.',
  },
  { key: 'system', label: 'System message', needed: false, meaning: 'Who the assistant is to be.' },
  { key: 'useCase', label: 'Use case', needed: false, meaning: 'One of InstructGPT’s ten, by name.' },
] as const satisfies readonly {
  key: keyof ColumnMapping
  label: string
  needed: boolean
  meaning: string
}[]

export const emptyMapping: ColumnMapping = {
  prompt: '',
  response: '',
  system: null,
  context: null,
  useCase: null,
}

/** Why a file cannot be imported with this mapping, or null. */
export function mappingProblem(mapping: ColumnMapping | null): string | null {
  if (!mapping) return null
  const missing = mappedParts.filter(part => part.needed && !mapping[part.key]).map(part => part.label)
  if (missing.length > 0) return `Choose the column of the ${missing.join(' and the ').toLowerCase()}.`
  if (mapping.prompt === mapping.response) return 'Prompt and response are the same column.'
  return null
}
