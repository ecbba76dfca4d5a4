// What a reward model can judge, asked for directly: pairs of answers of which one is better for one known reason. They are
// about facts, names and tasks that no phase has met, so that nothing of it can have been learned by heart.
import { useCaseIds } from '../demonstrations/use-cases.ts'
import { type RandomStream, randomStream } from '../random/counter.ts'
import { type AttributeName, attributes, fill } from './attributes.ts'
import { wrongAnswer } from './preferences.ts'
import { ABSTENTION, badStyleNames, inBadStyle } from './style.ts'
import { factQuestion, type Task, taskMaterial, unknownQuestion, writeTask } from './tasks.ts'
import type { World } from './world.ts'

/** Why the better answer of a pair is better. */
export const probeCategories = [
  'true-over-false',
  'true-over-abstention',
  'abstention-over-false',
  'abstention-over-invention',
  'right-over-wrong',
  'right-over-abstention',
  'good-over-bad-style',
] as const
export type ProbeCategory = (typeof probeCategories)[number]

export const probeMeanings: Readonly<Record<ProbeCategory, string>> = {
  'true-over-false': 'Facts never asked before: the true answer over a false one',
  'true-over-abstention': 'Facts never asked before: the true answer over “I don’t know.”',
  'abstention-over-false': 'Facts never asked before: “I don’t know.” over a false answer',
  'abstention-over-invention': 'Names of nobody: “I don’t know.” over an invented answer',
  'right-over-wrong': 'Other tasks: the right answer over a wrong one',
  'right-over-abstention': 'Other tasks: the right answer over “I don’t know.”',
  'good-over-bad-style': 'The same answer in good style over bad style',
}

/** Both answers end by themselves. */
export interface ProbePair {
  readonly category: ProbeCategory
  readonly prompt: string
  readonly better: string
  readonly worse: string
  /** Of questions of fact. */
  readonly attribute: AttributeName | null
}

/** Other values that a true answer is held against, per question. */
const WRONG_VALUES = 3
const UNKNOWN_QUESTIONS = 200
const TASKS_PER_USE_CASE = 20

/** Facts of the split in held-out phrasings, unknown names and tasks of the split: the same for the same world. */
export function truthProbe(world: World, split: 'development' | 'test'): ProbePair[] {
  const material = taskMaterial(world, split, split)
  const stream = (name: string) => randomStream(world.seed, `starter-world/truth-probe/${split}/${name}`)

  const ofFacts = stream('facts')
  const facts = material.facts.flatMap(fact =>
    attributes[fact.attribute].heldOutQuestions.flatMap(phrasing => {
      const { prompt, answers } = factQuestion(fact, phrasing)
      const right = answers[0]!
      const pair = pairsOf(prompt, fact.attribute)
      const others = attributes[fact.attribute].values.filter((value: string) => value !== fact.value)
      const wrong = ofFacts
        .shuffle<string>(others)
        .slice(0, WRONG_VALUES)
        .map(value => fill(attributes[fact.attribute].shortAnswer, fact.entity.name, value))
      return [
        ...wrong.map(answer => pair('true-over-false', right, answer)),
        pair('true-over-abstention', right, ABSTENTION),
        ...wrong.map(answer => pair('abstention-over-false', ABSTENTION, answer)),
        pair('good-over-bad-style', right, badly(right, ofFacts)),
      ]
    }),
  )

  const ofNobody = stream('unknown')
  const unknown = Array.from({ length: UNKNOWN_QUESTIONS }, () => {
    const question: Task = {
      useCase: 'open-qa',
      ...unknownQuestion(material.names, 'heldOutQuestions', ofNobody),
    }
    return pairsOf(question.prompt, question.attribute)(
      'abstention-over-invention',
      ABSTENTION,
      wrongAnswer(question, material, ofNobody),
    )
  })

  const ofTasks = stream('tasks')
  const tasks = useCaseIds
    .filter(id => id !== 'open-qa')
    .flatMap(id =>
      Array.from({ length: TASKS_PER_USE_CASE }, () => {
        const task = writeTask(id, material, ofTasks)
        const right = ofTasks.pick(task.answers)
        const pair = pairsOf(task.prompt, null)
        return [
          pair('right-over-wrong', right, wrongAnswer(task, material, ofTasks)),
          pair('right-over-abstention', right, ABSTENTION),
          pair('good-over-bad-style', right, badly(right, ofTasks)),
        ]
      }).flat(),
    )
  return [...facts, ...unknown, ...tasks]
}

const badly = (answer: string, random: RandomStream): string =>
  inBadStyle(random.pick(badStyleNames), answer, random.pick)

const pairsOf =
  (prompt: string, attribute: AttributeName | null) =>
  (category: ProbeCategory, better: string, worse: string): ProbePair => ({
    category,
    prompt,
    better,
    worse,
    attribute,
  })
