// Which column of a table holds what, while a person decides.
import type {
  ColumnMapping,
  DemonstrationPreview,
} from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { LabErrorFacts } from '../../../../../src-shared/contract/errors.ts'
import { STILL_READ } from '../../../components/import-files.tsx'

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

/**
 * Why a file cannot be imported as it stands, as the end of a sentence that begins with its name; null = it can.
 * @param chosen the person's mapping; null = the one that the core guessed
 */
export function fileProblem(
  preview: Pick<DemonstrationPreview, 'format' | 'mapping' | 'problem'> | undefined,
  error: LabErrorFacts | null,
  chosen: ColumnMapping | null,
): string | null {
  if (error) return error.what
  if (!preview) return STILL_READ
  return (
    mappingProblem(chosen ?? preview.mapping) ??
    preview.problem ??
    (preview.format === null && !chosen ? 'say which columns hold prompt and response' : null)
  )
}
/** What is missing in a mapping, or null. */
export function mappingProblem(mapping: ColumnMapping | null): string | null {
  if (!mapping) return null
  const missing = mappedParts.filter(part => part.needed && !mapping[part.key]).map(part => part.label)
  if (missing.length > 0) return `choose the column of the ${missing.join(' and the ').toLowerCase()}`
  if (mapping.prompt === mapping.response) return 'prompt and response are the same column'
  return null
}
