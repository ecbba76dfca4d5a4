// An import as the database sees it: comparisons come in batches, are told from those that are there already, and are
// shown all at once when the last one is written. Nothing is left of one that fails or is cancelled.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type {
  PreferenceImport,
  PreferenceResponse,
} from '../../../../src-shared/contract/preferences-contract.ts'
import type { Rejection } from '../../../../src-shared/contract/shapes.ts'
import type { Db } from '../../database/open.ts'
import {
  addRankings,
  type JoiningRanking,
  JoiningRankings,
  labelersOf,
  responsesOf,
} from '../../database/queries/preference-import.ts'
import {
  appendPrompts,
  deletePromptsFrom,
  type NewPrompt,
  nextPrompts,
} from '../../database/queries/preference-prompts.ts'
import { deleteSet, endImport, insertSet, type StoredSet } from '../../database/queries/preference-sets.ts'
import type { NewRanking } from '../../database/queries/rankings.ts'
import { transaction } from '../../database/statement.ts'
import type { ImportTarget } from '../../datasets/row-sets.ts'
import type { JobControl } from '../../jobs/jobs.ts'
import { takeBatches } from '../../row-files/batches.ts'
import type { RowFile } from '../../row-files/file-source.ts'
import { MAX_REJECTIONS, type ReadFiles } from '../../row-files/files-in-turn.ts'
import { rowPreview } from '../../row-files/first-rows.ts'
import { nothingUsable } from '../../row-files/nothing-usable.ts'
import { nthOf, reordered, sameness } from './comparison.ts'
import { DigestMap } from './digest-map.ts'
import type { ImportedComparison } from './import-files.ts'
import { runTask } from './run-task.ts'

const PROMPTS_AT_ONCE = 1000
/** Rejections in the job's result; the set lists more. */
const REJECTIONS_IN_RESULT = 1000
const FIX = 'give rows with a prompt, a chosen and a rejected response, or rankings that were exported here'

/** A prompt of a batch that is not written yet. */
type PendingPrompt = NewPrompt & { readonly rankings: NewRanking[] }

/** Takes comparisons into a set; `end` shows them, `abandon` takes them away. */
export class PreferenceImporter {
  private readonly db: Db
  private readonly target: ImportTarget<StoredSet>
  private readonly first: number
  /** By digest: the number of a prompt with its responses, how often somebody ranked it, and that something was said. */
  private readonly known = new DigestMap()
  private readonly joining: JoiningRankings
  private next: number
  private accepted = 0
  private duplicates = 0
  /** Rows that rank nothing, of prompts that are there. */
  private readonly unranked: Rejection[] = []
  private unrankedRows = 0
  private isAbandoned = false

  private constructor(db: Db, target: ImportTarget<StoredSet>) {
    this.db = db
    this.target = target
    this.first = target.isNew ? 0 : target.set.nextNumber
    this.next = this.first
    this.joining = new JoiningRankings(db, target.set.id)
    if (target.isNew) insertSet(db, target.set)
  }

  /** Learns what is there already, and deletes what an import before it could not clear away. */
  static async begin(
    db: Db,
    target: ImportTarget<StoredSet>,
    { signal, progress }: JobControl,
  ): Promise<PreferenceImporter> {
    const importer = new PreferenceImporter(db, target)
    if (target.isNew) return importer
    await importer.deleteOwn()
    for (let from = 0; ; ) {
      const prompts = nextPrompts(db, target.set.id, from, PROMPTS_AT_ONCE)
      for (const { isSampled, number, key, responses, rankings } of prompts)
        if (isSampled) importer.learn(number, key, responses, rankings)
      if (prompts.length < PROMPTS_AT_ONCE) return importer
      from = prompts.at(-1)!.number + 1
      progress({ done: from, total: target.set.nextNumber, unit: 'prompts', note: 'reading what is there' })
      await nextTurn()
      signal.throwIfAborted()
    }
  }

  private learn(
    number: number,
    key: string,
    responses: readonly PreferenceResponse[],
    rankings: readonly NewRanking[],
  ): void {
    const { same, rankings: said } = sameness(key, responses, rankings)
    let n = 0
    while (this.known.get(nthOf(same, n)) !== undefined) n++
    this.known.set(nthOf(same, n), number)
    for (const { who, what } of said) {
      this.known.set(who, n + 1)
      this.known.set(what, 1)
    }
  }

  /** All of them or, when the disk refuses, none. @returns those that were new */
  take<T extends ImportedComparison>(rows: readonly T[], nameOf: (file: number) => string): T[] {
    // A worker that is being ended may still have sent some.
    if (this.isAbandoned) return []
    const pending: PendingPrompt[] = []
    const own: JoiningRanking[] = []
    const joining: JoiningRanking[] = []
    const start = this.next
    const unrankedBefore = this.unrankedRows
    const add = (row: T, nth: number, ranking: NewRanking | null): boolean => {
      const digest = nthOf(row.sameness.same, nth)
      const number = this.known.get(digest)
      if (number === undefined) {
        this.known.set(digest, this.next++)
        pending.push({
          ...row,
          isSampled: true,
          file: nameOf(row.file),
          rankings: ranking ? [ranking] : [],
        })
        return true
      }
      if (!ranking) return false
      const waiting = pending[number - start]
      const to = waiting?.responses ?? responsesOf(this.db, this.target.set.id, number)
      const joined = reordered(ranking, row.responses, to)
      if (waiting) waiting.rankings.push(joined)
      else (number < this.first ? joining : own).push({ number, ranking: joined })
      return true
    }
    const fresh = rows.filter(row => {
      if (row.rankings.length === 0) {
        const isNew = add(row, 0, null)
        if (!isNew) this.refuseUnranked(row, nameOf(row.file))
        return isNew
      }
      return row.rankings
        .map((ranking, i) => {
          const { who, what } = row.sameness.rankings[i]!
          if (this.known.get(what) !== undefined) return false
          this.known.set(what, 1)
          // Who says another thing of the same says it of a prompt beside it: both count, and contradict each other.
          const nth = this.known.get(who) ?? 0
          this.known.set(who, nth + 1)
          return add(row, nth, ranking)
        })
        .includes(true)
    })
    transaction(this.db, () => {
      appendPrompts(this.db, this.target.set.id, start, pending)
      addRankings(this.db, this.target.set.id, own)
      this.joining.add(joining)
    })
    this.accepted += fresh.length
    this.duplicates += rows.length - fresh.length - (this.unrankedRows - unrankedBefore)
    return fresh
  }

  /** It says nothing that is not there: neither a new prompt nor a ranking. */
  private refuseUnranked({ line, messages, responses }: ImportedComparison, file: string): void {
    this.unrankedRows++
    if (this.unranked.length < MAX_REJECTIONS)
      this.unranked.push({
        file,
        line,
        reason: 'without a ranking, and its prompt with these responses is there already: it adds nothing',
        preview: rowPreview({ prompt: messages, responses: responses.map(({ text }) => text) }),
      })
  }

  /** Shows what was taken. @throws LabError `bad-input` when there was nothing to take */
  end(
    read: Omit<ReadFiles, 'files'> & { files: { file: string; format: string; rows: number }[] },
  ): Omit<PreferenceImport, 'contradictions'> {
    const { accepted, duplicates } = this
    const { files, notes } = read
    const rejected = read.rejected + this.unrankedRows
    const rejections = this.withUnranked(read.rejections, files)
    if (accepted + duplicates === 0) throw nothingUsable('comparison', { files, rejected, rejections }, FIX)
    const { id } = this.target.set
    transaction(this.db, () => {
      endImport(this.db, id, { nextNumber: this.next, duplicates, rejected, rejections, files, notes })
      this.joining.join()
    })
    this.joining.forget()
    return {
      set: id,
      read: accepted + duplicates + rejected,
      accepted,
      rejected,
      duplicates,
      rejections: rejections.slice(0, REJECTIONS_IN_RESULT),
    }
  }

  /** In the order of the files, and in each of its lines; what is wrong with the rest of a file comes after them. */
  private withUnranked(rejections: readonly Rejection[], files: readonly { file: string }[]): Rejection[] {
    if (this.unranked.length === 0) return [...rejections]
    const place = new Map(files.map(({ file }, i) => [file, i]))
    const lineOf = ({ line }: Rejection) => line ?? Number.MAX_SAFE_INTEGER
    return [...rejections, ...this.unranked]
      .sort((a, b) => place.get(a.file)! - place.get(b.file)! || lineOf(a) - lineOf(b))
      .slice(0, MAX_REJECTIONS)
  }

  /** In steps, so that other work goes on meanwhile; a lab that closes leaves the rest to the next start. */
  async abandon(): Promise<void> {
    this.isAbandoned = true
    await this.deleteOwn()
    if (!this.db.open) return
    this.joining.forget()
    if (this.target.isNew) deleteSet(this.db, this.target.set.id)
  }

  /** Prompts that nobody sees: from the set's next number on. */
  private async deleteOwn(): Promise<void> {
    const { id } = this.target.set
    while (this.db.open && deletePromptsFrom(this.db, id, this.first, PROMPTS_AT_ONCE) > 0) await nextTurn()
  }
}

/** Reads files in a worker. @throws LabError `bad-input`, `cancelled`, `no-space`; nothing is left then */
export async function importInto(
  db: Db,
  target: ImportTarget<StoredSet>,
  files: readonly RowFile[],
  job: JobControl,
): Promise<Omit<PreferenceImport, 'contradictions'>> {
  const importer = await PreferenceImporter.begin(db, target, job)
  try {
    const rows = files.map(() => 0)
    const take = (given: readonly ImportedComparison[]) => {
      for (const { file } of importer.take(given, index => files[index]!.name)) rows[file]!++
    }
    const labelers = target.isNew ? [] : labelersOf(db, target.set.id)
    const read = await takeBatches(job, take, (taken, options) =>
      runTask<ReadFiles>({ task: 'import', files, labelers, taken }, options),
    )
    return importer.end({ ...read, files: read.files.map((file, i) => ({ ...file, rows: rows[i]! })) })
  } catch (error) {
    // What a full disk does not let go nobody sees: the next import into the set deletes it, or the next start.
    await importer.abandon().catch(() => {})
    throw error
  }
}
