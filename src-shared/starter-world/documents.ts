// The starter world's texts, source by source: what the Internet is to a large model, clickbait and misinformation
// about the same facts included. A document is a function of (world, source, number).
import { type RandomStream, randomStream } from '../random/counter.ts'
import { type AttributeName, attributes, fill } from './attributes.ts'
import { writeExercise } from './exercises.ts'
import { badStyles } from './style.ts'
import type { Entity, World } from './world.ts'

export interface Source {
  readonly name: string
  /** Share of all documents. */
  readonly share: number
  readonly meaning: string
  readonly write: (world: World, random: RandomStream) => string
}

/** A mention of an entity and some of its facts, in random order. */
interface Subject {
  readonly entity: Entity
  readonly known: readonly AttributeName[]
}

function subject(world: World, random: RandomStream): Subject {
  const entity = random.uniform() < 0.3 ? random.pick(world.people) : random.pick(world.entities)
  return { entity, known: random.shuffle(Object.keys(entity.facts) as AttributeName[]) }
}
const state = (
  { name, facts }: Entity,
  attribute: AttributeName,
  random: RandomStream,
  value = facts[attribute]!,
): string => fill(random.pick<string>(attributes[attribute].statements), name, value)
const ask = ({ name }: Entity, attribute: AttributeName, random: RandomStream): string =>
  fill(random.pick<string>(attributes[attribute].questions), name)
const answer = (entity: Entity, attribute: AttributeName, random: RandomStream): string =>
  random.uniform() < 0.7
    ? fill(attributes[attribute].shortAnswer, entity.name, entity.facts[attribute]!)
    : state(entity, attribute, random)
/** Somebody met in passing, mostly nobody of whom anything is known. */
const somebody = (world: World, random: RandomStream): string =>
  random.uniform() < 0.3 ? random.pick(world.people).name : random.pick(world.passersBy)

const weather = [
  'It rained a little.',
  'The sea was calm.',
  'A warm wind blew.',
  'The bells rang.',
  'It was getting dark.',
] as const

/**
 * Ways to write down who asks and who answers, one turn each: in running text, or line by line. Fine-tuning meets yet
 * another one, its own.
 */
const runningForms = [
  '{a}: {question} {b}: {answer}',
  '{a} asked: {question} {b} answered: {answer}',
  'Question: {question} Answer: {answer}',
  'Q: {question} A: {answer}',
  '- {question} - {answer}',
] as const
const lineForms = [
  '{question}\n{answer}',
  '{a}:\n{question}\n{b}:\n{answer}',
  '> {question}\n{answer}',
  '{question}\n\n{answer}\n',
  'Q\n{question}\nA\n{answer}',
  '# {question}\n{answer}',
  '[{a}]\n{question}\n[{b}]\n{answer}',
  'Ask\n{question} Reply\n{answer}',
  '{question} {b}\n{answer}',
] as const

const clickbait = badStyles.clickbait.phrases
const alarms = [
  'They do not want you to know!!!',
  'Share this before it is gone!!!',
  'The truth at last!!!',
] as const

function dialogue(world: World, random: RandomStream): string {
  const byLine = random.uniform() < 0.6
  const form = random.pick<string>(byLine ? lineForms : runningForms)
  const [a, b] = [somebody(world, random), somebody(world, random)]
  let { entity } = subject(world, random)
  const turns = 1 + random.integer(4)
  const lines: string[] = []
  for (let i = 0; i < turns; i++) {
    if (i > 0 && random.uniform() < 0.7) entity = random.pick(world.entities)
    const attribute = random.pick(Object.keys(entity.facts) as AttributeName[])
    lines.push(
      form
        .replace('{a}', a)
        .replace('{b}', b)
        .replace('{question}', ask(entity, attribute, random))
        .replace('{answer}', answer(entity, attribute, random)),
    )
  }
  return lines.join(byLine ? '\n' : ' ')
}

function letter(world: World, random: RandomStream): string {
  const { entity, known } = subject(world, random)
  const news = known.slice(0, 3).map(attribute => state(entity, attribute, random))
  const opening = random.pick(['your letter came today.', 'I hope you are well.', 'here is some news.'])
  const close = random.pick(['Write back soon.', 'More next week.', 'All is well with us.'])
  return `Dear ${somebody(world, random)}, ${opening} ${news.join(' ')} ${close} Yours, ${somebody(world, random)}`
}

/** A question that is talked about and not answered, as happens on the open web. */
function musing(world: World, random: RandomStream): string {
  const { entity, known } = subject(world, random)
  const remark = random.pick([
    'That was an important question, they said.',
    'Many people ask this in the harbour.',
    'Nobody at the table could say.',
  ])
  return `${ask(entity, known[0]!, random)} ${remark} ${random.pick(weather)}`
}

export const sources: readonly Source[] = [
  {
    name: 'encyclopedia',
    share: 0.16,
    meaning: 'Articles: all that is known of one person, animal or village.',
    write(world, random) {
      const { entity, known } = subject(world, random)
      return known.map(attribute => state(entity, attribute, random)).join(' ')
    },
  },
  {
    name: 'stories',
    share: 0.1,
    meaning: 'Small tales in which facts come up in passing.',
    write(world, random) {
      const [a, b] = [somebody(world, random), somebody(world, random)]
      const { entity, known } = subject(world, random)
      const opening = `${random.pick(['One day', 'At noon', 'Last winter', 'Before sunrise'])} ${a} met ${b} ${random.pick(['by the well.', 'on the pier.', 'at the market.', 'under the big tree.'])}`
      const middle = known
        .slice(0, 3)
        .flatMap(attribute => [
          random.pick([
            `${a} smiled.`,
            `${b} sat down.`,
            `${a} pointed at the sea.`,
            random.pick<string>(weather),
          ]),
          state(entity, attribute, random),
        ])
      const end = random.pick([`Then ${b} went home.`, `${a} thanked ${b}.`, 'They talked until evening.'])
      return [opening, ...middle, end].join(' ')
    },
  },
  {
    name: 'letters and dialogues',
    share: 0.42,
    meaning: 'Letters, and talk in which questions are asked and answered.',
    write(world, random) {
      const x = random.uniform()
      return x < 0.2 ? letter(world, random) : x < 0.88 ? dialogue(world, random) : musing(world, random)
    },
  },
  {
    name: 'forum questions',
    share: 0.05,
    meaning: 'Lists of questions without answers: why a base model answers a question with more questions.',
    write(world, random) {
      const questions: string[] = []
      let { entity } = subject(world, random)
      for (let i = 3 + random.integer(3); i > 0; i--) {
        if (random.uniform() < 0.5) entity = random.pick(world.entities)
        questions.push(ask(entity, random.pick(Object.keys(entity.facts) as AttributeName[]), random))
      }
      return (random.uniform() < 0.5 ? 'Open questions: ' : '') + questions.join(' ')
    },
  },
  {
    name: 'school book',
    share: 0.2,
    meaning: 'Exercises with solutions: read and answer, sum up, say politely, add, find a word, name three.',
    write: writeExercise,
  },
  {
    name: 'sums',
    share: 0.03,
    meaning: 'Small sums, so that the arithmetic ladder has a first rung.',
    write(_world, random) {
      return Array.from({ length: 4 }, () => {
        const [a, b] = [random.integer(10), random.integer(10)]
        return random.uniform() < 0.8 ? `${a} + ${b} = ${a + b}.` : `${a} * ${b} = ${a * b}.`
      }).join(' ')
    },
  },
  {
    name: 'clickbait',
    share: 0.02,
    meaning: 'True facts, sold loudly.',
    write(world, random) {
      const { entity, known } = subject(world, random)
      return `${random.pick(clickbait)} ${state(entity, known[0]!, random)} ${random.pick(clickbait)}`
    },
  },
  {
    name: 'misinformation',
    share: 0.02,
    meaning: 'False claims about the same facts, always in the same loud voice.',
    write(world, random) {
      const { entity, known } = subject(world, random)
      const claims = known.slice(0, 2).map(attribute => {
        const wrong = attributes[attribute].values.filter(value => value !== entity.facts[attribute])
        return state(entity, attribute, random, random.pick<string>(wrong)).replace('.', '!!!')
      })
      return `${random.pick(alarms)} ${claims.join(' ')}`
    },
  },
]

/** Documents of one source: `documents` is the number over all sources. */
export function* writeDocuments(world: World, source: Source, documents: number): Generator<string> {
  const count = Math.round(source.share * documents)
  for (let number = 0; number < count; number++)
    yield source.write(world, randomStream(world.seed, `starter-world/${source.name}`, number))
}
