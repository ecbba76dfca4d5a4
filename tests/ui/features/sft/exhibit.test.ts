// The question exhibit: whom it asks until the person chooses, and why it cannot ask yet.
import { describe, expect, test } from 'vitest'
import { answerKindRows } from '../../../../src-renderer/ui/features/sft/exhibit/answer-kind-order.ts'
import {
  askedQuestions,
  emptyDraft,
  exhibitProblem,
  modelsOf,
} from '../../../../src-renderer/ui/features/sft/exhibit/exhibit-draft.ts'
import { answerKind } from '../../../../src-shared/contract/sft-contract.ts'
import { runOf } from '../../run-shapes.ts'
import { checkpointOf } from '../../sft-shapes.ts'

const base = checkpointOf('bard', 150, { createdAt: '2026-03-01' })
const later = checkpointOf('other', 9, { createdAt: '2026-03-05' })
const tuned = checkpointOf('bard SFT', 4, { phase: 'sft', createdAt: '2026-03-02' })
const runs = [runOf('bard'), runOf('other'), runOf('bard SFT', { phase: 'sft', parentCheckpoint: base.id })]

describe('the two models', () => {
  test('are the newest fine-tuned one and the very base it was made from', () => {
    const { base: first, sft } = modelsOf(emptyDraft, [base, later, tuned], runs)
    expect([first?.id, sft?.id]).toEqual([base.id, tuned.id])
  })

  test('are those that the person chose, as long as they are there', () => {
    const chosen = { base: later.id, sft: 'deleted' }
    const { base: first, sft } = modelsOf(chosen, [base, later, tuned], runs)
    expect([first?.id, sft?.id]).toEqual([later.id, tuned.id])
  })

  test('may be one alone', () => {
    expect(modelsOf(emptyDraft, [base], runs)).toEqual({ base, sft: undefined })
    expect(modelsOf(emptyDraft, [tuned], runs)).toEqual({ base: undefined, sft: tuned })
  })
})

describe('asking', () => {
  test('skips empty lines and asks the rest as they are', () => {
    expect(askedQuestions(['', ' Who? ', '  ', 'Why?'])).toEqual(['Who?', 'Why?'])
  })

  test('waits until there is a question and every number can be used', () => {
    const problem = (change: object, questions = ['Who?']) =>
      exhibitProblem({ ...emptyDraft, ...change }, questions)
    expect(problem({})).toBeNull()
    expect(problem({}, [' '])).toBe('Write at least one question.')
    expect(problem({}, Array(51).fill('Who?'))).toContain('at most 50')
    expect(problem({}, ['x'.repeat(501)])).toContain('500 characters')
    expect(problem({ repeats: 0 })).toContain('from 1 to 100')
    expect(problem({ repeats: '' })).toContain('from 1 to 100')
    expect(problem({ maxTokens: 501 })).toContain('from 1 to 500')
    expect(problem({ seed: -1 })).toContain('Seed')
  })
})

test('every kind of answer has its bar and its rule', () => {
  expect(answerKindRows.map(row => row.kind).sort()).toEqual([...answerKind.options].sort())
  expect(answerKindRows[0]).toMatchObject({ kind: 'answers', title: 'Answers it' })
})
