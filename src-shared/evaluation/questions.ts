// What an evaluation asks. A question belongs to a set, by which parts choose, and to a group, by which results are told.
import type { ChatMessage } from '../contract/demonstrations-contract.ts'
import type { EvaluationPart, EvaluationSetName } from '../contract/evaluation-contract.ts'
import type { UseCaseId } from '../demonstrations/use-cases.ts'
import { evaluationSet } from '../starter-world/evaluation.ts'
import { ladder } from '../starter-world/ladder.ts'
import { makeWorld } from '../starter-world/world.ts'

export interface EvaluationQuestion {
  readonly set: EvaluationSetName
  /** `known`, `unknown`, `prompt`; of a task its use case, of a sum its rung. */
  readonly group: string
  readonly messages: readonly ChatMessage[]
  /** Every right answer, letter for letter; empty where there is no truth to know. */
  readonly answers: readonly string[]
  /** Of questions of the starter world. */
  readonly useCase: UseCaseId | null
}

const asked = (prompt: string): ChatMessage[] => [{ role: 'user', content: prompt }]

/** What is known, what nobody can know, and the other tasks, in this order. */
export function worldQuestions(seed: number, split: 'development' | 'test'): EvaluationQuestion[] {
  const { known, unknown, tasks } = evaluationSet(makeWorld(seed), split)
  const ofFacts =
    (set: 'known' | 'unknown') => (question: { prompt: string; answers: readonly string[] }) => ({
      set,
      group: set,
      messages: asked(question.prompt),
      answers: question.answers,
      useCase: 'open-qa' as const,
    })
  return [
    ...known.map(ofFacts('known')),
    ...unknown.map(ofFacts('unknown')),
    ...tasks.map(({ prompt, answers, useCase }) => ({
      set: 'task' as const,
      group: useCase,
      messages: asked(prompt),
      answers,
      useCase,
    })),
  ]
}

export const sumQuestions = (seed: number): EvaluationQuestion[] =>
  ladder(seed).map(({ prompt, answers, rung }) => ({
    set: 'sum',
    group: rung,
    messages: asked(prompt),
    answers,
    useCase: null,
  }))

/** Answered at a temperature by every model. */
interface Asking {
  readonly set: EvaluationSetName
  readonly temperature: number
}

const ofWorld = ['known', 'unknown', 'task'] as const
const GREEDY = 0
/** Of manners: what a person meets in a chat. */
export const SAMPLED = 1

/** @param temperatures of the tournament   @returns what has to be asked, each once */
export function askingsOf(parts: readonly EvaluationPart[], temperatures: readonly number[]): Asking[] {
  const of: Readonly<Record<EvaluationPart, readonly Asking[]>> = {
    tournament: temperatures.flatMap(temperature =>
      ([...ofWorld, 'prompt'] as const).map(set => ({ set, temperature })),
    ),
    truthfulness: (['known', 'unknown'] as const).map(set => ({ set, temperature: GREEDY })),
    tasks: [GREEDY, SAMPLED].flatMap(temperature => ofWorld.map(set => ({ set, temperature }))),
    ladder: [{ set: 'sum', temperature: GREEDY }],
  }
  const once = new Map(
    parts.flatMap(part => of[part]).map(asking => [`${asking.set} ${asking.temperature}`, asking]),
  )
  return [...once.values()]
}
