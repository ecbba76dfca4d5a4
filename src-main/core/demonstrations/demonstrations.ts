// The sets of demonstrations of a workspace: made by hand, imported or written by the starter world, kept in the database.
import type {
  ChatMessage,
  DemonstrationRow,
  DemonstrationSet,
} from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
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
import { demonstrationSetQueries, insertSet, type StoredSet } from '../database/queries/demonstrations.ts'
import { LatestSearch } from '../datasets/latest-search.ts'
import { newSet, RowSets } from '../datasets/row-sets.ts'
import { requireConversation } from './conversation.ts'
import { rowsHolding } from './row-search.ts'

/** Rows that `rows` reads at once. */
const CHUNK_ROWS = 1000

const OF = { noun: 'demonstrations', prefix: 'demos' }

type RowCounts = ReturnType<typeof countRows>

export class Demonstrations extends RowSets<StoredSet> {
  private readonly search = new LatestSearch()
  /** Of sets that were looked at, until they change. */
  private readonly counts = new Map<string, RowCounts>()

  /** Clears away what a crash left unfinished and what was removed before. */
  constructor(context: CoreContext) {
    super(context, demonstrationSetQueries, OF)
  }

  /** Newest first, removed ones included. */
  list(): DemonstrationSet[] {
    return demonstrationSetQueries.listSets(this.db).map(set => this.summary(set))
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
    const numbers = await this.search.find(
      id,
      { ...filter, search },
      nextNumber,
      rowsHolding(this.db, id, filter, search),
    )
    return { total: numbers.length, rows: readRows(this.db, id, numbers.slice(offset, offset + limit)) }
  }

  /** An empty set, to write in. @returns its id */
  create(name: string): string {
    const set = newSet(OF.prefix, name, 'written')
    insertSet(this.db, set, true)
    this.changed(set.id)
    return set.id
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

  private require({ id, name }: StoredSet, numbers: readonly number[]): void {
    const missing = missingNumber(this.db, id, numbers)
    if (missing !== undefined)
      throw new LabError({
        code: 'not-found',
        what: `there is no row ${missing + 1} in "${name}"`,
        fix: 'load the rows again; nothing was changed',
      })
  }

  override changed(id: string): void {
    this.counts.delete(id)
    this.search.forget(id)
    this.context.publish('changed', { what: 'demonstrations' })
  }
}
