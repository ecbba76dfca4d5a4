// Phase 3's prompts: what people would ask, and answers that labelers write themselves to be ranked beside the model's
// own. A model that was asked a fact hardly ever gets it wrong, so among its samples alone truth would decide nothing.
// Prompt number n is a function of (world, n); only facts that demonstrations ask for and names of `rl` are spoken of.
import { useCaseIds } from '../demonstrations/use-cases.ts'
import { type RandomStream, randomStream } from '../random/counter.ts'
import { type AttributeName, attributes, fill } from './attributes.ts'
import { ABSTENTION, badStyleNames, inBadStyle } from './style.ts'
import { type Task, type TaskMaterial, taskMaterial, unknownQuestion, writeTask } from './tasks.ts'
import type { World } from './world.ts'

/** `known`: a fact of the world; `unknown`: the same about a name that nobody bears; `task`: anything else. */
export const promptKinds = ['known', 'unknown', 'task'] as const
export type PromptKind = (typeof promptKinds)[number]

export interface PreferencePrompt {
  readonly task: Task
  readonly kind: PromptKind
  /** Answers that labelers add to the model's own, in no order; each ends by itself. */
  readonly candidates: readonly string[]
}

const SHARES: Readonly<Record<PromptKind, number>> = { known: 0.65, unknown: 0.08, task: 0.27 }
const shares = promptKinds.map(kind => SHARES[kind])

interface Added {
  readonly share: number
  /** How many answers of each sort labelers add, on the mean. */
  readonly right: number
  readonly wrong: number
  /** Of other tasks: said well, and no answer to this. */
  readonly beside?: number
  readonly abstains: number
}

/**
 * Of each kind, what labelers put beside the model's answers. A question of fact is either about truth, one right answer
 * among wrong ones, or about doubt: were abstentions beside all those wrong answers, they would win so often that a
 * reward model prefers them to any answer that it is not sure of.
 */
const ADDED: Readonly<Record<PromptKind, readonly Added[]>> = {
  known: [
    { share: 0.6, right: 1, wrong: 1.6, beside: 0.4, abstains: 0 },
    { share: 0.4, right: 1, wrong: 0.3, beside: 0.2, abstains: 1 },
  ],
  unknown: [{ share: 1, right: 0, wrong: 0.3, beside: 0.3, abstains: 0.8 }],
  task: [{ share: 1, right: 0.8, wrong: 0.3, beside: 0.7, abstains: 0.5 }],
}
/** Of the answers they add. */
const BAD_STYLE = 0.15

const taskUseCases = useCaseIds.filter(id => id !== 'open-qa')

export function* writePreferencePrompts(world: World, count: number): Generator<PreferencePrompt> {
  const material = taskMaterial(world, 'asked', 'rl')
  for (let number = 0; number < count; number++)
    yield writePreferencePrompt(material, randomStream(world.seed, 'starter-world/preferences', number))
}

function writePreferencePrompt(material: TaskMaterial, random: RandomStream): PreferencePrompt {
  const kind = promptKinds[random.weighted(shares)]!
  const task = taskOf(kind, material, random)
  const added = ADDED[kind][random.weighted(ADDED[kind].map(({ share }) => share))]!
  const times = (mean: number, answer: () => string): string[] =>
    Array.from({ length: Math.floor(mean) + (random.uniform() < mean % 1 ? 1 : 0) }, answer)
  const candidates = [
    ...times(added.right, () => random.pick(task.answers)),
    ...times(added.wrong, () => wrongAnswer(task, material, random)),
    ...times(added.beside ?? 0, () => answerBeside(task, material, random)),
    ...times(added.abstains, () => ABSTENTION),
  ]
  return {
    task,
    kind,
    candidates: candidates.map(answer =>
      random.uniform() < BAD_STYLE ? inBadStyle(random.pick(badStyleNames), answer, random.pick) : answer,
    ),
  }
}

function taskOf(kind: PromptKind, material: TaskMaterial, random: RandomStream): Task {
  if (kind === 'known') return writeTask('open-qa', material, random)
  if (kind === 'unknown')
    return { useCase: 'open-qa', ...unknownQuestion(material.names, 'questions', random) }
  return writeTask(random.pick(taskUseCases), material, random)
}

/** An answer of the right form that is false: of a fact with another value of its kind, else what another task asks for. */
export function wrongAnswer(task: Task, material: TaskMaterial, random: RandomStream): string {
  for (;;) {
    const wrong = task.attribute
      ? aboutFact(task, task.attribute, material, random)
      : random.pick(writeTask(task.useCase, material, random).answers)
    if (!task.answers.includes(wrong)) return wrong
  }
}

/**
 * What would be right if something else had been asked: without such, a reward model likes any short answer to any task, and
 * where an animal lives for what it eats.
 */
function answerBeside(task: Task, material: TaskMaterial, random: RandomStream): string {
  for (;;) {
    const useCase = task.useCase === 'open-qa' ? 'open-qa' : random.pick(useCaseIds)
    const other = writeTask(useCase, material, random)
    const answer = random.pick(other.answers)
    const isBeside = other.useCase !== 'open-qa' || other.attribute !== task.attribute
    if (isBeside && !task.answers.includes(answer)) return answer
  }
}

/**
 * A right answer with a value of the kind put in the place of its own, or made up where there is no right one. The value is
 * one that is true of somebody else, as often as it is true: else the answer's value alone would tell true from false.
 */
function aboutFact(
  { answers }: Task,
  attribute: AttributeName,
  { facts }: TaskMaterial,
  random: RandomStream,
): string {
  const { values, shortAnswer } = attributes[attribute]
  const said = facts.filter(fact => fact.attribute === attribute).map(({ value }) => value)
  const own = values.find(value => new RegExp(String.raw`\b${value}\b`).test(answers[0] ?? ''))
  const others = said.filter(value => value !== own)
  const other = random.pick<string>(others.length > 0 ? others : values)
  if (own === undefined) return fill(shortAnswer, '', other)
  return random.pick(answers).replace(new RegExp(String.raw`\b${own}\b`), other)
}
