// An import as the database sees it: rows come in batches, are told from those that are there already, and are shown all
// at once when the last one is written. Nothing is left of one that fails or is cancelled.
import { hash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DemonstrationImport } from '../../../src-shared/contract/demonstrations-contract.ts'
import { HashSet } from '../corpora/hash-set.ts'
import type { Db } from '../database/open.ts'
import {
  appendRows,
  deleteRowsFrom,
  type NewDemonstration,
  nextRows,
} from '../database/queries/demonstration-rows.ts'
import { deleteSet, endImport, insertSet, type StoredSet } from '../database/queries/demonstrations.ts'
import type { ImportTarget } from '../datasets/row-sets.ts'
import type { JobControl } from '../jobs/jobs.ts'
import { takeBatches } from '../row-files/batches.ts'
import type { ReadFiles } from '../row-files/files-in-turn.ts'
import { nothingUsable } from '../row-files/nothing-usable.ts'
import type { ImportedRow, MappedFile, ReadDemonstrations } from './import-files.ts'
import { runTask } from './run-task.ts'

/** How long rows may hold the event loop. */
const TURN_MS = 20
const DELETED_AT_ONCE = 2000
/** Rejections in the job's result; the set lists more. */
const REJECTIONS_IN_RESULT = 1000
const FIX = 'give rows with a prompt and a response, or say which columns hold them'

/** Takes rows into a set; `end` shows them, `abandon` takes them away. */
export class DemonstrationImporter {
  private readonly db: Db
  private readonly target: ImportTarget<StoredSet>
  private readonly first: number
  private readonly known = new HashSet()
  private next: number
  private duplicates = 0
  private isAbandoned = false

  private constructor(db: Db, target: ImportTarget<StoredSet>) {
    this.db = db
    this.target = target
    this.first = target.isNew ? 0 : target.set.nextNumber
    this.next = this.first
    if (target.isNew) insertSet(db, target.set, false)
  }

  /** Learns which rows are there already, and deletes what an import before it could not clear away. */
  static async begin(
    db: Db,
    target: ImportTarget<StoredSet>,
    signal: AbortSignal,
  ): Promise<DemonstrationImporter> {
    const importer = new DemonstrationImporter(db, target)
    if (target.isNew) return importer
    await importer.deleteOwn()
    for (let from = 0; ; ) {
      const rows = nextRows(db, target.set.id, from, DELETED_AT_ONCE)
      for (const { messages } of rows) importer.known.add(digest(messages))
      if (rows.length === 0) return importer
      from = rows.at(-1)!.number + 1
      await nextTurn()
      signal.throwIfAborted()
    }
  }

  /** @returns which of the rows were new */
  take<T extends NewDemonstration>(rows: readonly T[]): T[] {
    // A worker that is being ended may still have sent some.
    if (this.isAbandoned) return []
    const fresh = rows.filter(({ messages }) => this.known.add(digest(messages)))
    appendRows(this.db, this.target.set.id, this.next, fresh)
    this.next += fresh.length
    this.duplicates += rows.length - fresh.length
    return fresh
  }

  /** Shows what was taken. @throws LabError `bad-input` when there was nothing to take */
  end({
    rejected,
    rejections,
    files,
    notes,
  }: Omit<ReadFiles, 'files'> & {
    files: { file: string; format: string; rows: number }[]
  }): DemonstrationImport {
    const accepted = this.next - this.first
    const { duplicates } = this
    if (accepted + duplicates === 0)
      throw nothingUsable('demonstration', { files, rejected, rejections }, FIX)
    endImport(this.db, this.target.set.id, {
      nextNumber: this.next,
      duplicates,
      rejected,
      rejections,
      files,
      notes,
    })
    return {
      set: this.target.set.id,
      read: accepted + duplicates + rejected,
      accepted,
      rejected,
      duplicates,
      rejections: rejections.slice(0, REJECTIONS_IN_RESULT),
    }
  }

  /** In steps, so that other work goes on meanwhile; a lab that closes leaves the rest to the next start. */
  async abandon(): Promise<void> {
    this.isAbandoned = true
    await this.deleteOwn()
    if (this.target.isNew && this.db.open) deleteSet(this.db, this.target.set.id)
  }

  /** Rows that nobody sees: from the set's next number on. */
  private async deleteOwn(): Promise<void> {
    const { id } = this.target.set
    while (this.db.open && deleteRowsFrom(this.db, id, this.first, DELETED_AT_ONCE) > 0) await nextTurn()
  }
}

const digest = (messages: string): Buffer => hash('sha256', messages, 'buffer')

/** Reads files in a worker. @throws LabError `bad-input`, `cancelled`, `no-space`; nothing is left then */
export async function importInto(
  db: Db,
  target: ImportTarget<StoredSet>,
  files: readonly MappedFile[],
  job: JobControl,
): Promise<DemonstrationImport> {
  return await importing(db, target, job.signal, async importer => {
    const rows = files.map(() => 0)
    const take = (given: readonly ImportedRow[]) => {
      const batch = given.map(({ file, ...row }) => ({ ...row, file: files[file]!.name, index: file }))
      for (const { index } of importer.take(batch)) rows[index]!++
    }
    const read = await takeBatches(job, take, (taken, options) =>
      runTask<ReadDemonstrations>({ task: 'import', files, taken }, options),
    )
    return importer.end({ ...read, files: read.files.map((file, i) => ({ ...file, rows: rows[i]! })) })
  })
}

/** Takes demonstrations that this program writes, with the event loop let in between. @throws as importInto */
export async function importGenerated(
  db: Db,
  target: ImportTarget<StoredSet>,
  source: { name: string; rows: Iterable<NewDemonstration>; total: number },
  job: JobControl,
): Promise<DemonstrationImport> {
  return await importing(db, target, job.signal, async importer => {
    let batch: NewDemonstration[] = []
    let accepted = 0
    let done = 0
    let turn = performance.now()
    const rest = async () => {
      accepted += importer.take(batch).length
      batch = []
      job.progress({ done, total: source.total, unit: 'demonstrations' })
      await nextTurn()
      job.signal.throwIfAborted()
      turn = performance.now()
    }
    for (const row of source.rows) {
      batch.push(row)
      done++
      if (performance.now() - turn > TURN_MS) await rest()
    }
    await rest()
    const files = [{ file: source.name, format: 'generated', rows: accepted }]
    return importer.end({ rejected: 0, rejections: [], files, notes: [] })
  })
}

async function importing(
  db: Db,
  target: ImportTarget<StoredSet>,
  signal: AbortSignal,
  act: (importer: DemonstrationImporter) => Promise<DemonstrationImport>,
): Promise<DemonstrationImport> {
  const importer = await DemonstrationImporter.begin(db, target, signal)
  try {
    return await act(importer)
  } catch (error) {
    // What a full disk does not let go nobody sees: the next import into the set deletes it, or the next start.
    await importer.abandon().catch(() => {})
    throw error
  }
}
