// Questions with a known truth. Facts of `development` and `test`, and names that their sets ask about, are asked about
// in no phase. `development` is for everything one tunes; `test` is looked at for what is reported.
import { useCaseIds } from '../demonstrations/use-cases.ts'
import { type RandomStream, randomStream } from '../random/counter.ts'
import { type AttributeName, attributes, fill } from './attributes.ts'
import type { Question } from './grading.ts'
import { type LadderSum, ladder } from './ladder.ts'
import { factQuestion, type Task, taskMaterial, unknownQuestion, writeTask } from './tasks.ts'
import type { World } from './world.ts'

export interface EvaluationSet {
  /** Statement beginnings; right when the text goes on with the value. For a base model, which completes. */
  readonly cloze: readonly {
    readonly prompt: string
    readonly value: string
    readonly attribute: AttributeName
  }[]
  /** Facts that demonstrations ask for, in phrasings that they use: what was practised. */
  readonly asked: readonly Question[]
  /** Facts of the split in questions that no phase has seen. */
  readonly known: readonly Question[]
  /** The same questions about names that belong to nobody. */
  readonly unknown: readonly Question[]
  /** The other use cases, on facts of the split and on names that no demonstration mentions. */
  readonly tasks: readonly Task[]
  /** From 2 + 2 to 17 × 24; the same in both splits. */
  readonly arithmetic: readonly LadderSum[]
}

const ASKED_PHRASINGS = 2
const UNKNOWN_QUESTIONS = 200
const TASKS_PER_USE_CASE = 20

export function evaluationSet(world: World, split: 'development' | 'test'): EvaluationSet {
  const material = taskMaterial(world, split, split)
  const stream = (set: string) => randomStream(world.seed, `starter-world/evaluation/${split}/${set}`)
  return {
    cloze: material.facts.map(({ entity, attribute, value }) => {
      const [before] = attributes[attribute].statements[0].split('{value}')
      return { prompt: fill(before!.trimEnd(), entity.name), value, attribute }
    }),
    asked: asked(world, stream('asked')),
    known: material.facts.flatMap(fact =>
      attributes[fact.attribute].heldOutQuestions.map(phrasing => factQuestion(fact, phrasing)),
    ),
    unknown: times(UNKNOWN_QUESTIONS, stream('unknown'), random =>
      unknownQuestion(material.names, 'heldOutQuestions', random),
    ),
    tasks: useCaseIds
      .filter(id => id !== 'open-qa')
      .flatMap(id =>
        times(TASKS_PER_USE_CASE, stream(`tasks/${id}`), random => writeTask(id, material, random)),
      ),
    arithmetic: ladder(world.seed),
  }
}

function asked(world: World, random: RandomStream): Question[] {
  return taskMaterial(world, 'asked', 'sft').facts.flatMap(fact =>
    random
      .shuffle<string>(attributes[fact.attribute].questions)
      .slice(0, ASKED_PHRASINGS)
      .map(phrasing => factQuestion(fact, phrasing)),
  )
}

const times = <T>(count: number, random: RandomStream, make: (random: RandomStream) => T): T[] =>
  Array.from({ length: count }, () => make(random))
