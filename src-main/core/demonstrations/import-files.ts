// An import, from files to rows that go to the database in batches. Runs in demonstrations-worker.ts.
import type { ColumnMapping } from '../../../src-shared/contract/demonstrations-contract.ts'
import { RowBatches } from '../row-files/batches.ts'
import type { RowFile } from '../row-files/file-source.ts'
import { type ReadFiles, readInTurn } from '../row-files/files-in-turn.ts'
import { type FoundDemonstration, readFile } from './read-file.ts'

export interface MappedFile extends RowFile {
  readonly mapping?: ColumnMapping | undefined
}

/** A row for the database. */
export interface ImportedRow {
  /** Index of its file. */
  readonly file: number
  readonly line: number
  readonly useCase: string | null
  readonly tags: readonly string[]
  /** JSON: [{role, content, weight?}] */
  readonly messages: string
}

/** What an import found besides its rows. */
export interface ReadDemonstrations extends ReadFiles {
  /** Rows given to `onRows`. */
  given: number
}

/** Different ones: a list to choose from, not one of keywords. */
const MAX_TAGS = 1000

/**
 * Reads files one after another. A row or file that cannot be used is listed as rejected.
 * @param onRows takes a batch, before the next one is read  @param onProgress hears bytes of the files read
 * @throws LabError `bad-input` when a mapping names a column that is not there
 */
export async function importFiles(
  files: readonly MappedFile[],
  onRows: (rows: ImportedRow[]) => void,
  onProgress: (bytes: number, file: string) => void,
): Promise<ReadDemonstrations> {
  const batches = new RowBatches(onRows)
  const tags = new Set<string>()
  let tagsLeftOut = 0
  let given = 0
  const isKept = (tag: string): boolean => {
    if (tags.size < MAX_TAGS) tags.add(tag)
    const isKnown = tags.has(tag)
    if (!isKnown) tagsLeftOut++
    return isKnown
  }
  const read = await readInTurn<MappedFile, FoundDemonstration>(
    files,
    async (source, reader, file) => {
      const { format, mapping, rows } = await readFile(source, reader, file.mapping)
      if (mapping && !file.mapping) source.note(`${file.name}: ${guessSentence(mapping)}`)
      return { title: format?.title ?? null, rows }
    },
    (row, file) => {
      const messages = JSON.stringify(row.messages)
      const { line, useCase } = row
      batches.add({ file, line, useCase, tags: row.tags.filter(isKept), messages }, messages.length)
      given++
    },
    onProgress,
  )
  batches.flush()
  if (tagsLeftOut > 0)
    read.notes.push(
      `only the first ${MAX_TAGS.toLocaleString('en-US')} different tags were kept; others were left out ${tagsLeftOut.toLocaleString('en-US')} times`,
    )
  return { ...read, given }
}

const partNames: Readonly<Record<keyof ColumnMapping, string>> = {
  prompt: 'prompt',
  response: 'response',
  system: 'system message',
  context: 'context',
  useCase: 'use case',
}

/** `the prompt is "question", the response is "answer": guessed from the names of the columns` */
function guessSentence(mapping: ColumnMapping): string {
  const parts = Object.entries(partNames).flatMap(([part, name]) => {
    const column = mapping[part as keyof ColumnMapping]
    return column === null ? [] : [`the ${name} is "${column}"`]
  })
  return `${parts.join(', ')}: guessed from the names of the columns`
}
