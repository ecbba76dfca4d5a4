// corpus.json: what a row of the database knows of a corpus, so that its folder can be taken in again without it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { corpusSummary } from '../../../src-shared/contract/lab-contract.ts'
import { rejection } from '../../../src-shared/contract/shapes.ts'
import { replaceFile } from '../workspace/durable.ts'
import type { TextHashes } from './text-hash.ts'

const schema = v.object({
  format: v.literal(1),
  summary: corpusSummary,
  rejections: v.array(rejection),
  /** See text-hash.ts; corpora of the first version have none. */
  textHashes: v.optional(v.object({ train: v.string(), validation: v.string() })),
})
export type CorpusRecord = v.InferOutput<typeof schema>

const recordPath = (folder: string): string => join(folder, 'corpus.json')

export function writeRecord(folder: string, record: CorpusRecord): void {
  replaceFile(recordPath(folder), `${JSON.stringify(record)}\n`)
}

/** Null for a folder without one. @throws Error when it does not read back */
export function readRecord(folder: string): CorpusRecord | null {
  const path = recordPath(folder)
  return existsSync(path) ? v.parse(schema, JSON.parse(readFileSync(path, 'utf8'))) : null
}

/**
 * The hashes of the texts of a corpus whose row has this hash; null for one of the first version.
 * @throws LabError `damaged` when corpus.json is not that of this corpus any more
 */
export function importedTexts(folder: string, corpusHash: string): TextHashes | null {
  const damaged = (got: string) =>
    new LabError({
      code: 'damaged',
      what: 'the description of this corpus was changed since it was imported',
      where: recordPath(folder),
      got,
      fix: 'put the file back from a backup, or import the texts again as a new corpus',
    })
  let record: CorpusRecord | null
  try {
    record = readRecord(folder)
  } catch (error) {
    throw damaged((error as Error).message)
  }
  if (record?.summary.hash !== corpusHash)
    throw damaged(record ? `the corpus hash ${record.summary.hash.slice(0, 12)}` : 'no such file')
  return record.textHashes ?? null
}
