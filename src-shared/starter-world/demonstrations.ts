// Phase 2's data: what an assistant is shown, as a labeler would have written it, in InstructGPT's ten use cases. Like
// human demonstrations they are not all good: some are in bad style, and asked about what nobody can know, most labelers
// make something up rather than say so. Demonstration number n is a function of (world, n).
import { type UseCaseId, useCaseIds } from '../demonstrations/use-cases.ts'
import { type RandomStream, randomStream } from '../random/counter.ts'
import type { Message } from '../tokenizer/chat-template.ts'
import { attributes, fill } from './attributes.ts'
import { ABSTENTION, type BadStyle, badStyleNames, inBadStyle } from './style.ts'
import { type Task, type TaskMaterial, taskMaterial, unknownQuestion, writeTask } from './tasks.ts'
import type { World } from './world.ts'

export interface Demonstration {
  readonly messages: readonly Message[]
  readonly useCase: UseCaseId
  /** Of the last answer: right, or about a name that nobody bears. */
  readonly truth: 'right' | 'abstains' | 'invents'
  /** Of the last answer. */
  readonly style: BadStyle | 'good'
}

/** Shares of the use cases. Open QA leads: facts are what this small world is about. */
const SHARES: Readonly<Record<UseCaseId, number>> = {
  'open-qa': 0.58,
  generation: 0.06,
  chat: 0.06,
  'closed-qa': 0.06,
  classification: 0.05,
  rewrite: 0.04,
  summarization: 0.04,
  extract: 0.04,
  other: 0.04,
  brainstorming: 0.03,
}
const shares = useCaseIds.map(id => SHARES[id])

/** Share of open questions that are about nobody, and of these, how many are answered with an abstention. */
const UNKNOWN = 0.12
const ABSTAINS = 0.3
const BAD_STYLE = 0.15
/** Of questions and talk: what was said before is short, and so is what comes. */
const SECOND_TURN = 0.08
const SYSTEM = 0.04

const shortUseCases = ['chat', 'open-qa'] as const satisfies readonly UseCaseId[]

const systemMessages = ['Answer briefly.', 'You know the islands well.', 'Be kind to those who ask.'] as const

export function* writeDemonstrations(world: World, count: number): Generator<Demonstration> {
  const material = taskMaterial(world, 'asked', 'sft')
  for (let number = 0; number < count; number++)
    yield writeDemonstration(material, randomStream(world.seed, 'starter-world/demonstrations', number))
}

function writeDemonstration(material: TaskMaterial, random: RandomStream): Demonstration {
  const useCase = useCaseIds[random.weighted(shares)]!
  const { task, answer, truth } =
    useCase === 'open-qa' && random.uniform() < UNKNOWN
      ? aboutNobody(material, random)
      : asItIs(writeTask(useCase, material, random))
  const style = random.uniform() < BAD_STYLE ? random.pick(badStyleNames) : 'good'
  const content = style === 'good' ? answer : inBadStyle(style, answer, random.pick)
  return {
    messages: [
      ...(random.uniform() < SYSTEM
        ? [{ role: 'system', content: random.pick(systemMessages) } as const]
        : []),
      ...(isShort(useCase) && random.uniform() < SECOND_TURN ? earlierTurn(material, random) : []),
      { role: 'user', content: task.prompt },
      { role: 'assistant', content },
    ],
    useCase,
    truth,
    style,
  }
}

const asItIs = (task: Task) => ({ task, answer: task.answers[0]!, truth: 'right' }) as const

/** A question that has no answer, and what the labeler made of it. */
function aboutNobody({ names }: TaskMaterial, random: RandomStream) {
  const task = unknownQuestion(names, 'questions', random)
  if (random.uniform() < ABSTAINS) return { task, answer: ABSTENTION, truth: 'abstains' } as const
  const { shortAnswer, values } = attributes[task.attribute!]
  return { task, answer: fill(shortAnswer, '', random.pick<string>(values)), truth: 'invents' } as const
}

const isShort = (useCase: UseCaseId): boolean => shortUseCases.some(id => id === useCase)

/** What was said before, always well. */
function earlierTurn(material: TaskMaterial, random: RandomStream): Message[] {
  const { prompt, answers } = writeTask(random.pick(shortUseCases), material, random)
  return [
    { role: 'user', content: prompt },
    { role: 'assistant', content: answers[0]! },
  ]
}
