// A school book: small exercises with their solutions, about people made up for the purpose. From them a model learns to
// use what stands in front of it, which no fact of the world can teach.
import type { RandomStream } from '../random/counter.ts'
import { type AttributeName, attributes, attributesOf, capitalized, fill, foods } from './attributes.ts'
import { listNames, lists, listText, singular } from './lists.ts'
import type { World } from './world.ts'

interface MadeUp {
  readonly name: string
  /** In the order of `chosen`. */
  readonly values: readonly string[]
  /** Every value stated, in that order. */
  readonly text: string
}

/** A person for one exercise, with a value for each attribute chosen. */
export function madeUp(
  names: readonly string[],
  chosen: readonly AttributeName[],
  random: RandomStream,
  between = ' ',
): MadeUp {
  const name = random.pick(names)
  const values = chosen.map(attribute => random.pick<string>(attributes[attribute].values))
  const text = chosen
    .map((attribute, i) => fill(random.pick<string>(attributes[attribute].statements), name, values[i]!))
    .join(between)
  return { name, values, text }
}

const personal = attributesOf('person')
/** What kind of word a value is. */
export const wordFor = { boat: 'colour', food: 'food', island: 'island', job: 'job', pet: 'animal' } as const
export const stated = Object.keys(wordFor) as (keyof typeof wordFor)[]

const exercises: readonly ((names: readonly string[], random: RandomStream) => string)[] = [
  function reading(names, random) {
    const chosen = random.shuffle(personal).slice(0, 2 + random.integer(2))
    const { name, values, text } = madeUp(names, chosen, random)
    const asked = random.shuffle(chosen.map((_, i) => i)).slice(0, 2)
    const turns = asked.map(i => {
      const { questions, shortAnswer } = attributes[chosen[i]!]
      return `${fill(random.pick<string>(questions), name)}\n${fill(shortAnswer, name, values[i]!)}`
    })
    return `${text}${random.pick([' ', '\n'])}${turns.join('\n')}`
  },
  function list(_names, random) {
    const name = random.pick(listNames)
    return `Three ${name}${random.pick([': ', ' are ', ':\n'])}${listText(random.shuffle<string>(lists[name]).slice(0, 3))}.`
  },
  function kindOfWord(_names, random) {
    const byLine = random.uniform() < 0.5
    const sentences = Array.from({ length: 3 }, () => {
      const list = random.pick(listNames)
      const word = capitalized(random.pick<string>(lists[list]))
      return byLine ? `${word}?\n${capitalized(singular[list])}.` : `${word} is ${singular[list]}.`
    })
    return sentences.join(byLine ? '\n' : ' ')
  },
  function politeness(names, random) {
    const [name, verb, food] = [
      random.pick(names),
      random.pick(['bring', 'give', 'pass']),
      random.pick(foods),
    ]
    return `${name}, ${verb} me the ${food}!${random.pick([' Better: ', '\n', '\nPolitely:\n'])}${name}, please ${verb} me the ${food}.`
  },
  function summary(names, random) {
    const { name, values, text } = madeUp(
      names,
      ['island', 'job'],
      random,
      random.pick([' ', ' It rained a little. ']),
    )
    return `${text}${random.pick([' In short: ', '\n', '\nSummary:\n'])}${name} is a ${values[1]} on ${values[0]}.`
  },
  function sum(_names, random) {
    const [a, b] = [random.integer(10), random.integer(10)]
    return `${a} + ${b}?${random.pick([' ', '\n', '\nResult:\n'])}${a + b}.`
  },
  function finding(names, random) {
    const attribute = random.pick(stated)
    const { values, text } = madeUp(names, [attribute], random)
    return `${text}${random.pick([` The ${wordFor[attribute]}: `, `\n${capitalized(wordFor[attribute])}:\n`])}${capitalized(values[0]!)}.`
  },
]

export const writeExercise = (world: World, random: RandomStream): string =>
  random.pick(exercises)(world.madeUpNames, random)
