// The sets of preferences of a workspace: sampled here to be ranked, or imported, kept in the database; and the chat's
// votes, which are read where the chat keeps them.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type {
  Agreement,
  PreferencePrompt,
  PreferenceSet,
  Simulation,
} from '../../../src-shared/contract/preferences-contract.ts'
import type { PreferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { emptyTally } from '../../../src-shared/preferences/set-tally.ts'
import type { CoreContext } from '../context.ts'
import {
  missingPrompt,
  promptNumbers,
  setPromptsRemoved,
} from '../database/queries/preference-prompt-rows.ts'
import { nextPrompts, readPrompts, type StoredPrompt } from '../database/queries/preference-prompts.ts'
import { listSets, preferenceSetQueries, type StoredSet } from '../database/queries/preference-sets.ts'
import { LatestSearch } from '../datasets/latest-search.ts'
import { RowSets } from '../datasets/row-sets.ts'
import { CHAT_SET, chatPrompts, chatSet } from './chat-votes.ts'
import { preferenceRowOf, shownPrompt } from './preference-rows.ts'
import { holding, promptsHolding } from './prompt-search.ts'
import { SetSummaries } from './set-summaries.ts'

/** Prompts that are read at once. */
const CHUNK_PROMPTS = 1000

export class Preferences extends RowSets<StoredSet> {
  private readonly summaries: SetSummaries
  private readonly search = new LatestSearch()
  private readonly versions = new Map<string, number>()

  /** Clears away what a crash left unfinished and what was removed before. */
  constructor(context: CoreContext) {
    super(context, preferenceSetQueries, { noun: 'preferences', prefix: 'prefs' })
    this.summaries = new SetSummaries(this.db)
  }

  /** Newest first, removed ones included; the chat's votes last. */
  async list(): Promise<PreferenceSet[]> {
    const sets: PreferenceSet[] = []
    for (const set of listSets(this.db)) sets.push(await this.summaries.of(set))
    return [...sets, await this.show(CHAT_SET)]
  }

  /** Removed ones too. @throws LabError `not-found` */
  async show(id: string): Promise<PreferenceSet> {
    return await this.summaries.of(this.stored(id))
  }

  /** Simulated labelers of a set, by name. */
  simulations(id: string): ReadonlyMap<string, Simulation> {
    return this.summaries.simulations(id)
  }

  /** Of all labels of these sets together. @throws LabError `not-found` */
  async agreement(ids: readonly string[]): Promise<Agreement> {
    for (const id of ids) this.stored(id)
    return await this.summaries.agreement(ids)
  }

  override stored(id: string): StoredSet {
    return id === CHAT_SET ? chatSet(this.db) : super.stored(id)
  }

  /** A set that can be changed here. @throws LabError `not-found`; `unsupported` for the chat's votes */
  override own(id: string): StoredSet {
    if (id !== CHAT_SET) return super.own(id)
    throw new LabError({
      code: 'unsupported',
      what: 'votes of the chat are changed where they are given',
      fix: 'open the Chat and vote anew, or take the vote back there',
    })
  }

  /** The prompts that are there, in the order of their numbers, read in chunks. @throws LabError `not-found` */
  *prompts(id: string): Generator<StoredPrompt> {
    this.stored(id)
    if (id === CHAT_SET) return yield* chatPrompts(this.db)
    for (let from = 0; ; ) {
      const chunk = nextPrompts(this.db, id, from, CHUNK_PROMPTS)
      yield* chunk
      if (chunk.length < CHUNK_PROMPTS) return
      from = chunk.at(-1)!.number + 1
    }
  }

  /**
   * Prompts with at least two responses and what was said of them, set by set: for runs and exports. One that nobody has
   * ranked has no rankings.
   * @throws LabError `not-found` for a set that is not there, or removed
   */
  *rowsOf(ids: readonly string[]): Generator<PreferenceRow> {
    for (const id of ids) {
      const simulations = this.simulations(this.present(id).id)
      for (const prompt of this.prompts(id))
        if (prompt.isSampled && prompt.responses.length > 1) yield preferenceRowOf(id, prompt, simulations)
    }
  }

  /** One prompt that is there. @throws LabError `not-found` */
  prompt(id: string, number: number): StoredPrompt {
    const set = this.present(id)
    const [prompt] =
      id === CHAT_SET
        ? chatPrompts(this.db).filter(prompt => prompt.number === number)
        : readPrompts(this.db, id, [number])
    if (prompt) return prompt
    throw noPrompt(set, number)
  }

  /** A page of prompts. @throws LabError `not-found`; `cancelled` when a newer search takes the place of this one */
  async page(
    id: string,
    { search, offset, limit }: { search?: string | undefined; offset: number; limit: number },
  ): Promise<{ total: number; rows: PreferencePrompt[] }> {
    const { nextNumber } = this.stored(id)
    const shown = (prompts: readonly StoredPrompt[]) => prompts.map(prompt => shownPrompt(id, prompt))
    if (id === CHAT_SET) {
      const prompts = chatPrompts(this.db)
      const found = search ? prompts.filter(holding(search)) : prompts
      return { total: found.length, rows: shown(found.slice(offset, offset + limit)) }
    }
    if (!search) {
      const { total, numbers } = promptNumbers(this.db, id, { offset, limit })
      return { total, rows: shown(readPrompts(this.db, id, numbers)) }
    }
    const numbers = await this.search.find(id, search, nextNumber, promptsHolding(this.db, id, search))
    return {
      total: numbers.length,
      rows: shown(readPrompts(this.db, id, numbers.slice(offset, offset + limit))),
    }
  }

  /** Hides prompts; `restorePrompts` brings them back until the next start. @throws LabError `not-found` */
  removePrompts(id: string, numbers: readonly number[]): void {
    this.setPromptsRemoved(id, numbers, new Date().toISOString())
  }

  /** @throws LabError `not-found` */
  restorePrompts(id: string, numbers: readonly number[]): void {
    this.setPromptsRemoved(id, numbers, null)
  }

  private setPromptsRemoved(id: string, numbers: readonly number[], removedAt: string | null): void {
    this.own(id)
    this.require(this.present(id), numbers)
    setPromptsRemoved(this.db, id, numbers, removedAt)
    this.changed(id)
  }

  private require(set: StoredSet, numbers: readonly number[]): void {
    const missing = missingPrompt(this.db, set.id, numbers)
    if (missing !== undefined) throw noPrompt(set, missing)
  }

  /** Grows with everything that changes a set, for whoever remembers something of it. */
  version(id: string): number {
    return this.versions.get(id) ?? 0
  }

  private touch(id: string): void {
    this.versions.set(id, this.version(id) + 1)
  }

  /** Lets `act` change what is said of one prompt, and tells everybody. */
  changing<T>(id: string, number: number, act: () => T): T {
    this.touch(id)
    const result = this.summaries.tallies.change(id, number, act)
    this.published()
    return result
  }

  /** Responses have come to prompts of which nothing was said yet. */
  sampled(id: string, prompts: number): void {
    this.touch(id)
    this.summaries.tallies.add(id, { ...emptyTally(), sampled: prompts })
    this.search.forget(id)
    this.published()
  }

  /** Tells everybody. */
  published(): void {
    this.context.publish('changed', { what: 'preferences' })
  }

  /** Of a set: what is remembered of it is no longer true. */
  override changed(id: string): void {
    this.touch(id)
    this.summaries.tallies.forget(id)
    this.search.forget(id)
    this.published()
  }
}

const noPrompt = ({ name }: StoredSet, number: number): LabError =>
  new LabError({
    code: 'not-found',
    what: `there is no prompt ${number + 1} in "${name}"`,
    fix: 'load the prompts again; nothing was changed',
  })
