// An import, from files to rows that go to the database in batches. Runs in demonstrations-worker.ts.
import type { ColumnMapping } from '../../../src-shared/contract/demonstrations-contract.ts'
import type { Rejection } from '../../../src-shared/contract/shapes.ts'
import { type DemonstrationFile, fileFault, fileSource } from './file-source.ts'
import { notReadable } from './preview.ts'
import { readFile } from './read-file.ts'
import { readerOf } from './readers.ts'

export interface MappedFile extends DemonstrationFile {
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
export interface ReadFiles {
  /** Rows given to `onRows`. */
  given: number
  rejected: number
  /** The first of them. */
  rejections: Rejection[]
  files: { file: string; format: string }[]
  notes: string[]
}

const MAX_REJECTIONS = 10_000
const MAX_NOTES = 200
/** Different ones: a list to choose from, not one of keywords. */
const MAX_TAGS = 1000
/** A batch is one transaction, and as much as waits in memory. */
const BATCH_ROWS = 2000
const BATCH_CHARACTERS = 2 << 20

/**
 * Reads files one after another. A row or file that cannot be used is listed as rejected.
 * @param onRows takes a batch, before the next one is read  @param onProgress hears bytes of the files read
 * @throws LabError `bad-input` when a mapping names a column that is not there
 */
export async function importFiles(
  files: readonly MappedFile[],
  onRows: (rows: ImportedRow[]) => void,
  onProgress: (bytes: number, file: string) => void,
): Promise<ReadFiles> {
  const result: ReadFiles = { given: 0, rejected: 0, rejections: [], files: [], notes: [] }
  let batch: ImportedRow[] = []
  let characters = 0
  const flush = () => {
    if (batch.length > 0) onRows(batch)
    batch = []
    characters = 0
  }
  const tags = new Set<string>()
  let tagsLeftOut = 0
  const isKept = (tag: string): boolean => {
    if (tags.size < MAX_TAGS) tags.add(tag)
    const isKnown = tags.has(tag)
    if (!isKnown) tagsLeftOut++
    return isKnown
  }
  let before = 0
  for (const [index, file] of files.entries()) {
    const listed = { file: file.name, format: '' }
    result.files.push(listed)
    const reject = (line: number | null, reason: string, preview: string) => {
      result.rejected++
      if (result.rejections.length < MAX_REJECTIONS)
        result.rejections.push({ file: file.name, line, reason, preview })
    }
    let read = 0
    const advance = (bytes: number) => {
      // Formats that estimate, and files that grow while they are read, must not run past the end.
      read = Math.min(file.bytes, read + bytes)
      onProgress(before + read, file.name)
    }
    const note = (sentence: string) => {
      if (result.notes.length < MAX_NOTES) result.notes.push(sentence)
    }
    try {
      const found = readerOf(file.name)
      if (!found) throw notReadable()
      const source = fileSource(file, found.compression, advance, note)
      const { format, mapping, rows } = await readFile(source, found.reader, file.mapping)
      listed.format = `${format?.title ?? found.reader.name}${found.compression ?? ''}`
      if (mapping && !file.mapping) note(`${file.name}: ${guessSentence(mapping)}`)
      for await (const row of rows) {
        if ('rejected' in row) {
          reject(row.line, row.rejected, row.preview)
          continue
        }
        const messages = JSON.stringify(row.messages)
        const { line, useCase } = row
        batch.push({ file: index, line, useCase, tags: row.tags.filter(isKept), messages })
        characters += messages.length
        result.given++
        if (batch.length >= BATCH_ROWS || characters >= BATCH_CHARACTERS) flush()
      }
    } catch (error) {
      reject(null, fileFault(error), '')
    }
    before += file.bytes
    onProgress(before, file.name)
  }
  flush()
  if (tagsLeftOut > 0)
    result.notes.push(
      `only the first ${MAX_TAGS.toLocaleString('en-US')} different tags were kept; others were left out ${tagsLeftOut.toLocaleString('en-US')} times`,
    )
  if (result.rejected > result.rejections.length)
    result.notes.push(`only the first ${MAX_REJECTIONS} of ${result.rejected} rejected rows are listed`)
  return result
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
