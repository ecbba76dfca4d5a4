// Rows of a corpus against its documents: a validation tail is no document of its own.
import { expect, test } from 'vitest'
import {
  countOfDocuments,
  documentOf,
  rowTitle,
} from '../../../src-renderer/ui/features/pretrain/data/document-parts.ts'

const tails = { split: 'tail', documents: 3, validationDocuments: 3 } as const
const hashed = { split: 'document-hash', documents: 40, validationDocuments: 4 } as const

test('a validation tail names the document it was cut off', () => {
  expect([0, 2, 3, 5].map(row => documentOf(row, tails, 6))).toEqual([1, 3, 1, 3])
  expect(rowTitle(2, 'train', tails, 6)).toBe('Document 3')
  expect(rowTitle(5, 'validation', tails, 6)).toBe('Validation part of document 3')
  expect(countOfDocuments(tails, 6)).toBe('3 documents in 6 parts')
  expect(countOfDocuments({ ...tails, documents: 1 }, 1)).toBe('1 document')
})

test('documents split among each other are whole, in both parts', () => {
  expect(rowTitle(39, 'validation', hashed, 40)).toBe('Document 40')
  expect(countOfDocuments(hashed, 40)).toBe('40 documents')
})

test('where long documents lie in parts, no row claims to be a document', () => {
  expect(documentOf(5, hashed, 43)).toBeNull()
  expect(rowTitle(5, 'train', hashed, 43)).toBe('Part 6 of 43')
  // One of three is too short to have an end of its own.
  expect(rowTitle(4, 'validation', { ...tails, validationDocuments: 2 }, 5)).toBe('Part 5 of 5')
})
