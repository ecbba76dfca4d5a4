// Simulated labelers: they rank answers by a stated policy and err at a stated rate, so that it is known how well a reward
// model can do at best. Whatever they made is to be called simulated, wherever it is shown.
import type { UseCaseId } from '../demonstrations/use-cases.ts'
import type { RandomStream } from '../random/counter.ts'
import type { Answer, Question } from './grading.ts'
import type { PolicyName } from './policy-names.ts'
import { ABSTENTION, withoutBadStyle } from './style.ts'

export { type PolicyName, policyNames } from './policy-names.ts'

/** What has to be known of a task to judge an answer: `Task` has it. */
export interface JudgedTask extends Pick<Question, 'answers'> {
  readonly useCase: UseCaseId
}

/** How an answer stands to the truth, its style aside. */
export type Truth = 'right' | 'abstains' | 'wrong'

/** From worst to best. On facts it is better to say nothing than something false; on any other task nobody is helped by it. */
const truthOrder = {
  fact: ['wrong', 'abstains', 'right'],
  task: ['abstains', 'wrong', 'right'],
} as const satisfies Record<string, readonly Truth[]>

const isFact = ({ useCase }: JudgedTask): boolean => useCase === 'open-qa'

/**
 * Letter for letter, after phrases of bad style are taken out. What did not end by itself is not right, and no abstention
 * from a fact.
 */
export function truthOf(task: JudgedTask, { text, stopped }: Answer): Truth {
  const said = withoutBadStyle(text).text
  if (said === ABSTENTION && (stopped || !isFact(task))) return 'abstains'
  return stopped && task.answers.includes(said) ? 'right' : 'wrong'
}

const words = (text: string): number => text.split(/\s+/).filter(Boolean).length

/**
 * The policy of the starter world's labelers as a number; higher is better, equal is a tie. In this order: truth, having
 * ended by itself, few kinds of bad style, few words.
 */
export function oracleScore(task: JudgedTask, answer: Answer): number {
  const order: readonly Truth[] = truthOrder[isFact(task) ? 'fact' : 'task']
  const truth = order.indexOf(truthOf(task, answer))
  const { found } = withoutBadStyle(answer.text)
  const brevity = 1 / (1 + words(answer.text))
  return 100 * truth + (answer.stopped ? 50 : 0) - 10 * found.length + brevity
}

export interface LabelingPolicy {
  readonly title: string
  readonly meaning: string
  /** Judges answers to tasks of the starter world only; the others judge any. */
  readonly needsTask: boolean
  /**
   * Higher is better, equal is a tie.
   * @throws Error without a task where one is needed
   */
  score(task: JudgedTask | null, prompt: string, answer: Answer): number
}

export const policies: Readonly<Record<PolicyName, LabelingPolicy>> = {
  'truth-then-style': {
    title: 'Truth, then style',
    meaning:
      'On questions of fact: true, then “I don’t know.”, then false. On other tasks: right, then wrong, then “I don’t know.” Where equal: ended by itself, polite and without clickbait or padding, brief.',
    needsTask: true,
    score(task, _prompt, answer) {
      if (!task) throw new Error('truth is judged by the task, and none is given')
      return oracleScore(task, answer)
    },
  },
  'longer-wins': {
    title: 'Longer wins',
    meaning: 'The answer with more characters wins, whatever it says: a rule to test a reward model with.',
    needsTask: false,
    score: (_task, _prompt, { text }) => text.length,
  },
  'shorter-wins': {
    title: 'Shorter wins',
    meaning: 'The answer with fewer characters wins, whatever it says.',
    needsTask: false,
    score: (_task, _prompt, { text }) => -text.length,
  },
}

/** One comparison of a ranking: indices of its answers. */
export interface RankedPair {
  readonly winner: number
  readonly loser: number
  /** As the policy has it; otherwise the labeler erred. */
  readonly clean: boolean
}
export type RankedPairs = readonly RankedPair[]

/**
 * Every two answers of a prompt whose scores differ, in order (0, 1), (0, 2) … ; ties are left out.
 * @param noise probability, 0–1, that a pair is turned around, for each pair by itself; 0.5 = labels that say nothing
 */
export function labelRanking(scores: readonly number[], noise: number, random: RandomStream): RankedPairs {
  const pairs: RankedPair[] = []
  for (const [i, a] of scores.entries())
    for (let j = i + 1; j < scores.length; j++) {
      const b = scores[j]!
      if (a === b) continue
      const clean = random.uniform() >= noise
      const firstWins = a > b === clean
      pairs.push({ winner: firstWins ? i : j, loser: firstWins ? j : i, clean })
    }
  return pairs
}
