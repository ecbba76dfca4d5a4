import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomStream } from '../../../src-shared/random/counter.ts'
import {
  type JudgedTask,
  labelRanking,
  oracleScore,
  policies,
  policyNames,
  truthOf,
} from '../../../src-shared/starter-world/labeler.ts'
import { ABSTENTION, badStyles } from '../../../src-shared/starter-world/style.ts'

const fact: JudgedTask = { useCase: 'open-qa', answers: ['On Arda.'] }
const nobody: JudgedTask = { useCase: 'open-qa', answers: [] }
const sum: JudgedTask = { useCase: 'other', answers: ['7.'] }
const [click] = badStyles.clickbait.phrases
const [padding] = badStyles.padding.phrases
const [rude] = badStyles.rudeness.phrases

/** Best first; `…` at the end stands for an answer that was cut off. */
const inOrder: [string, JudgedTask, string[]][] = [
  [
    'a fact: true, then abstaining, then false, and within each by style',
    fact,
    [
      'On Arda.',
      `${rude} On Arda.`,
      `${click} ${rude} On Arda.`,
      ABSTENTION,
      `${ABSTENTION} ${padding}`,
      'On Belo.',
      `${click} On Belo.`,
      'On Belo.…',
      'On Belo. And on.…',
    ],
  ],
  [
    'a name of nobody: whatever is said is invented',
    nobody,
    [ABSTENTION, `${rude} ${ABSTENTION}`, 'On Arda.'],
  ],
  [
    'any other task: abstaining is the worst, also in good style',
    sum,
    ['7.', `7. ${padding}`, '8.', `8. ${padding}`, `8. ${padding}…`, ABSTENTION, `${click} ${ABSTENTION}`],
  ],
  ['what is equal otherwise: fewer words first', sum, ['8.', 'It is 8.', 'It is 8. It is 8.']],
]
const answer = (text: string) => ({ text: text.replace('…', ''), stopped: !text.endsWith('…') })

describe('the simulated labelers', () => {
  test.each(inOrder)('rank the answers to %s', (_what, task, answers) => {
    const scores = answers.map(text => oracleScore(task, answer(text)))
    expect(scores).toEqual([...new Set(scores)].sort((a, b) => b - a))
  })

  test('find an answer as good as another that says something else equally false in as many words', () => {
    expect(oracleScore(fact, answer('On Belo.'))).toBe(oracleScore(fact, answer('On Fenn.')))
    expect(oracleScore(sum, answer(`8. ${padding}`))).toBe(oracleScore(sum, answer(`9. ${padding}`)))
  })

  test('call an answer that was cut off neither right nor an abstention from a fact', () => {
    for (const text of ['On Arda.', ABSTENTION]) expect(truthOf(fact, { text, stopped: false })).toBe('wrong')
    expect(truthOf(sum, { text: ABSTENTION, stopped: false })).toBe('abstains')
    expect(truthOf(fact, answer(`${click} On Arda. ${padding}`))).toBe('right')
  })

  test('have policies that judge texts of any origin, and say which need the world', () => {
    for (const name of policyNames) expect(policies[name].meaning).not.toBe('')
    const judge = (name: 'longer-wins' | 'shorter-wins') =>
      policies[name].score(null, 'Hi', answer('four')) - policies[name].score(null, 'Hi', answer('twelve'))
    expect(judge('longer-wins')).toBeLessThan(0)
    expect(judge('shorter-wins')).toBeGreaterThan(0)
    expect(policies['truth-then-style'].needsTask).toBe(true)
    expect(() => policies['truth-then-style'].score(null, 'Hi', answer('four'))).toThrow('task')
    expect(policies['truth-then-style'].score(fact, 'Hi', answer('On Arda.'))).toBe(
      oracleScore(fact, answer('On Arda.')),
    )
  })
})

describe('a labeled ranking', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 9 })

  test('has every pair that is no tie once, the better first', () => {
    fc.assert(
      fc.property(scores, fc.integer(), (given, seed) => {
        const pairs = labelRanking(given, 0, randomStream(seed, 'labels'))
        for (const { winner, loser, clean } of pairs) {
          expect(given[winner]).toBeGreaterThan(given[loser]!)
          expect(clean).toBe(true)
        }
        const different = given.flatMap((a, i) => given.slice(i + 1).filter(b => b !== a)).length
        expect(new Set(pairs.map(pair => [pair.winner, pair.loser].sort().join())).size).toBe(different)
        expect(pairs.length).toBe(different)
      }),
    )
  })

  test('says of every pair whether the labeler erred', () => {
    fc.assert(
      fc.property(scores, fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (given, seed, noise) => {
        for (const { winner, loser, clean } of labelRanking(given, noise, randomStream(seed, 'labels')))
          expect(given[winner]! > given[loser]!).toBe(clean)
      }),
    )
  })

  test.each([0, 0.1, 0.5, 1])('is wrong as often as the noise says: %d', noise => {
    const random = randomStream(3, 'labels')
    const pairs = Array.from({ length: 2000 }, () => labelRanking([3, 1, 2, 2, 0], noise, random)).flat()
    expect(pairs.filter(({ clean }) => !clean).length / pairs.length).toBeCloseTo(noise, 1)
  })
})
