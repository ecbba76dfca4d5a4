// corpus.json: what a row of the database knows of a corpus, so that its folder can be taken in again without it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { corpusSummary, rejection } from '../../../src-shared/contract/lab-contract.ts'
import { replaceFile } from '../workspace/durable.ts'

const schema = v.object({ format: v.literal(1), summary: corpusSummary, rejections: v.array(rejection) })
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
