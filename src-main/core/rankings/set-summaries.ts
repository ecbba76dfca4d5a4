// What lists and reports show of sets of preferences: counts, labelers, agreement.
import type {
  Agreement,
  PreferenceSet,
  Simulation,
} from '../../../src-shared/contract/preferences-contract.ts'
import {
  type AgreementCounts,
  addAgreement,
  agreementCounts,
  agreementOf,
  CountedElsewhere,
  type LabelPairs,
  noAgreement,
} from '../../../src-shared/preferences/agreement.ts'
import type { SetTally } from '../../../src-shared/preferences/set-tally.ts'
import type { Db } from '../database/open.ts'
import { keysOfSeveral } from '../database/queries/preference-prompt-rows.ts'
import { promptsWithKey } from '../database/queries/preference-prompts.ts'
import type { StoredSet } from '../database/queries/preference-sets.ts'
import { takeTurns } from '../jobs/turns.ts'
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
    /** Sets that measure some agreement. */
    const measuring: string[] = []
    for (const id of new Set(ids)) {
      const tally = await this.tally(id)
      addAgreement(counts, tally.agreement)
      if (tally.agreement.self.size + tally.agreement.between.size > 0) measuring.push(id)
      const simulations = this.simulations(id)
      for (const [labeler, { pairs }] of tally.labelers) {
        const simulation = simulations.get(labeler)
        if (simulation) labels.simulated.push({ labeler, noise: simulation.noise, pairs })
        else labels.people += pairs
      }
    }
    addAgreement(counts, await this.countedTwice(measuring), -1)
    return agreementOf(counts, labels)
  }

  /** What more than one of these sets says of the same responses, but once. Not of the chat: its votes measure nothing. */
  private async countedTwice(ids: readonly string[]): Promise<AgreementCounts> {
    const twice = noAgreement()
    if (ids.length < 2) return twice
    const othersTurn = takeTurns()
    const elsewhere = new CountedElsewhere()
    for (const key of keysOfSeveral(this.db, ids)) {
      for (const id of ids)
        for (const prompt of promptsWithKey(this.db, id, key))
          addAgreement(twice, elsewhere.of(id, prompt, agreementCounts(prompt.rankings)))
      await othersTurn()
    }
    return twice
  }

  private async tally(id: string): Promise<SetTally> {
    return id === CHAT_SET ? chatTally(chatPrompts(this.db)) : await this.tallies.of(id)
  }
}
