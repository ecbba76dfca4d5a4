// Sets of rows of a workspace, whatever a row is: each removed and brought back, and files imported into one at a time.
import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Rejection } from '../../../src-shared/contract/shapes.ts'
import type { CoreContext } from '../context.ts'
import type { RowSetQueries, StoredRowSet } from '../database/queries/row-sets.ts'

const DELETED_AT_ONCE = 2000

/** Where an import writes: a set that nobody sees yet (`insertSet` is the import's), or one that is there. */
export type ImportTarget<Stored extends StoredRowSet<string>> =
  | { readonly set: Pick<Stored, 'id' | 'name' | 'kind' | 'createdAt'>; readonly isNew: true }
  | { readonly set: Stored; readonly isNew: false }

/** What is said of a set that is new. @param prefix of its id */
export const newSet = <Kind extends string>(prefix: string, name: string, kind: Kind) => ({
  id: `${prefix}-${randomBytes(4).toString('hex')}`,
  name,
  kind,
  createdAt: new Date().toISOString(),
})

export abstract class RowSets<Stored extends StoredRowSet<string>> {
  protected readonly context: CoreContext
  private readonly queries: RowSetQueries<Stored>
  private readonly of: { readonly noun: string; readonly prefix: string }
  /** Sets into which files are imported. */
  private readonly importing = new Set<string>()
  /** Settles when what was removed before this start is deleted for good, or a note says why it is not. Never rejects. */
  readonly cleared: Promise<void>

  /**
   * Clears away what a crash left unfinished and what was removed before.
   * @param of what the sets hold, in the plural, and what their ids begin with
   */
  constructor(
    context: CoreContext,
    queries: RowSetQueries<Stored>,
    of: { readonly noun: string; readonly prefix: string },
  ) {
    this.context = context
    this.queries = queries
    this.of = of
    this.cleared = this.clearAway(new Date().toISOString())
  }

  /** Of a set: what is remembered of it is no longer true. Tells everybody. */
  abstract changed(id: string): void

  protected get db() {
    return this.context.workspace.db
  }

  private async clearAway(until: string): Promise<void> {
    try {
      this.queries.hideRemoved(this.db, until)
      while (this.db.open && this.queries.deleteRemoved(this.db, until, DELETED_AT_ONCE)) await nextTurn()
    } catch (error) {
      // A full disk must keep nobody out; the next start tries again.
      const { message } = error as Error
      this.context.workspace.notes.push(`Removed ${this.of.noun} could not be deleted yet: ${message}`)
    }
  }

  /** A set as stored, removed ones too. @throws LabError `not-found` */
  stored(id: string): Stored {
    const found = this.queries.findSet(this.db, id)
    if (found) return found
    throw new LabError({
      code: 'not-found',
      what: `there is no set of ${this.of.noun} ${id}`,
      fix: 'list the sets to see their ids',
    })
  }

  /** A set that can be changed here. @throws LabError `not-found` */
  own(id: string): Stored {
    return this.stored(id)
  }

  /** A set that is not removed. @throws LabError `not-found` */
  present(id: string): Stored {
    const set = this.stored(id)
    if (set.removedAt === null) return set
    throw new LabError({
      code: 'not-found',
      what: `the set "${set.name}" is removed`,
      fix: 'restore it first',
    })
  }

  rejections(id: string, page: { offset: number; limit: number }): { total: number; rows: Rejection[] } {
    this.stored(id)
    return this.queries.listSetRejections(this.db, id, page)
  }

  /** @throws LabError `not-found` */
  rename(id: string, name: string): void {
    this.own(id)
    this.queries.renameSet(this.db, id, name)
    this.changed(id)
  }

  /** Hides a set; `restore` brings it back until the next start. @throws LabError `not-found`; `conflict` while files are imported into it */
  remove(id: string): void {
    this.refuseWhileImporting(this.own(id))
    this.queries.setSetRemoved(this.db, id, new Date().toISOString())
    this.changed(id)
  }

  /** @throws LabError `not-found` */
  restore(id: string): void {
    this.own(id)
    this.queries.setSetRemoved(this.db, id, null)
    this.changed(id)
  }

  /**
   * Lets `act` import into a new set, or into one that is there; no other import and no new row comes between.
   * @throws LabError `not-found`, `conflict`, and whatever `act` throws
   */
  async whileImporting<T>(
    { into, name, kind }: { into?: string | undefined; name: string; kind: Stored['kind'] },
    act: (target: ImportTarget<Stored>) => Promise<T>,
  ): Promise<T> {
    const target: ImportTarget<Stored> =
      into === undefined
        ? { set: newSet(this.of.prefix, name, kind), isNew: true }
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

  /** @throws LabError `conflict` */
  protected refuseWhileImporting({ id, name }: Pick<Stored, 'id' | 'name'>): void {
    if (this.importing.has(id))
      throw new LabError({
        code: 'conflict',
        what: `files are being imported into "${name}"`,
        fix: 'wait for the end of the import, or cancel it',
      })
  }
}
