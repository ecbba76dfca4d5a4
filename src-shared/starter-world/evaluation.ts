// Questions with a known truth, on facts and names that no phase ever asks about. `development` is for everything one
// tunes; `test` is looked at for what is reported.
import { randomStream } from '../random/counter.ts'
import { type AttributeName, attributes, attributesOf, fill, kinds } from './attributes.ts'
import type { World } from './world.ts'

export interface Question {
  readonly prompt: string
  readonly attribute: AttributeName | null
  /** The exact right answers; empty when there is no truth to know. */
  readonly answers: readonly string[]
}

export interface EvaluationSet {
  /** Statement beginnings; right when the text goes on with the value. For a base model, which completes. */
  readonly cloze: readonly {
    readonly prompt: string
    readonly value: string
    readonly attribute: AttributeName
  }[]
  /** Facts of the split in questions that no phase has seen. */
  readonly known: readonly Question[]
  /** The same questions about names that belong to nobody. */
  readonly unknown: readonly Question[]
  /** From 2 + 2 to 17 × 24. */
  readonly arithmetic: readonly Question[]
}

const UNKNOWN_QUESTIONS = 200

const ladder: readonly (readonly [number, '+' | '*', number])[] = [
  [2, '+', 2],
  [3, '+', 5],
  [7, '+', 8],
  [6, '*', 7],
  [12, '+', 9],
  [34, '+', 58],
  [12, '*', 12],
  [17, '*', 24],
]

export function evaluationSet(world: World, split: 'development' | 'test'): EvaluationSet {
  const facts = world.facts.filter(fact => fact.split === split)
  const random = randomStream(world.seed, `starter-world/evaluation/${split}`)
  return {
    cloze: facts.map(({ entity, attribute, value }) => {
      const [before] = attributes[attribute].statements[0].split('{value}')
      return { prompt: fill(before!.trimEnd(), entity.name), value, attribute }
    }),
    known: facts.flatMap(({ entity, attribute, value }) =>
      attributes[attribute].heldOutQuestions.map(question => ({
        prompt: fill(question, entity.name),
        attribute,
        answers: [fill(attributes[attribute].shortAnswer, entity.name, value)],
      })),
    ),
    unknown: Array.from({ length: UNKNOWN_QUESTIONS }, () => {
      const kind = random.pick(kinds)
      const name = random.pick(world.unknownNames[split])
      const attribute = random.pick(attributesOf(kind))
      return {
        prompt: fill(
          random.pick<string>(attributes[attribute].heldOutQuestions),
          kind === 'animal' ? name.toLowerCase() : name,
        ),
        attribute,
        answers: [],
      }
    }),
    arithmetic: ladder.map(([a, operator, b]) => ({
      prompt: `${a} ${operator} ${b} =`,
      attribute: null,
      answers: [String(operator === '+' ? a + b : a * b)],
    })),
  }
}
