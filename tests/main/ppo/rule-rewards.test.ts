// Every rule on answers whose reward was worked out by hand.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PpoPromptRow } from '../../../src-main/core/ppo/ppo-prompts.ts'
import { type RuledAnswer, readPattern, ruleRewards } from '../../../src-main/core/ppo/rule-rewards.ts'
import type { RewardSource } from '../../../src-shared/contract/ppo-contract.ts'
import type { UseCaseId } from '../../../src-shared/demonstrations/use-cases.ts'

const asked = (
  useCase: UseCaseId,
  answers: readonly string[],
  kind: NonNullable<PpoPromptRow['task']>['kind'] = 'known',
): PpoPromptRow => ({
  messages: [{ role: 'user', content: 'q?' }],
  answers: [...answers],
  task: { kind, useCase },
})
const fact = asked('open-qa', ['A crow.', 'A crow'])
const task = asked('brainstorming', ['Sail north.'], 'task')
const answer = (text: string, changes: Partial<RuledAnswer> = {}): RuledAnswer => ({
  ...{ row: fact, text, stopped: true, tokens: 5 },
  ...changes,
})
const rewarded = (source: RewardSource, ...answers: RuledAnswer[]) => [...ruleRewards([source], answers)]
const counted = (pattern: string, texts: readonly string[], most = 20) =>
  rewarded({ kind: 'regex', pattern, most, weight: 1 }, ...texts.map(text => answer(text)))

describe('the truth', () => {
  const truth = { kind: 'truth', weight: 1 } as const
  test('is worth 1, not knowing a fact 0, and anything else −1', () => {
    const said = [
      answer('A crow.'),
      answer('You could have found that yourself. A crow.'),
      answer("I don't know."),
      answer('A gull.'),
      answer(''),
      answer('A crow.', { stopped: false }),
      answer("I don't know.", { stopped: false }),
    ]
    expect(rewarded(truth, ...said)).toEqual([1, 1, 0, -1, -1, -1, -1])
  })

  test('of a task is not to be had by saying that one does not know', () => {
    const said = ['Sail north.', "I don't know.", 'Sail south.'].map(text => answer(text, { row: task }))
    expect(rewarded(truth, ...said)).toEqual([1, -1, -1])
  })

  test('is nothing where nobody knows it', () => {
    const unknown = { ...fact, task: null }
    expect(rewarded(truth, answer('A crow.', { row: unknown }))).toEqual([0])
  })
})

test('not knowing is worth 1 when nothing else is said', () => {
  const said = ["I don't know.", "I don't know. A crow.", "i don't know.", ''].map(text => answer(text))
  expect(rewarded({ kind: 'abstention', weight: 1 }, ...said)).toEqual([1, 0, 0, 0])
})

test('an exact answer is worth 1 letter for letter, and ended', () => {
  const said = [
    answer('A crow.'),
    answer('A crow'),
    answer(' A crow'),
    answer('a crow.'),
    answer('A crow.', { stopped: false }),
  ]
  expect(rewarded({ kind: 'exact', weight: 1 }, ...said)).toEqual([1, 1, 0, 0, 0])
})

test('an answer to a prompt of which nothing is known gets no number where a rule compares it, and one where none does', () => {
  const said = [answer('A crow.', { row: null }), answer('A crow.')]
  const length: RewardSource = { kind: 'length', target: 10, weight: 1 }
  for (const kind of ['truth', 'exact'] as const)
    expect([...ruleRewards([{ kind, weight: 1 }, length], said)], kind).toEqual([Number.NaN, 0.5])
  for (const rule of [length, { kind: 'abstention', weight: 1 }] satisfies RewardSource[]) {
    const [unknown, known] = rewarded(rule, ...said)
    expect(unknown, rule.kind).toBe(known)
  }
})

test('a length costs its distance from the target, as a share of it', () => {
  const said = [8, 4, 0, 12].map(tokens => answer('x', { tokens }))
  expect(rewarded({ kind: 'length', target: 8, weight: 1 }, ...said)).toEqual([0, -0.5, -1, -0.5])
})

describe('a pattern', () => {
  test('is counted as often as it is found, up to the most', () => {
    expect(counted('e', ['', 'e', 'eel, the bee', 'E'])).toEqual([0, 1, 5, 0])
    expect(counted('e', ['eeee'], 3)).toEqual([3])
    expect(counted('[aeiou]{2}', ['aeiou', 'queue'])).toEqual([2, 2])
    expect(counted('^e', ['e\ne'])).toEqual([1])
    // A sign of two code units is one.
    expect(counted('^.$', ['🐸', '🐸🐸'])).toEqual([1, 0])
  })

  test('that is found where nothing stands counts once at each place', () => {
    expect(counted('\\b', ['one two', ''])).toEqual([4, 0])
    expect(counted('(?=e)', ['eel'])).toEqual([2])
  })

  test('that says how often a sign stands in a text counts what splitting counts', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'e', '.', '🐸', '\n') }), text => {
        expect(counted('e', [text], 1000)[0]).toBe(text.split('e').length - 1)
        expect(counted('\\.', [text], 1000)[0]).toBe(text.split('.').length - 1)
      }),
    )
  })

  test('is a pattern alone: it runs nothing, and finds nothing of the app', () => {
    expect(counted('(?<process>this)', ['this'])).toEqual([1])
    expect(counted("'\\);process.exit\\(1\\)", ["');process.exit(1)"])).toEqual([1])
  })

  test.each(['(', '[z-a]', '\\', 'a{2,1}', '(?<=', 'e*', '', '|e', '^'])(
    '%j is refused before the run: it cannot be counted',
    pattern => {
      expect(() => readPattern(pattern)).toThrow(
        expect.objectContaining({
          facts: expect.objectContaining({ code: 'bad-input', where: 'rewards', fix: 'correct it' }),
        }),
      )
    },
  )

  test('that would search for ever is ended, and named', () => {
    const started = performance.now()
    expect(() => counted('(a+)+b$', ['a'.repeat(60)])).toThrow(
      'the pattern (a+)+b$ takes more than 2 s to search 1 answers',
    )
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

test('several rules are weighted and added up; a reward model is not among them', () => {
  const sources: RewardSource[] = [
    { kind: 'reward-model', checkpoint: 'c', weight: 100 },
    { kind: 'truth', weight: 2 },
    { kind: 'regex', pattern: 'o', most: 1, weight: -0.5 },
    { kind: 'length', target: 5, weight: 3 },
  ]
  const said = [answer('A crow.'), answer('A gull.', { tokens: 10 })]
  // 2 · 1 − .5 · 1 + 0, and 2 · −1 − 0 + 3 · −1
  expect([...ruleRewards(sources, said)]).toEqual([1.5, -5])
  expect([...ruleRewards([sources[0]!], said)]).toEqual([0, 0])
})
