// The sets of preferences of a workspace: sampled here to be ranked, or imported, kept in the database; and the chat's
// votes, which are read where the chat keeps them.
import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type {
  Agreement,
  PreferencePrompt,
  PreferenceSet,
  Simulation,
} from '../../../src-shared/contract/preferences-contract.ts'
import type { Rejection } from '../../../src-shared/contract/shapes.ts'
import type { PreferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { emptyTally } from '../../../src-shared/preferences/set-tally.ts'
import type { CoreContext } from '../context.ts'
import {
  missingPrompt,
  promptNumbers,
  setPromptsRemoved,
} from '../database/queries/preference-prompt-rows.ts'
import { nextPrompts, readPrompts, type StoredPrompt } from '../database/queries/preference-prompts.ts'
import {
  deleteRemoved,
  findSet,
  hideRemoved,
  listSetRejections,
  listSets,
  renameSet,
  type StoredSet,
  setSetRemoved,
} from '../database/queries/preference-sets.ts'
import { CHAT_SET, chatPrompts, chatSet } from './chat-votes.ts'
import { preferenceRowOf, shownPrompt } from './preference-rows.ts'
import { holding, PromptSearch } from './prompt-search.ts'
import { SetSummaries } from './set-summaries.ts'

/** Prompts that are read at once. */
const CHUNK_PROMPTS = 1000
const DELETED_AT_ONCE = 2000

/** Where an import writes: a set that nobody sees yet (`insertSet` is the import's), or one that is there. */
export type ImportTarget =
  | { readonly set: Pick<StoredSet, 'id' | 'name' | 'kind' | 'createdAt'>; readonly isNew: true }
  | { readonly set: StoredSet; readonly isNew: false }

export class Preferences {
  private readonly context: CoreContext
  private readonly summaries: SetSummaries
  private readonly search: PromptSearch
  private readonly versions = new Map<string, number>()
  /** Sets into which files are imported, or whose responses are being sampled. */
  private readonly importing = new Set<string>()
  /** Settles when what was removed before this start is deleted for good, or a note says why it is not. Never rejects. */
  readonly cleared: Promise<void>

  /** Clears away what a crash left unfinished and what was removed before. */
  constructor(context: CoreContext) {
    this.context = context
    this.summaries = new SetSummaries(this.db)
    this.search = new PromptSearch(this.db)
    this.cleared = this.clearAway(new Date().toISOString())
  }

  private get db() {
    return this.context.workspace.db
  }

  private async clearAway(until: string): Promise<void> {
    try {
      hideRemoved(this.db, until)
      while (this.db.open && deleteRemoved(this.db, until, DELETED_AT_ONCE)) await nextTurn()
    } catch (error) {
      // A full disk must keep nobody out; the next start tries again.
      const { message } = error as Error
      this.context.workspace.notes.push(`Removed preferences could not be deleted yet: ${message}`)
    }
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

  /** A set as stored, removed ones too. @throws LabError `not-found` */
  stored(id: string): StoredSet {
    const found = id === CHAT_SET ? chatSet(this.db) : findSet(this.db, id)
    if (found) return found
    throw new LabError({
      code: 'not-found',
      what: `there is no set of preferences ${id}`,
      fix: 'list the sets to see their ids',
    })
  }

  /** A set that is not removed. @throws LabError `not-found` */
  present(id: string): StoredSet {
    const set = this.stored(id)
    if (set.removedAt === null) return set
    throw new LabError({
      code: 'not-found',
      what: `the set "${set.name}" is removed`,
      fix: 'restore it first',
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
    const numbers = await this.search.find(id, nextNumber, search)
    return {
      total: numbers.length,
      rows: shown(readPrompts(this.db, id, numbers.slice(offset, offset + limit))),
    }
  }

  rejections(id: string, page: { offset: number; limit: number }): { total: number; rows: Rejection[] } {
    this.stored(id)
    return listSetRejections(this.db, id, page)
  }

  /** @throws LabError `not-found` */
  rename(id: string, name: string): void {
    this.own(id)
    renameSet(this.db, id, name)
    this.changed(id)
  }

  /** Hides a set; `restore` brings it back until the next start. @throws LabError `not-found`; `conflict` while files are imported into it */
  remove(id: string): void {
    this.refuseWhileImporting(this.own(id))
    setSetRemoved(this.db, id, new Date().toISOString())
    this.changed(id)
  }

  /** @throws LabError `not-found` */
  restore(id: string): void {
    this.own(id)
    setSetRemoved(this.db, id, null)
    this.changed(id)
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

  /**
   * Lets `act` import into a new set, or into one that is there; no other import comes between.
   * @throws LabError `not-found`, `conflict`, and whatever `act` throws
   */
  async whileImporting<T>(
    { into, name }: { into?: string | undefined; name: string },
    act: (target: ImportTarget) => Promise<T>,
  ): Promise<T> {
    const target: ImportTarget =
      into === undefined
        ? { set: newSet(name, 'imported'), isNew: true }
        : { set: this.present(this.own(into).id), isNew: false }
    const { id } = target.set
    if (!target.isNew) this.refuseWhileImporting(target.set)
    this.importing.add(id)
    try {
      return await act(target)
    } finally {
      this.importing.delete(id)
      this.changed(id)
    }
  }

  /** A set that can be changed here. @throws LabError `unsupported` for the chat's votes */
  own(id: string): StoredSet {
    if (id !== CHAT_SET) return this.stored(id)
    throw new LabError({
      code: 'unsupported',
      what: 'votes of the chat are changed where they are given',
      fix: 'open the Chat and vote anew, or take the vote back there',
    })
  }

  private require(set: StoredSet, numbers: readonly number[]): void {
    const missing = missingPrompt(this.db, set.id, numbers)
    if (missing !== undefined) throw noPrompt(set, missing)
  }

  /** @throws LabError `conflict` */
  refuseWhileImporting({ id, name }: Pick<StoredSet, 'id' | 'name'>): void {
    if (this.importing.has(id))
      throw new LabError({
        code: 'conflict',
        what: `files are being imported into "${name}"`,
        fix: 'wait for the end of the import, or cancel it',
      })
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
  changed(id: string): void {
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

export const newSet = (name: string, kind: PreferenceSet['kind']) => ({
  id: `prefs-${randomBytes(4).toString('hex')}`,
  name,
  kind,
  createdAt: new Date().toISOString(),
})
