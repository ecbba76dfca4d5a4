// The use case that a file gives a row, in its own words.
import type { UseCaseId } from '../../../src-shared/demonstrations/use-cases.ts'
import { useCaseIds } from '../../../src-shared/demonstrations/use-cases.ts'

/** Other names of the ten: Dolly's categories and what else is common. */
const otherNames: Readonly<Record<string, UseCaseId>> = {
  'creative-writing': 'generation',
  writing: 'generation',
  'general-qa': 'open-qa',
  qa: 'open-qa',
  brainstorm: 'brainstorming',
  conversation: 'chat',
  rewriting: 'rewrite',
  paraphrase: 'rewrite',
  summarize: 'summarization',
  summary: 'summarization',
  classify: 'classification',
  'information-extraction': 'extract',
  extraction: 'extract',
}
const known = new Map<string, UseCaseId>([
  ...useCaseIds.map(id => [id, id] as const),
  ...Object.entries(otherNames),
])

/** `Open QA`, `closed_qa`, `information_extraction` …; null for what is none of the ten. */
export function namedUseCase(name: unknown): UseCaseId | null {
  if (typeof name !== 'string' || name.length > 100) return null
  const words = name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
  return known.get(words) ?? null
}
