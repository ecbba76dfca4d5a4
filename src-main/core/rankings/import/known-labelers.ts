// Who has labeled in a set: names stand for one person each, or for one simulated labeler with its settings.
import type { Simulation } from '../../../../src-shared/contract/preferences-contract.ts'
import { shortName } from '../../demonstrations/formats/format.ts'
import type { Comparison } from './formats/format.ts'

/** A name and what it labels by; null = a person. */
export type KnownLabeler = readonly [name: string, simulation: Simulation | null]

/** More are no labelers, but another column: the set lists them all. */
const MAX_LABELERS = 1000

/** Learns the labelers of one comparison after another, or says why one cannot be who it says. */
export class KnownLabelers {
  private readonly known: Map<string, string>

  /** @param known of the set as it is */
  constructor(known: readonly KnownLabeler[]) {
    this.known = new Map(known.map(([name, simulation]) => [name, settings(simulation)]))
  }

  /** @returns why the comparison cannot stand in the set; null = it can, and its labelers are known now */
  readonly fault = ({ rankings }: Pick<Comparison, 'rankings'>): string | null => {
    const fresh = new Map<string, string>()
    for (const { labeler, simulation } of rankings) {
      const own = settings(simulation ?? null)
      const before = this.known.get(labeler) ?? fresh.get(labeler)
      if (before === undefined) fresh.set(labeler, own)
      else if (before !== own)
        return `"${shortName(labeler)}" is ${kind(own)} here, and ${kind(before)} before: give one of them another name`
    }
    if (this.known.size + fresh.size > MAX_LABELERS)
      return `there are more than ${MAX_LABELERS.toLocaleString('en-US')} labelers`
    for (const [name, own] of fresh) this.known.set(name, own)
    return null
  }
}

const PERSON = 'person'
const settings = (simulation: Simulation | null): string =>
  simulation === null ? PERSON : `${simulation.policy}, noise ${simulation.noise}, seed ${simulation.seed}`
const kind = (own: string): string => (own === PERSON ? 'a person' : `simulated (${own})`)
