// An import, from files to comparisons that go to the database in batches. Runs in preferences-worker.ts.
import { RowBatches } from '../../row-files/batches.ts'
import type { RowFile } from '../../row-files/file-source.ts'
import { type ReadFiles, readInTurn } from '../../row-files/files-in-turn.ts'
import { promptKey } from '../prompt-key.ts'
import { type Sameness, sameness } from './comparison.ts'
import { type KnownLabeler, KnownLabelers } from './known-labelers.ts'
import { type FoundComparison, readFile } from './read-file.ts'

/** A comparison for the database. */
export interface ImportedComparison extends FoundComparison {
  /** Index of its file. */
  readonly file: number
  /** `promptKey` of the messages. */
  readonly key: string
  readonly sameness: Sameness
}

/** Each takes the database several rows, and what else waits has its turn between batches. */
const BATCH_COMPARISONS = 500
/** What a ranking takes in memory, its texts aside. */
const RANKING_CHARACTERS = 300

/**
 * Reads files one after another. A row or file that cannot be used is listed as rejected.
 * @param labelers of the set as it is  @param onRows takes a batch, before the next one is read
 * @param onProgress hears bytes of the files read
 */
export async function importFiles(
  files: readonly RowFile[],
  labelers: readonly KnownLabeler[],
  onRows: (rows: ImportedComparison[]) => void,
  onProgress: (bytes: number, file: string) => void,
): Promise<ReadFiles> {
  const batches = new RowBatches(onRows, BATCH_COMPARISONS)
  const known = new KnownLabelers(labelers)
  const read = await readInTurn<RowFile, FoundComparison>(
    files,
    (source, reader) => readFile(source, reader, known.fault),
    (row, file) => {
      const { messages, responses, rankings } = row
      const key = promptKey(messages)
      batches.add(
        { ...row, file, key, sameness: sameness(key, responses, rankings) },
        messages.reduce((sum, { content }) => sum + content.length, 0) +
          responses.reduce((sum, { text }) => sum + text.length, 0) +
          rankings.length * RANKING_CHARACTERS,
      )
    },
    onProgress,
  )
  batches.flush()
  return read
}
