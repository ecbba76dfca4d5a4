// What stands around the rows: use cases beside InstructGPT's, columns of a table, the result of an import.
import { describe, expect, test } from 'vitest'
import { STILL_READ } from '../../../../src-renderer/ui/components/import-files.tsx'
import {
  fileProblem,
  mappingProblem,
} from '../../../../src-renderer/ui/features/sft/demonstrations/column-mapping.ts'
import { useCaseShares } from '../../../../src-renderer/ui/features/sft/demonstrations/use-case-bars.tsx'
import { jobOutcome } from '../../../../src-renderer/ui/frame/job-outcome.ts'
import { importSentence } from '../../../../src-renderer/ui/import-sentence.ts'
import { pagesOf } from '../../../../src-renderer/ui/sparse-rows.ts'

describe('the use cases', () => {
  test('stand in the order of InstructGPT’s table, shared among the rows that have one', () => {
    const shares = useCaseShares({ rows: 10, useCases: { 'open-qa': 6, generation: 2, none: 2 } })
    expect(shares.slice(0, 2).map(s => [s.id, s.rows, s.mine, s.theirs])).toEqual([
      ['generation', 2, 0.25, 0.456],
      ['open-qa', 6, 0.75, 0.124],
    ])
    expect(shares).toHaveLength(11)
    expect(shares.at(-1)).toMatchObject({ id: 'none', rows: 2, mine: 0.2, theirs: null })
  })

  test('of an empty set are all zero, and no row is said to be without one', () => {
    const shares = useCaseShares({ rows: 0, useCases: {} })
    expect(shares).toHaveLength(10)
    expect(shares.every(s => s.rows === 0 && s.mine === 0)).toBe(true)
  })
})

describe('an import', () => {
  const mapping = { prompt: 'q', response: 'a', system: null, context: null, useCase: null }

  test('waits until prompt and response have a column each', () => {
    expect(mappingProblem(null)).toBeNull()
    expect(mappingProblem(mapping)).toBeNull()
    expect(mappingProblem({ ...mapping, response: '' })).toBe('choose the column of the response')
    expect(mappingProblem({ ...mapping, prompt: '', response: '' })).toBe(
      'choose the column of the prompt and the response',
    )
    expect(mappingProblem({ ...mapping, response: 'q' })).toContain('same column')
  })

  test('says of each file why it cannot be imported, and waits for columns only where there are some', () => {
    const found = { format: 'table', mapping, problem: null }
    expect(fileProblem(found, null, null)).toBeNull()
    expect(fileProblem(undefined, null, null)).toBe(STILL_READ)
    expect(fileProblem({ ...found, format: null, mapping: null }, null, null)).toContain('which columns')
    expect(fileProblem({ format: null, mapping: null, problem: 'the file is empty' }, null, null)).toBe(
      'the file is empty',
    )
    expect(fileProblem(found, null, { ...mapping, prompt: '' })).toBe('choose the column of the prompt')
    expect(fileProblem(undefined, { code: 'not-found', what: 'the file is gone', fix: 'add it' }, null)).toBe(
      'the file is gone',
    )
  })

  test('says in one sentence what came in and what did not', () => {
    expect(importSentence({ read: 100, accepted: 100, rejected: 0, duplicates: 0 })).toBe(
      'Imported 100 of 100 rows.',
    )
    const some = { read: 100, accepted: 95, rejected: 3, duplicates: 2 }
    expect(importSentence(some)).toBe('Imported 95 of 100 rows: 3 rejected, 2 duplicates left out.')
    const result = { ...some, set: 'set-1', rejections: [] }
    expect(jobOutcome({ title: 'Importing', result })).toEqual(['warning', importSentence(some)])
  })

  test('of the starter world counts what is different, for its generator repeats itself', () => {
    const result = { read: 8000, accepted: 4813, rejected: 0, duplicates: 3187, set: 's', rejections: [] }
    expect(jobOutcome({ kind: 'starter-world', title: 'Writing', result })).toEqual([
      'success',
      'Starter world’s demonstrations: 4,813 different rows; repeats of the generator are left out.',
    ])
  })
})

test('a long list fetches the pages in view and some rows around them, nothing else', () => {
  expect(pagesOf(0, 0, 200)).toEqual([0])
  expect(pagesOf(100, 120, 200)).toEqual([0])
  expect(pagesOf(190, 215, 200)).toEqual([0, 1])
  expect(pagesOf(50_000, 50_020, 200)).toEqual([249, 250])
})
