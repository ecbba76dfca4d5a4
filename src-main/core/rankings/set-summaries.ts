// What lists and reports show of sets of preferences: counts, labelers, agreement.
import type {
  Agreement,
  PreferenceSet,
  Simulation,
} from '../../../src-shared/contract/preferences-contract.ts'
import {
  addAgreement,
  agreementOf,
  type LabelPairs,
  noAgreement,
} from '../../../src-shared/preferences/agreement.ts'
import type { SetTally } from '../../../src-shared/preferences/set-tally.ts'
import type { Db } from '../database/open.ts'
import type { StoredSet } from '../database/queries/preference-sets.ts'
import { CHAT_SET, chatPrompts, chatTally } from './chat-votes.ts'
import { SetTallies } from './set-tallies.ts'
import { simulationsOf } from './simulations.ts'

export class SetSummaries {
  private readonly db: Db
  readonly tallies: SetTallies

  constructor(db: Db) {
    this.db = db
    this.tallies = new SetTallies(db)
  }

  /** A set with what its prompts and rankings say. */
  async of({ nextNumber: _, ...set }: StoredSet): Promise<PreferenceSet> {
    const { labelers, agreement: __, ...tally } = await this.tally(set.id)
    const simulations = this.simulations(set.id)
    return {
      ...set,
      ...tally,
      labelers: [...labelers].map(([labeler, { rankings }]) => ({
        labeler,
        rankings,
        simulation: simulations.get(labeler) ?? null,
      })),
    }
  }

  /** Simulated labelers of a set, by name. */
  simulations(id: string): ReadonlyMap<string, Simulation> {
    return simulationsOf(this.db, id)
  }

  /** Of all labels of these sets together. */
  async agreement(ids: readonly string[]): Promise<Agreement> {
    const counts = noAgreement()
    const labels = { simulated: [] as LabelPairs['simulated'][number][], people: 0 }
    for (const id of new Set(ids)) {
      const tally = await this.tally(id)
      addAgreement(counts, tally.agreement)
      const simulations = this.simulations(id)
      for (const [labeler, { pairs }] of tally.labelers) {
        const simulation = simulations.get(labeler)
        if (simulation) labels.simulated.push({ labeler, noise: simulation.noise, pairs })
        else labels.people += pairs
      }
    }
    return agreementOf(counts, labels)
  }

  private async tally(id: string): Promise<SetTally> {
    return id === CHAT_SET ? chatTally(chatPrompts(this.db)) : await this.tallies.of(id)
  }
}
