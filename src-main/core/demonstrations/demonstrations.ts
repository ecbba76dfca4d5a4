// The sets of demonstrations of a workspace: made by hand, imported or written by the starter world, kept in the database.
import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type {
  ChatMessage,
  DemonstrationImport,
  DemonstrationRow,
  DemonstrationSet,
} from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Rejection } from '../../../src-shared/contract/shapes.ts'
import type { CoreContext } from '../context.ts'
import {
  changeRows,
  missingNumber,
  type RowChange,
  setRowsRemoved,
} from '../database/queries/demonstration-changes.ts'
import {
  addRow,
  countRows,
  nextRows,
  type RowFilter,
  readRows,
  rowNumbers,
} from '../database/queries/demonstration-rows.ts'
import {
  deleteRemoved,
  findSet,
  hideRemoved,
  insertSet,
  listSetRejections,
  listSets,
  renameSet,
  type StoredSet,
  setSetRemoved,
} from '../database/queries/demonstrations.ts'
import { requireConversation } from './conversation.ts'
import type { ImportTarget } from './demonstration-import.ts'
import { RowSearch } from './row-search.ts'

/** Rows that `rows` reads at once. */
const CHUNK_ROWS = 1000
const DELETED_AT_ONCE = 2000

type RowCounts = ReturnType<typeof countRows>

export class Demonstrations {
  private readonly context: CoreContext
  private readonly search: RowSearch
  /** Of sets that were looked at, until they change. */
  private readonly counts = new Map<string, RowCounts>()
  private readonly importing = new Set<string>()
  /** Settles when what was removed before this start is deleted for good, or a note says why it is not. Never rejects. */
  readonly cleared: Promise<void>

  /** Clears away what a crash left unfinished and what was removed before. */
  constructor(context: CoreContext) {
    this.context = context
    this.search = new RowSearch(this.db)
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
      this.context.workspace.notes.push(`Removed demonstrations could not be deleted yet: ${message}`)
    }
  }

  /** Newest first, removed ones included. */
  list(): DemonstrationSet[] {
    return listSets(this.db).map(set => this.summary(set))
  }

  /** Removed ones too. @throws LabError `not-found` */
  show(id: string): DemonstrationSet {
    return this.summary(this.stored(id))
  }

  private summary({ nextNumber: _, ...set }: StoredSet): DemonstrationSet {
    let counts = this.counts.get(set.id)
    if (!counts) {
      counts = countRows(this.db, set.id)
      this.counts.set(set.id, counts)
    }
    return { ...set, ...counts }
  }

  private stored(id: string): StoredSet {
    const found = findSet(this.db, id)
    if (found) return found
    throw new LabError({
      code: 'not-found',
      what: `there is no set of demonstrations ${id}`,
      fix: 'list the sets to see their ids',
    })
  }

  /**
   * The rows that are there, in the order of their numbers: for training, and for whoever else reads all of them. Read
   * in chunks, so that a set of any size fits.
   * @throws LabError `not-found`
   */
  *rows(id: string): Generator<Pick<DemonstrationRow, 'number' | 'messages' | 'useCase' | 'tags'>> {
    this.stored(id)
    for (let from = 0; ; ) {
      const chunk = nextRows(this.db, id, from, CHUNK_ROWS)
      for (const { messages, ...row } of chunk)
        yield { ...row, messages: JSON.parse(messages) as ChatMessage[] }
      if (chunk.length < CHUNK_ROWS) return
      from = chunk.at(-1)!.number + 1
    }
  }

  /** A page of rows. @throws LabError `not-found`; `cancelled` when a newer search takes the place of this one */
  async page(
    id: string,
    {
      search,
      offset,
      limit,
      ...filter
    }: RowFilter & { search?: string | undefined; offset: number; limit: number },
  ): Promise<{ total: number; rows: DemonstrationRow[] }> {
    const { nextNumber } = this.stored(id)
    if (!search) {
      const { total, numbers } = rowNumbers(this.db, id, filter, { offset, limit })
      return { total, rows: readRows(this.db, id, numbers) }
    }
    const numbers = await this.search.find(id, nextNumber, filter, search)
    return { total: numbers.length, rows: readRows(this.db, id, numbers.slice(offset, offset + limit)) }
  }

  rejections(id: string, page: { offset: number; limit: number }): { total: number; rows: Rejection[] } {
    this.stored(id)
    return listSetRejections(this.db, id, page)
  }

  /** An empty set, to write in. @returns its id */
  create(name: string): string {
    const set = newSet(name, 'written')
    insertSet(this.db, set, true)
    this.changed(set.id)
    return set.id
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

  /**
   * Adds a row written by hand. @returns its number
   * @throws LabError `not-found`; `bad-input` for a conversation that cannot be learnt from; `conflict` while files are
   *   imported into the set
   */
  add(
    id: string,
    row: {
      messages: readonly ChatMessage[]
      useCase?: string | null | undefined
      tags?: readonly string[] | undefined
    },
  ): number {
    this.refuseWhileImporting(this.present(id))
    const messages = JSON.stringify(requireConversation(row.messages))
    const { useCase = null, tags = [] } = row
    const number = addRow(this.db, id, { messages, useCase, tags, file: null, line: null })
    this.changed(id)
    return number
  }

  /** Changes one row; what is left out stays. @throws LabError as `add`, and `not-found` for the row */
  edit(
    id: string,
    number: number,
    {
      messages,
      ...change
    }: { messages?: readonly ChatMessage[] | undefined } & Pick<RowChange, 'useCase' | 'tags'>,
  ): void {
    const json = messages && JSON.stringify(requireConversation(messages))
    this.change(id, [number], {
      ...change,
      ...(json !== undefined && { messages: { json, editedAt: new Date().toISOString() } }),
    })
  }

  /** Changes many rows, all of them or none. @throws LabError `not-found`; `bad-input` for more than 20 tags on a row */
  change(id: string, numbers: readonly number[], change: RowChange): void {
    this.require(this.present(id), numbers)
    changeRows(this.db, id, numbers, change)
    this.changed(id)
  }

  /** Hides rows; `restoreRows` brings them back until the next start. @throws LabError `not-found` */
  removeRows(id: string, numbers: readonly number[]): void {
    this.setRowsRemoved(id, numbers, new Date().toISOString())
  }

  /** @throws LabError `not-found` */
  restoreRows(id: string, numbers: readonly number[]): void {
    this.setRowsRemoved(id, numbers, null)
  }

  private setRowsRemoved(id: string, numbers: readonly number[], removedAt: string | null): void {
    this.require(this.present(id), numbers)
    setRowsRemoved(this.db, id, numbers, removedAt)
    this.changed(id)
  }

  /**
   * Lets `act` import into a new set, or into one that is there; no other import and no new row comes between.
   * @throws LabError `not-found`, `conflict`, and whatever `act` throws
   */
  async whileImporting(
    { into, name, kind }: { into?: string | undefined; name: string; kind: DemonstrationSet['kind'] },
    act: (target: ImportTarget) => Promise<DemonstrationImport>,
  ): Promise<DemonstrationImport> {
    const target: ImportTarget =
      into === undefined
        ? { set: newSet(name, kind), isNew: true }
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

  /** A set that is not removed. */
  private present(id: string): StoredSet {
    const set = this.stored(id)
    if (set.removedAt === null) return set
    throw new LabError({
      code: 'not-found',
      what: `the set "${set.name}" is removed`,
      fix: 'restore it first',
    })
  }

  private require({ id, name }: StoredSet, numbers: readonly number[]): void {
    const missing = missingNumber(this.db, id, numbers)
    if (missing !== undefined)
      throw new LabError({
        code: 'not-found',
        what: `there is no row ${missing + 1} in "${name}"`,
        fix: 'load the rows again; nothing was changed',
      })
  }

  private refuseWhileImporting({ id, name }: StoredSet): void {
    if (this.importing.has(id))
      throw new LabError({
        code: 'conflict',
        what: `files are being imported into "${name}"`,
        fix: 'wait for the end of the import, or cancel it',
      })
  }

  private changed(id: string): void {
    this.counts.delete(id)
    this.search.forget(id)
    this.context.publish('changed', { what: 'demonstrations' })
  }
}

const newSet = (name: string, kind: DemonstrationSet['kind']) => ({
  id: `demos-${randomBytes(4).toString('hex')}`,
  name,
  kind,
  createdAt: new Date().toISOString(),
})
