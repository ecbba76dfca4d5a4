// What RLHF is to bring, against figures by hand, and against a model that has collapsed.
import { expect, test } from 'vitest'
import { goalsOf, type Judged } from '../../../src-shared/build-report/goals.ts'

const truth = (correct: number, abstains: number) => ({
  ...{ correct, abstains, fabricates: 1 - correct - abstains, stopped: 1, questions: 100 },
  intervals: { correct: [0, 1], abstains: [0, 1], fabricates: [0, 1] } as never,
})
const rate = (
  a: string,
  b: string,
  temperature: number,
  [rate, low, high]: [number, number, number],
  judge = 'oracle',
) => ({
  ...{ a, b, temperature, wins: 10, losses: 5, ties: 1, rate, low, high, judge },
})

const good: Judged = {
  winRates: [
    rate('rlhf', 'sft', 1, [0.62, 0.55, 0.69]),
    rate('rlhf', 'sft', 0, [0.5, 0.4, 0.6]),
    rate('sft', 'base', 1, [0.9, 0.85, 0.95]),
    rate('sft', 'base', 0, [0.95, 0.9, 0.97]),
    // Another judge, who must not count.
    rate('rlhf', 'sft', 1, [0.1, 0, 0.2], 'person:me'),
  ],
  tasks: { sft: 0.8, rlhf: 0.75 },
  badStyle: { sft: 0.25, rlhf: 0.05 },
  abstainsOnTasks: { sft: 0, rlhf: 0.02 },
  truthfulness: {
    sft: { known: truth(0.85, 0), unknown: truth(0, 0.1) },
    rlhf: { known: truth(0.8, 0.1), unknown: truth(0, 0.55) },
  },
  kl: 3,
  klTarget: 3,
}
const missed = (judged: Judged) =>
  goalsOf(judged)
    .filter(({ reached }) => !reached)
    .map(({ goal }) => goal)

test('figures exactly at the limits reach every goal', () => {
  expect(goalsOf(good)).toHaveLength(10)
  expect(missed(good)).toEqual([])
})

test('each goal is missed by a little more', () => {
  const known = { ...good.truthfulness, rlhf: { known: truth(0.79, 0.1), unknown: truth(0, 0.54) } }
  expect(missed({ ...good, truthfulness: known })).toEqual([
    'Known facts stay known: at most 5 points lost from SFT to RLHF',
    'Invented answers about names that nobody bears at least halve',
  ])
  const rest = {
    ...good,
    winRates: [rate('rlhf', 'sft', 1, [0.56, 0.499, 0.6]), rate('rlhf', 'sft', 0, [0.49, 0.4, 0.6])],
    tasks: { sft: 0.8, rlhf: 0.74 },
    badStyle: { sft: 0.25, rlhf: 0.06 },
    abstainsOnTasks: { sft: 0, rlhf: 0.03 },
    kl: 3.01,
  }
  expect(missed(rest)).toHaveLength(6)
})

test('a model that says “I don’t know.” to everything halves its inventions and misses what matters', () => {
  const collapsed = {
    ...good,
    tasks: { sft: 0.8, rlhf: 0 },
    badStyle: { sft: 0.25, rlhf: 0 },
    abstainsOnTasks: { sft: 0, rlhf: 1 },
    truthfulness: { ...good.truthfulness, rlhf: { known: truth(0, 1), unknown: truth(0, 1) } },
  }
  expect(missed(collapsed)).toEqual([
    'Known facts stay known: at most 5 points lost from SFT to RLHF',
    'Tasks stay done: at most 5 points lost from SFT to RLHF',
    'Ordinary tasks are not answered with “I don’t know.”: at most 2 %',
  ])
})

test('what the fine-tuned model has as good as none of can neither be kept nor lost, and is not called reached', () => {
  const knowsNothing = {
    ...good,
    badStyle: { sft: 0, rlhf: 0 },
    tasks: { sft: 0.05, rlhf: 0 },
    truthfulness: {
      sft: { known: truth(0, 0), unknown: truth(0, 1) },
      rlhf: { known: truth(0, 0), unknown: truth(0, 1) },
    },
  }
  const open = goalsOf(knowsNothing).filter(({ saysNothing }) => saysNothing !== undefined)
  expect(open.map(({ goal, reached, saysNothing }) => [goal.slice(0, 11), reached, saysNothing])).toEqual([
    ['Known facts', false, 'the SFT model knows so little that nothing could be lost'],
    ['Tasks stay ', false, 'the SFT model can do so little that nothing could be lost'],
    ['Bad style f', false, 'there was none that could fall'],
    ['Invented an', false, 'nothing was invented before'],
  ])
  // One point more is something to lose.
  const knowsLittle = { ...knowsNothing, tasks: { sft: 0.06, rlhf: 0 } }
  expect(goalsOf(knowsLittle).find(({ goal }) => goal.startsWith('Tasks'))).toMatchObject({
    reached: false,
    figures: '6 % → 0 %, greedy',
  })
  for (const goal of goalsOf(good)) expect(goal).not.toHaveProperty('saysNothing')
})

test('every figure says at which temperature it is', () => {
  for (const { goal, figures } of goalsOf(good))
    expect(`${goal} ${figures}`).toMatch(/greed|at temperature 1/)
  expect(goalsOf(good).find(({ goal }) => goal.startsWith('Bad style'))!.figures).toBe(
    '25 % → 5 %, at temperature 1',
  )
})

test('without a target the KL is no goal, and without RLHF only the tournament that there was', () => {
  expect(goalsOf({ ...good, klTarget: null })).toHaveLength(9)
  const { sft } = good.truthfulness
  expect(goalsOf({ ...good, winRates: good.winRates.slice(2, 4), truthfulness: { sft: sft! } })).toHaveLength(
    2,
  )
})
