// The starter world: an invented archipelago, made from a seed and free of any licence. A model that trains in minutes
// needs a world that small, and claims about truth need a ground truth.
import { type RandomStream, randomStream } from '../random/counter.ts'
import { type AttributeName, attributes, attributesOf, type Kind, kinds } from './attributes.ts'

export interface Entity {
  readonly name: string
  readonly kind: Kind
  readonly facts: Readonly<Partial<Record<AttributeName, string>>>
}

/**
 * Who may ask for a fact after pre-training: `asked` in demonstrations and by the reward; `development` and `test` never
 * by any phase, only by evaluations: the first for whatever one tunes, the second for what one reports.
 */
export type FactSplit = 'asked' | 'development' | 'test'

export interface Fact {
  readonly entity: Entity
  readonly attribute: AttributeName
  readonly value: string
  readonly split: FactSplit
}

/** Names that belong to nobody: questions about them have no answer. Disjoint, so that no phase can learn them. */
export type UnknownSplit = 'sft' | 'rl' | 'development' | 'test'

export interface World {
  readonly seed: number
  readonly entities: readonly Entity[]
  readonly people: readonly Entity[]
  readonly facts: readonly Fact[]
  readonly unknownNames: Readonly<Record<UnknownSplit, readonly string[]>>
  /** Names of passers-by in stories and letters, of whom nothing is ever said. */
  readonly passersBy: readonly string[]
  /** Names of those who are made up for an exercise. Many, so that a model must read a name rather than know it. */
  readonly madeUpNames: readonly string[]
}

const POPULATION: Readonly<Record<Kind, number>> = { person: 24, animal: 8, village: 8 }

const FIRST = [
  'An',
  'Bri',
  'Ca',
  'De',
  'El',
  'Fi',
  'Ga',
  'Hu',
  'Io',
  'Jo',
  'Ka',
  'Le',
  'Mi',
  'Nu',
  'Or',
  'Pa',
] as const
const LAST = [
  'bel',
  'dor',
  'fin',
  'gar',
  'lis',
  'mek',
  'nas',
  'po',
  'ra',
  'sten',
  'to',
  'vin',
  'wen',
  'zu',
] as const
const MADE_UP = [
  'bas',
  'bo',
  'cra',
  'cor',
  'dul',
  'fa',
  'gon',
  'hin',
  'jor',
  'kel',
  'lu',
  'min',
  'nek',
  'olo',
  'pri',
  'ral',
  'ser',
  'tul',
  'una',
  'vek',
  'wil',
  'yan',
  'zel',
] as const
const PASSING = ['dra', 'fer', 'ki', 'lom', 'mia', 'nor', 'quil', 'rus', 'sa', 'tov', 'ule', 'xi'] as const

const named = (endings: readonly string[]): string[] =>
  FIRST.flatMap(first => endings.map(ending => first + ending))

/** @param seed any whole number; the same seed gives the same world on every machine */
export function makeWorld(seed: number): World {
  const random = randomStream(seed, 'starter-world')
  const names = random.shuffle(named(LAST))
  const entities: Entity[] = []
  for (const kind of kinds)
    for (let i = 0; i < POPULATION[kind]; i++) {
      const name = names.pop()!
      entities.push({
        name: kind === 'animal' ? name.toLowerCase() : name,
        kind,
        facts: inventFacts(kind, random),
      })
    }

  const all = entities.flatMap(entity =>
    attributesOf(entity.kind).map(attribute => ({ entity, attribute, value: entity.facts[attribute]! })),
  )
  const facts = random.shuffle(all).map((fact, i, { length }) => ({
    ...fact,
    split: (i < length / 2 ? 'asked' : i < (length * 3) / 4 ? 'development' : 'test') as FactSplit,
  }))

  const quarter = Math.floor(names.length / 4)
  const part = (k: number) => names.slice(k * quarter, (k + 1) * quarter)
  return {
    seed,
    entities,
    people: entities.filter(({ kind }) => kind === 'person'),
    facts,
    unknownNames: { sft: part(0), rl: part(1), development: part(2), test: part(3) },
    passersBy: named(PASSING),
    madeUpNames: named(MADE_UP),
  }
}

function inventFacts(kind: Kind, random: RandomStream): Entity['facts'] {
  return Object.fromEntries(
    attributesOf(kind).map(name => [name, random.pick<string>(attributes[name].values)]),
  )
}
