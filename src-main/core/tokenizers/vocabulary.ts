// A tokenizer's vocabulary as a table: searched and ordered.
import type { VocabularyRow } from '../../../src-shared/contract/lab-contract.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import { pieceOf } from './pieces.ts'

export type VocabularyOrder = 'id' | 'longest' | 'never-used' | 'most-used'

/** @param uses by id; null where nobody counted */
export function vocabularyRows(tokenizer: Tokenizer, uses: readonly number[] | null): VocabularyRow[] {
  return Array.from({ length: tokenizer.vocabularySize }, (_, id) => ({
    ...pieceOf(tokenizer, id),
    uses: uses?.[id] ?? null,
  }))
}

/**
 * Rows that match, in order; ties by id.
 * @param search part of a token's text in any case, or an id. Spaces count: " the" is another token than "the"
 * @param order `never-used` keeps only ordinary tokens that the training text does not use
 */
export function selectRows(
  rows: readonly VocabularyRow[],
  search: string,
  order: VocabularyOrder,
): VocabularyRow[] {
  const needle = search.toLowerCase()
  const found = rows.filter(
    row =>
      (order !== 'never-used' || (row.uses === 0 && !row.special)) &&
      (needle === '' || row.text?.toLowerCase().includes(needle) || String(row.id) === needle),
  )
  if (order === 'longest') found.sort((a, b) => b.bytes.length - a.bytes.length || a.id - b.id)
  if (order === 'most-used') found.sort((a, b) => (b.uses ?? -1) - (a.uses ?? -1) || a.id - b.id)
  return found
}
