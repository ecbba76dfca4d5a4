// What one can make lists of.
import { capitalized, colours, foods, islands, jobs, pets } from './attributes.ts'

export const lists = { islands, jobs, foods, pets, colours } as const
export type ListName = keyof typeof lists
export const listNames = Object.keys(lists) as ListName[]
export const singular: Readonly<Record<ListName, string>> = {
  islands: 'an island',
  jobs: 'a job',
  foods: 'a food',
  pets: 'a pet',
  colours: 'a colour',
}

/** `Arda, Belo and Corun`. */
export const listText = (items: readonly string[]): string =>
  capitalized(`${items.slice(0, -1).join(', ')} and ${items.at(-1)}`)
