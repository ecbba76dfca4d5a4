import { expect, test } from 'vitest'
import {
  batchAfter,
  batchSentence,
  type JobBatch,
  jobOutcome,
} from '../../../src-renderer/ui/frame/job-outcome.ts'

const result = {
  corpus: 'c',
  accepted: 3,
  rejected: 0,
  duplicates: 0,
  documents: 3,
  bytes: 1_115_394,
  rejections: [],
}
const title = 'Importing letters'

test('an import says what came in', () => {
  expect(jobOutcome({ title, result })).toEqual(['success', 'Importing letters: 3 documents, 1.12 MB'])
})

test('an import that left something out is a warning and says where to look', () => {
  expect(jobOutcome({ title, result: { ...result, rejected: 2, duplicates: 1 } })).toEqual([
    'warning',
    'Importing letters: 3 documents, 1.12 MB, 1 duplicate left out, 2 rejected, listed under Data',
  ])
})

test('a job with another result is simply done', () => {
  expect(jobOutcome({ title: 'Tokenizing letters', result: null })).toEqual([
    'success',
    'Tokenizing letters: done',
  ])
})

test('jobs of one action are counted together', () => {
  const after = (...words: [id: string, state: 'running' | 'done'][]) =>
    words.reduce<JobBatch | undefined>((batch, [id, state]) => batchAfter(batch, { id, state }), undefined)!
  const three = after(['a', 'running'], ['b', 'running'], ['c', 'running'], ['b', 'done'])
  expect(batchSentence(three)).toBe('Tokenizing 3 sources: 1 of 3')
  const all = batchAfter(batchAfter(three, { id: 'a', state: 'done' }), { id: 'c', state: 'done' })
  expect(batchSentence(all)).toBe('Tokenizing 3 sources: done')
})
