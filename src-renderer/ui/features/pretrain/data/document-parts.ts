// What a stored row of a corpus is: a whole document, or a part of one. Few documents are not split among each other: of
// each the end is kept apart for validation, and stands as a row of its own behind all the training rows.
import type { CorpusSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { formatCount, formatCounted } from '../../../format.ts'

type Split = Pick<CorpusSummary, 'split' | 'documents' | 'validationDocuments'>

/** Whether every document is one training row and one validation row, in the same order. */
const hasTails = ({ split, documents, validationDocuments }: Split, stored: number): boolean =>
  split === 'tail' && validationDocuments === documents && stored === 2 * documents

/**
 * The document, counted from 1, that a row belongs to; null where long documents are stored in parts.
 * @param row from 0
 * @param stored rows of the corpus
 */
export function documentOf(row: number, corpus: Split, stored: number): number | null {
  if (hasTails(corpus, stored)) return (row % corpus.documents) + 1
  return stored === corpus.documents ? row + 1 : null
}

/** `Document 3`, `Validation part of document 3`, `Part 12 of 40`. */
export function rowTitle(row: number, split: 'train' | 'validation', corpus: Split, stored: number): string {
  const document = documentOf(row, corpus, stored)
  if (document === null) return `Part ${formatCount(row + 1)} of ${formatCount(stored)}`
  return split === 'validation' && corpus.split === 'tail'
    ? `Validation part of document ${formatCount(document)}`
    : `Document ${formatCount(document)}`
}

/** `2 documents`; `2 documents in 5 parts` where there are more rows than documents. */
export const countOfDocuments = ({ documents }: Split, stored: number): string =>
  stored > documents
    ? `${formatCounted(documents, 'document')} in ${formatCount(stored)} parts`
    : formatCounted(documents, 'document')
