import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerRows } from '../../../src-shared/evaluation/answer-rows.ts'
import { oracleOf, scoringJudge } from '../../../src-shared/evaluation/answers.ts'
import { findingsOf } from '../../../src-shared/evaluation/findings.ts'
import { askingsOf } from '../../../src-shared/evaluation/questions.ts'
import { modelPairs, rateOf, winRatesOf } from '../../../src-shared/evaluation/win-rates.ts'
import { shareOf } from '../../../src-shared/metrics/share.ts'
import { question, said, sheetOf } from './sheet.ts'

const IDK = "I don't know."
const page = { offset: 0, limit: 100 }

describe('A win rate', () => {
  it('has the interval that Wilson computed by hand, and leaves ties out of both', () => {
    // 15 of 20: (0.75 + 3.8415/40 ± 1.96 √(0.75·0.25/20 + 3.8415/1600)) / (1 + 3.8415/20)
    const { rate, low, high, ties } = rateOf({ wins: 15, losses: 5, ties: 1000 })
    // The same question twice tells no more about others than once.
    const { low: lowOfTen } = rateOf({ wins: 15, losses: 5, ties: 0 }, 10)
    expect(lowOfTen).toBeCloseTo(shareOf(7.5, 10).low, 12)
    expect([rate, ties]).toEqual([0.75, 1000])
    expect(low).toBeCloseTo(0.5313, 4)
    expect(high).toBeCloseTo(0.8881, 4)
  })

  it('is .5 and says nothing where nothing is decided', () => {
    expect(rateOf({ wins: 0, losses: 0, ties: 7 })).toEqual({
      ...{ wins: 0, losses: 0, ties: 7 },
      ...{ rate: 0.5, low: 0, high: 1 },
    })
  })

  it('seen from the other side is its mirror image', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.nat(50), (wins, losses, ties) => {
        const [one, other] = [rateOf({ wins, losses, ties }), rateOf({ wins: losses, losses: wins, ties })]
        expect(one.rate).toBeCloseTo(1 - other.rate, 12)
        expect(one.low).toBeCloseTo(1 - other.high, 12)
        expect(one.low).toBeLessThanOrEqual(one.rate)
        expect(one.rate).toBeLessThanOrEqual(one.high)
      }),
    )
  })
})

describe('A tournament', () => {
  it('compares every two models once, the later phase over the earlier', () => {
    expect(modelPairs(3)).toEqual([
      [1, 0],
      [2, 1],
      [2, 0],
    ])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), models => {
        const pairs = modelPairs(models)
        expect(new Set(pairs.map(String)).size).toBe((models * (models - 1)) / 2)
        for (const [a, b] of pairs) expect(a).toBeGreaterThan(b)
      }),
    )
  })

  it('counts what the oracle says by hand: truth first, and on tasks an abstention is worst', () => {
    const questions = [
      question(0),
      question(1, { set: 'unknown', group: 'unknown', answers: [] }),
      question(2, { set: 'task', group: 'chat', useCase: 'chat' }),
      question(3, { set: 'task', group: 'chat', useCase: 'chat' }),
      question(4, { set: 'prompt', group: 'prompt', answers: [], useCase: null }),
      question(5, { set: 'sum', group: 'times-table', useCase: null }),
    ]
    const sheet = sheetOf(questions, {
      sft: [said('Right.'), said('Invented.'), said('Wrong.'), said('Right.'), said('x'), said('Right.')],
      rlhf: [said('Wrong.'), said(IDK), said(IDK), said('Right.'), said('y'), said('Wrong.')],
    })
    const { winRates, winRatesByGroup } = winRatesOf(sheet, [oracleOf(sheet)], [0])
    expect(winRates).toEqual([
      expect.objectContaining({
        a: 'rlhf',
        b: 'sft',
        temperature: 0,
        wins: 1,
        losses: 2,
        ties: 1,
        judge: 'oracle',
      }),
    ])
    expect(winRatesByGroup.map(({ group, wins, losses, ties }) => [group, wins, losses, ties])).toEqual([
      ['known', 0, 1, 0],
      ['unknown', 1, 0, 0],
      ['chat', 0, 1, 1],
    ])
  })

  it('leaves out what is not answered, not scored, or at another temperature', () => {
    const sheet = sheetOf(
      [question(0), question(1), question(2)],
      { a: [said('short'), said('x'), said('y')], b: [said('longer one'), undefined, said('yy')] },
      [1],
    )
    const byLength = scoringJudge('length', ({ number }, temperature, model) =>
      number === 2 ? null : sheet.answer(model, temperature, number)!.text.length,
    )
    expect(winRatesOf(sheet, [byLength], [1]).winRates).toEqual([
      expect.objectContaining({ a: 'b', b: 'a', wins: 1, losses: 0, ties: 0 }),
    ])
    expect(winRatesOf(sheet, [byLength], [0.5])).toEqual({ winRates: [], winRatesByGroup: [] })
  })
})

describe('Findings', () => {
  const bad = 'You will never guess this one! Right.'
  const questions = [
    question(0),
    question(1),
    question(2, { set: 'unknown', group: 'unknown', answers: [] }),
    question(3, { set: 'task', group: 'rewrite', useCase: 'rewrite' }),
    question(4, { set: 'task', group: 'rewrite', useCase: 'rewrite' }),
    question(5, { set: 'sum', group: 'times-table', useCase: null, answers: ['42.', '42'] }),
  ]
  const sheet = sheetOf(
    questions,
    {
      base: questions.map(() => said('and on and on', { stopped: false })),
      sft: [
        said('Right.'),
        said(bad),
        said(IDK),
        said(IDK),
        said('Right.'),
        said('42.', { logProb: Math.log(0.8) }),
      ],
    },
    [1, 0],
  )
  const parts = ['tournament', 'truthfulness', 'ladder', 'tasks'] as const
  const findings = findingsOf({ sheet, parts, temperatures: [1, 0], judges: [oracleOf(sheet)] })

  it('count truth letter for letter: what does not end is invented, and so is a right answer with more around it', () => {
    expect(findings.truthfulness.sft).toMatchObject({
      known: { correct: 0.5, abstains: 0, fabricates: 0.5, questions: 2, stopped: 1 },
      unknown: { correct: 0, abstains: 1, fabricates: 0, questions: 1 },
    })
    expect(findings.truthfulness.base).toMatchObject({ known: { fabricates: 1, stopped: 0 } })
    const [low, high] = findings.truthfulness.sft!.known.intervals.correct
    expect(low).toBeCloseTo(0.0945, 4)
    expect(high).toBeCloseTo(0.9055, 4)
  })

  it('count style over everything but sums, and abstaining over tasks alone', () => {
    expect(findings).toMatchObject({
      tasks: { base: 0, sft: 0.5 },
      badStyle: { base: 0, sft: 0.2 },
      abstainsOnTasks: { base: 0, sft: 0.5 },
    })
    const sft = findings.manner.find(({ label, temperature }) => label === 'sft' && temperature === 1)!
    expect(sft).toMatchObject({
      badStyles: { clickbait: 0.2, padding: 0, rudeness: 0 },
      stopped: { share: 1 },
    })
    // 1, 7, 3, 3 and 1 words.
    expect(sft.words).toBe(3)
  })

  it('tell how sure a model was of each rung, right or wrong', () => {
    expect(findings.arithmetic.sft).toMatchObject({
      accuracy: 1,
      confidence: expect.closeTo(0.8, 10),
      rungs: [{ rung: 'times-table', example: '6 × 7', accuracy: { share: 1, n: 1 } }],
    })
    expect(findings.arithmetic.base).toMatchObject({ accuracy: 0, confidence: 1 })
  })

  it('hold nothing of parts that were not asked for', () => {
    const none = findingsOf({ sheet, parts: ['ladder'], temperatures: [1, 0], judges: [oracleOf(sheet)] })
    expect({ ...none, arithmetic: null }).toEqual({
      ...{ winRates: [], winRatesByGroup: [], tasks: {}, badStyle: {}, abstainsOnTasks: {} },
      ...{ manner: [], truthfulness: {}, arithmetic: null },
    })
  })

  it('can be opened: as many answers stand behind a number as it counts', () => {
    const oracle = oracleOf(sheet)
    const rows = (filter: Parameters<typeof answerRows>[3]) =>
      answerRows(sheet, [oracle], [oracle], filter, page)
    for (const { a, b, temperature, wins, losses, ties, judge } of findings.winRates)
      for (const [outcome, n] of Object.entries({ wins, losses, ties }))
        expect(rows({ temperature, comparison: { a, b, judge, outcome: outcome as 'wins' } }).total).toBe(n)
    expect(rows({ model: 'sft', temperature: 1, badStyle: true }).rows).toMatchObject([
      {
        number: 1,
        answers: [{ label: 'base' }, { label: 'sft', badStyles: ['clickbait'], grade: 'fabricates' }],
      },
    ])
    expect(rows({ model: 'sft', set: 'unknown', grade: 'abstains', temperature: 0 }).total).toBe(1)
    expect(rows({ search: 'NEVER guess' }).total).toBe(2)
    const all = rows({})
    expect(all.total).toBe(12)
    expect(answerRows(sheet, [], [], {}, { offset: 11, limit: 5 }).rows).toEqual([
      expect.objectContaining({ number: 5, temperature: 0 }),
    ])
  })
})

it('A question is asked once at a temperature, however many parts want its answer', () => {
  const askings = askingsOf(['tournament', 'truthfulness', 'tasks', 'ladder'], [1, 0])
  expect(new Set(askings.map(({ set, temperature }) => `${set} ${temperature}`)).size).toBe(askings.length)
  expect(askingsOf(['truthfulness'], [1])).toEqual([
    { set: 'known', temperature: 0 },
    { set: 'unknown', temperature: 0 },
  ])
})
