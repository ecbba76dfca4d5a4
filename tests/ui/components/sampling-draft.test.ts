// The sampling fields: what was typed is used as it is or refused, never quietly replaced.
import { expect, test } from 'vitest'
import {
  fieldProblem,
  type SamplingDraft,
  samplingOf,
  samplingProblem,
} from '../../../src-renderer/ui/components/sampling-draft.ts'

const draft: SamplingDraft = { temperature: 0.8, topP: 1, topK: 0, maxTokens: 100, seed: 1 }

test('whole numbers within the limits are taken as they are', () => {
  expect(samplingOf(draft)).toEqual(draft)
  expect(samplingOf({ ...draft, maxTokens: 4000, topK: 40, seed: 0 })).not.toBeNull()
})

test('an empty field, a negative number and a fraction are refused with their limits', () => {
  for (const value of ['', '-', -3, 1.5, Number.NaN, '99999999999999999999'])
    expect(fieldProblem('topK', value)).toBe('a whole number from 0 to 1,000,000')
  expect(samplingOf({ ...draft, topK: -3 })).toBeNull()
  expect(samplingOf({ ...draft, seed: '' })).toBeNull()
})

test('a text ends somewhere: from 1 to 4,000 tokens', () => {
  expect(samplingProblem({ ...draft, maxTokens: 0 })).toBe('At most must be a whole number from 1 to 4,000.')
  expect(samplingProblem({ ...draft, maxTokens: 4001 })).not.toBeNull()
})

test('what only concerns letting it run does not stand in the way of the distribution', () => {
  expect(samplingProblem({ ...draft, seed: '', maxTokens: 0 }, ['topK'])).toBeNull()
})
