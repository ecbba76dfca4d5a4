// The playground: what is asked of the core, and what the scores say.
import { MantineProvider } from '@mantine/core'
import fc from 'fast-check'
import { renderToString } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { scoreChange, scoreChanges } from '../../../../src-renderer/ui/components/score-change.ts'
import {
  type Draft,
  knownOf,
  questionOf,
  requestsOf,
} from '../../../../src-renderer/ui/features/reward/playground/playground-store.ts'
import {
  bestFirst,
  changesOf,
  preferenceSentence,
  ScoredResponses,
} from '../../../../src-renderer/ui/features/reward/playground/scored-responses.tsx'
import { pieceOf, scoredOf } from '../../reward-shapes.ts'

const draft = (some: Partial<Draft>): Draft => ({
  system: '',
  prompt: 'Who sings?',
  responses: ['An owl.', '', 'A fox.'],
  sorted: false,
  ...some,
})

describe('what is asked', () => {
  test('are the responses with text, which keep their places', () => {
    expect(questionOf(draft({}), 'r')).toEqual({
      places: [0, 2],
      request: { checkpoint: 'r', prompt: 'Who sings?', responses: ['An owl.', 'A fox.'] },
    })
    expect(questionOf(draft({ system: 'Be brief.' }), 'r')?.request.system).toBe('Be brief.')
  })

  test('is asked response by response: one that does not fit is marked, and the others have their scores', () => {
    const question = questionOf(draft({ responses: ['An owl.', '', 'A fox.', 'A hare.'] }), 'r')!
    expect(requestsOf(question).map(({ responses }) => responses)).toEqual([
      ['An owl.'],
      ['A fox.'],
      ['A hare.'],
    ])
    const tooLong = {
      ...{ code: 'bad-input' as const, what: 'it does not fit', where: 'response 1', fix: 'shorten it' },
      ...{ expected: 'at most 64 tokens', got: '90 tokens' },
    }
    const answers = [
      { data: { responses: [scoredOf(1)] }, error: null },
      { data: undefined, error: tooLong },
      { data: undefined, error: { code: 'engine-lost' as const, what: 'gone', fix: 'wait' } },
    ]
    const known = knownOf(question.places, answers)
    expect(known).toMatchObject({
      scored: [{ place: 0 }],
      refused: [{ place: 2, why: 'it does not fit: 90 tokens, where it takes at most 64 tokens' }],
      error: { what: 'gone' },
    })
    const text = renderToString(
      <MantineProvider>
        <ScoredResponses {...known} />
      </MantineProvider>,
    ).replaceAll('<!-- -->', '')
    expect(text).toContain('not scored: it does not fit: 90 tokens')
  })

  test('is nothing before there are a model, a prompt and a response', () => {
    expect(questionOf(draft({}), null)).toBeNull()
    expect(questionOf(draft({ prompt: ' \n' }), 'r')).toBeNull()
    expect(questionOf(draft({ responses: ['', ''] }), 'r')).toBeNull()
  })
})

describe('what is answered', () => {
  const scored = [0.2, -1, 0.9].map((score, place) => ({ place, response: scoredOf(score) }))

  test('is put best first on request, equal scores as typed', () => {
    expect(bestFirst(scored).map(({ place }) => place)).toEqual([2, 0, 1])
    const equal = [0, 1].map(place => ({ place, response: scoredOf(1) }))
    expect(bestFirst(equal).map(({ place }) => place)).toEqual([0, 1])
  })

  test('says how sure the model is, from raw scores: σ(1.8 − 0.4) = 0.80', () => {
    expect(preferenceSentence(scored)).toBe('It puts 3 before 1, and is 80% sure.')
    expect(preferenceSentence(scored.slice(0, 1))).toBeNull()
    expect(preferenceSentence([0, 1].map(place => ({ place, response: scoredOf(1) })))).toBe(
      'It cannot tell 1 from 2.',
    )
  })

  test('the changes of its tokens add up from the prompt’s score to its own', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 50, noNaN: true }),
        fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 40 }),
        (promptScore, prefixScores) => {
          const changes = changesOf(scoredOf(prefixScores.at(-1)!, { promptScore, prefixScores }))
          const end = changes.reduce((sum, change) => sum + change, promptScore)
          expect(end).toBeCloseTo(prefixScores.at(-1)!, 8)
        },
      ),
    )
  })

  test('is drawn as text, whatever it is, with its score and its place', () => {
    const response = scoredOf(-1.5, { pieces: [pieceOf('<b>'), pieceOf('\u202e')] })
    const html = renderToString(
      <MantineProvider>
        <ScoredResponses scored={[{ place: 4, response }]} />
      </MantineProvider>,
    ).replaceAll('<!-- -->', '')
    expect(html).toContain('−1.50')
    expect(html).toContain('Response 5')
    expect(html).toContain('&lt;b&gt;')
    expect(html).toContain('⟨U+202E⟩')
  })
})

test('a change has one of seven shades, as far up as down', () => {
  const shades = [-2, -0.5, -0.1, 0.05, 0.1, 0.5, 1].map(scoreChange)
  expect(shades).toEqual(scoreChanges.map(({ change }) => change))
})
