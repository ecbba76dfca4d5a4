// The sets of preferences of a workspace: sampled here to be ranked, or imported, kept in the database; and the chat's
// votes, which are read where the chat keeps them.
import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { PreferencePrompt, PreferenceSet } from '../../../src-shared/contract/preferences-contract.ts'
import type { Rejection } from '../../../src-shared/contract/shapes.ts'
import type { CoreContext } from '../context.ts'
import {
  missingPrompt,
  nextPrompts,
  promptNumbers,
  readPrompts,
  type StoredPrompt,
  setPromptsRemoved,
} from '../database/queries/preference-prompts.ts'
import {
  deleteRemoved,
  findSet,
  hideRemoved,
  listSetRejections,
  renameSet,
  type StoredSet,
  setSetRemoved,
} from '../database/queries/preference-sets.ts'

/** Prompts that are read at once. */
const CHUNK_PROMPTS = 1000
const DELETED_AT_ONCE = 2000

/** Where an import writes: a set that nobody sees yet (`insertSet` is the import's), or one that is there. */
export type ImportTarget =
  | { readonly set: Pick<StoredSet, 'id' | 'name' | 'kind' | 'createdAt'>; readonly isNew: true }
  | { readonly set: StoredSet; readonly isNew: false }

export class Preferences {
  private readonly context: CoreContext
  /** Sets into which files are imported, or whose responses are being sampled. */
  private readonly importing = new Set<string>()
  /** Settles when what was removed before this start is deleted for good, or a note says why it is not. Never rejects. */
  readonly cleared: Promise<void>

  /** Clears away what a crash left unfinished and what was removed before. */
  constructor(context: CoreContext) {
    this.context = context
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

  /** A set as stored, removed ones too. @throws LabError `not-found` */
  stored(id: string): StoredSet {
    const found = findSet(this.db, id)
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
    for (let from = 0; ; ) {
      const chunk = nextPrompts(this.db, id, from, CHUNK_PROMPTS)
      yield* chunk
      if (chunk.length < CHUNK_PROMPTS) return
      from = chunk.at(-1)!.number + 1
    }
  }

  /** A page of prompts. @throws LabError `not-found` */
  page(id: string, page: { offset: number; limit: number }): { total: number; rows: PreferencePrompt[] } {
    this.stored(id)
    const { total, numbers } = promptNumbers(this.db, id, page)
    return { total, rows: readPrompts(this.db, id, numbers).map(prompt => shownPrompt(id, prompt)) }
  }

  rejections(id: string, page: { offset: number; limit: number }): { total: number; rows: Rejection[] } {
    this.stored(id)
    return listSetRejections(this.db, id, page)
  }

  /** @throws LabError `not-found` */
  rename(id: string, name: string): void {
    this.stored(id)
    renameSet(this.db, id, name)
    this.changed(id)
  }

  /** Hides a set; `restore` brings it back until the next start. @throws LabError `not-found`; `conflict` while files are imported into it */
  remove(id: string): void {
    this.refuseWhileImporting(this.stored(id))
    setSetRemoved(this.db, id, new Date().toISOString())
    this.changed(id)
  }

  /** @throws LabError `not-found` */
  restore(id: string): void {
    this.stored(id)
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
        : { set: this.present(into), isNew: false }
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

  private require({ id, name }: StoredSet, numbers: readonly number[]): void {
    const missing = missingPrompt(this.db, id, numbers)
    if (missing !== undefined)
      throw new LabError({
        code: 'not-found',
        what: `there is no prompt ${missing + 1} in "${name}"`,
        fix: 'load the prompts again; nothing was changed',
      })
  }

  refuseWhileImporting({ id, name }: Pick<StoredSet, 'id' | 'name'>): void {
    if (this.importing.has(id))
      throw new LabError({
        code: 'conflict',
        what: `files are being imported into "${name}"`,
        fix: 'wait for the end of the import, or cancel it',
      })
  }

  /** Of a set: what is remembered of it is no longer true. */
  changed(_id: string): void {
    this.context.publish('changed', { what: 'preferences' })
  }
}

/** As screens see it. */
export const shownPrompt = (
  set: string,
  { key: _, isSampled: __, task: ___, ...prompt }: StoredPrompt,
): PreferencePrompt => ({ set, ...prompt })

export const newSet = (name: string, kind: PreferenceSet['kind']) => ({
  id: `prefs-${randomBytes(4).toString('hex')}`,
  name,
  kind,
  createdAt: new Date().toISOString(),
})
