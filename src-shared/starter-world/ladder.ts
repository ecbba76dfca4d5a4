// The ladder of sums, from 2 + 2 to 17 × 24: what can be said at once (System 1), and what takes steps that a model of one
// pass per token has no room for (System 2, Kahneman 2011). Rungs get harder; each has several sums of one difficulty.
import { randomStream } from '../random/counter.ts'
import type { Question } from './grading.ts'

type Operator = '+' | '×'
type Operands = readonly [a: number, b: number]

export interface Rung {
  readonly id: string
  readonly title: string
  readonly operator: Operator
  /** The sum that the rung is known by. It is always among those that are asked. */
  readonly anchor: Operands
  /** All sums of the rung: `a` and `b` from these, where `is` holds. */
  readonly from: readonly [least: number, most: number]
  readonly and: readonly [least: number, most: number]
  is(a: number, b: number): boolean
}

export interface LadderSum extends Question {
  readonly rung: string
}

/** Sums asked on every rung. */
export const SUMS_PER_RUNG = 15

const carries = (a: number, b: number): boolean => (a % 10) + (b % 10) >= 10

/** The easiest first. No sum stands on two rungs. */
export const rungs: readonly Rung[] = [
  {
    id: 'sum-to-5',
    title: 'Sums up to 5',
    operator: '+',
    anchor: [2, 2],
    from: [0, 5],
    and: [0, 5],
    is: (a, b) => a + b <= 5,
  },
  {
    id: 'sum-to-9',
    title: 'Sums up to 9',
    operator: '+',
    anchor: [3, 5],
    from: [0, 9],
    and: [0, 9],
    is: (a, b) => a + b > 5 && a + b <= 9,
  },
  {
    id: 'sum-with-carry',
    title: 'Single digits, with a carry',
    operator: '+',
    anchor: [7, 8],
    from: [1, 9],
    and: [1, 9],
    is: carries,
  },
  {
    id: 'times-table',
    title: 'Times tables',
    operator: '×',
    anchor: [6, 7],
    from: [2, 9],
    and: [2, 9],
    is: () => true,
  },
  {
    id: 'two-digits-and-one',
    title: 'Two digits and one, with a carry',
    operator: '+',
    anchor: [12, 9],
    from: [11, 99],
    and: [2, 9],
    is: (a, b) => carries(a, b) && a + b < 100,
  },
  {
    id: 'two-digits',
    title: 'Two digits and two, with a carry',
    operator: '+',
    anchor: [34, 58],
    from: [11, 88],
    and: [11, 88],
    is: (a, b) => carries(a, b) && a + b < 100,
  },
  {
    id: 'times-teens',
    title: 'Products of 10 to 15',
    operator: '×',
    anchor: [12, 12],
    from: [10, 15],
    and: [10, 15],
    is: () => true,
  },
  {
    id: 'times-two-digits',
    title: 'Products of two digits',
    operator: '×',
    anchor: [17, 24],
    from: [16, 99],
    and: [16, 99],
    is: () => true,
  },
]

/** `17 × 24` */
export const sumText = ({ operator, anchor: [a, b] }: Pick<Rung, 'operator' | 'anchor'>): string =>
  `${a} ${operator} ${b}`

/**
 * The sums of every rung, the anchor first, each once, asked as fine-tuning asks for sums. With and without a full stop
 * the answer is right.
 */
export function ladder(seed: number): LadderSum[] {
  return rungs.flatMap(rung => {
    const { id, operator, anchor, from, and, is } = rung
    const others: Operands[] = []
    for (let a = from[0]; a <= from[1]; a++)
      for (let b = and[0]; b <= and[1]; b++)
        if (is(a, b) && !(a === anchor[0] && b === anchor[1])) others.push([a, b])
    const drawn = randomStream(seed, `starter-world/ladder/${id}`).shuffle(others)
    return [anchor, ...drawn.slice(0, SUMS_PER_RUNG - 1)].map(([a, b]) => {
      const result = operator === '+' ? a + b : a * b
      // `*` as in the corpus.
      const prompt = `What is ${a} ${operator === '×' ? '*' : operator} ${b}?`
      return { rung: id, prompt, attribute: null, answers: [`${result}.`, `${result}`] }
    })
  })
}
