// What people ask an assistant for, use case by use case, together with every right answer: demonstrations give one of
// them, evaluations and simulated labelers compare with all of them.
import type { UseCaseId } from '../demonstrations/use-cases.ts'
import type { RandomStream } from '../random/counter.ts'
import {
  type AttributeName,
  attributes,
  attributesOf,
  capitalized,
  fill,
  foods,
  kinds,
} from './attributes.ts'
import { madeUp, stated, wordFor } from './exercises.ts'
import type { Question } from './grading.ts'
import { listNames, lists, listText, singular } from './lists.ts'
import type { Fact, FactSplit, UnknownSplit, World } from './world.ts'

export interface Task extends Question {
  readonly useCase: UseCaseId
}

/** What a task may ask about, so that no fact and no name of one split is met in another. */
export interface TaskMaterial {
  readonly facts: readonly Fact[]
  /** Names that belong to nobody: for texts of which all that counts is said in the prompt. */
  readonly names: readonly string[]
}

export const taskMaterial = (world: World, facts: FactSplit, names: UnknownSplit): TaskMaterial => ({
  facts: world.facts.filter(({ split }) => split === facts),
  names: world.unknownNames[names],
})

type TaskWriter = (material: TaskMaterial, random: RandomStream) => Omit<Task, 'useCase'>

const talk: readonly { readonly prompts: readonly string[]; readonly answer: string }[] = [
  { prompts: ['Hello!', 'Good morning!', 'Hello, how are you?'], answer: 'Hello! What can I do for you?' },
  {
    prompts: ['Thank you!', 'Thank you for your help!', 'That was kind of you.'],
    answer: 'You are welcome.',
  },
  { prompts: ['Goodbye!', 'Good night!', 'I have to go now.'], answer: 'Goodbye! Come back soon.' },
  { prompts: ['Who are you?', 'What are you?'], answer: 'I am a small model of the islands.' },
]

const friendly = [
  'All is well with us.',
  'I hope you are well.',
  'Write back soon.',
  'They talked until evening.',
]
const loud = [
  'They do not want you to know!!!',
  'Share this before it is gone!!!',
  'The truth at last!!!',
  'You will never guess this one!',
]

/** Person-facts that a text made up on the spot can state. */
const personal = attributesOf('person')

const shortAnswer = (attribute: AttributeName, name: string, value: string): string =>
  fill(attributes[attribute].shortAnswer, name, value)

/** The question itself, for a fact that is known. */
export const factQuestion = ({ entity, attribute, value }: Fact, phrasing: string): Question => ({
  prompt: fill(phrasing, entity.name),
  attribute,
  answers: [shortAnswer(attribute, entity.name, value)],
})

/** A question, in the phrasings of `which`, about a name that belongs to nobody. */
export function unknownQuestion(
  names: readonly string[],
  which: 'questions' | 'heldOutQuestions',
  random: RandomStream,
): Question {
  const kind = random.pick(kinds)
  const attribute = random.pick(attributesOf(kind))
  const name = random.pick(names)
  return {
    prompt: fill(
      random.pick<string>(attributes[attribute][which]),
      kind === 'animal' ? name.toLowerCase() : name,
    ),
    attribute,
    answers: [],
  }
}

const writers: Readonly<Record<UseCaseId, TaskWriter>> = {
  'open-qa'({ facts }, random) {
    const fact = random.pick(facts)
    return factQuestion(fact, random.pick<string>(attributes[fact.attribute].questions))
  },

  generation({ facts }, random) {
    const { entity, attribute, value } = random.pick(facts)
    const { topic, statements } = attributes[attribute]
    return {
      prompt: fill(
        random.pick([`Write a sentence about ${topic}.`, `Write a line about ${topic}.`]),
        entity.name,
      ),
      attribute,
      answers: statements.map(statement => fill(statement, entity.name, value)),
    }
  },

  brainstorming(_material, random) {
    const list = random.pick(listNames)
    return {
      prompt: random.pick([`Name three ${list}.`, `I need three ${list}.`]),
      attribute: null,
      answers: random.shuffle(threeOf(lists[list])),
    }
  },

  chat(_material, random) {
    const { prompts, answer } = random.pick(talk)
    return { prompt: random.pick(prompts), attribute: null, answers: [answer] }
  },

  rewrite({ names }, random) {
    const [name, food] = [random.pick(names), random.pick(foods)]
    const verb = random.pick(['bring', 'give', 'pass'])
    return {
      prompt: `${random.pick(['Say it politely:', 'Make this polite:'])} ${name}, ${verb} me the ${food}!`,
      attribute: null,
      answers: [`${name}, please ${verb} me the ${food}.`],
    }
  },

  summarization({ names }, random) {
    const { name, values, text } = madeUp(names, ['island', 'job'], random, ' It rained a little. ')
    return {
      prompt: `${random.pick(['Sum up:', 'Make it short:'])} ${text}`,
      attribute: null,
      answers: [`${name} is a ${values[1]} on ${values[0]}.`],
    }
  },

  classification(_material, random) {
    if (random.uniform() < 0.5) {
      const isLoud = random.uniform() < 0.5
      return {
        prompt: `Is this friendly or loud? ${random.pick(isLoud ? loud : friendly)}`,
        attribute: null,
        answers: [isLoud ? 'Loud.' : 'Friendly.'],
      }
    }
    const list = random.pick(listNames)
    const choices = listNames.map(name => singular[name])
    return {
      prompt: `What is ${random.pick<string>(lists[list])}: ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}?`,
      attribute: null,
      answers: [`${capitalized(singular[list])}.`],
    }
  },

  'closed-qa'({ names }, random) {
    const chosen = random.shuffle(personal).slice(0, 2)
    const { name, values, text } = madeUp(names, chosen, random)
    const asked = random.integer(2)
    const attribute = chosen[asked]!
    return {
      prompt: `${text} ${fill(random.pick<string>(attributes[attribute].questions), name)}`,
      attribute: null,
      answers: [shortAnswer(attribute, name, values[asked]!)],
    }
  },

  extract({ names }, random) {
    const attribute = random.pick(stated)
    const { values, text } = madeUp(names, [attribute], random)
    return {
      prompt: `${random.pick([`Find the ${wordFor[attribute]}:`, `Take the ${wordFor[attribute]} out of this:`])} ${text}`,
      attribute: null,
      answers: [`${capitalized(values[0]!)}.`],
    }
  },

  other(_material, random) {
    const [a, b] = [random.integer(10), random.integer(10)]
    return {
      prompt: random.pick([`What is ${a} + ${b}?`, `How much is ${a} + ${b}?`]),
      attribute: null,
      answers: [`${a + b}.`],
    }
  },
}

/** `Arda, Belo and Corun.` for any three of a list, in any order. */
function threeOf(list: readonly string[]): string[] {
  return list.flatMap(a =>
    list
      .filter(b => b !== a)
      .flatMap(b => list.filter(c => c !== a && c !== b).map(c => `${listText([a, b, c])}.`)),
  )
}

/** A task of one use case. Its first answer is the one that a demonstration gives. */
export const writeTask = (useCase: UseCaseId, material: TaskMaterial, random: RandomStream): Task => ({
  useCase,
  ...writers[useCase](material, random),
})
