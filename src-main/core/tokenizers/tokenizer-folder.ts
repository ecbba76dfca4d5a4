// One of the person's own tokenizers on disk: tokenizers/<id>/ with Hugging Face's two files and training.json.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import * as v from 'valibot'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { tokenizerSummary } from '../../../src-shared/contract/lab-contract.ts'
import { count, id } from '../../../src-shared/contract/method.ts'
import { issuesText } from '../../../src-shared/contract/peer.ts'
import type { TokenizerFiles } from '../../../src-shared/tokenizer/tokenizer-json.ts'
import { syncFile, syncFolder } from '../workspace/durable.ts'
import { onDisk } from '../workspace/storage-error.ts'

const RECORD_FILE = 'training.json'
const STAGING = '.staging-'

/** training.json: what Hugging Face's two files cannot say. */
const trainingRecord = v.object({
  summary: tokenizerSummary,
  corpora: v.array(v.object({ id, name: v.string() })),
  bytes: count,
  tokens: count,
  /** Rare chunks left out of the counts because the text has too many different ones. */
  droppedChunks: count,
  /** How often each id comes in the training text. */
  uses: v.array(count),
})
export type TrainingRecord = v.InferOutput<typeof trainingRecord>

export const isStaging = (path: string): boolean => basename(path).startsWith(STAGING)

export const isTokenizerFolder = (path: string): boolean =>
  /^tok-[0-9a-f]{6}$/.test(basename(path)) && existsSync(join(path, RECORD_FILE))

/** Writes a whole folder or none. @throws LabError `no-space` … */
export function writeFolder(folder: string, files: TokenizerFiles, record: TrainingRecord): void {
  const staging = join(dirname(folder), STAGING + basename(folder))
  onDisk(folder, () => {
    try {
      mkdirSync(staging)
      const content = { ...files, [RECORD_FILE]: `${JSON.stringify(record)}\n` }
      for (const [file, text] of Object.entries(content)) {
        writeFileSync(join(staging, file), text)
        syncFile(join(staging, file))
      }
      syncFolder(staging)
      renameSync(staging, folder)
      syncFolder(dirname(folder))
    } catch (error) {
      rmSync(staging, { recursive: true, force: true })
      throw error
    }
  })
}

/**
 * The files of Hugging Face, unchanged since they were written.
 * @param hash of tokenizer.json   @throws LabError `damaged`
 */
export function readFiles(folder: string, hash: string): TokenizerFiles {
  const files = {
    'tokenizer.json': read(folder, 'tokenizer.json'),
    'tokenizer_config.json': read(folder, 'tokenizer_config.json'),
  }
  const got = hashOf(files)
  // A changed file that still reads would give other ids to the same text, silently.
  if (got !== hash)
    throw damaged('the tokenizer is not the one that was trained', join(folder, 'tokenizer.json'), {
      expected: `SHA-256 ${hash}`,
      got,
    })
  return files
}

/** @throws LabError `damaged` */
export function readRecord(folder: string): TrainingRecord {
  const path = join(folder, RECORD_FILE)
  let value: unknown
  try {
    value = JSON.parse(read(folder, RECORD_FILE))
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged(`the file is not JSON: ${error.message}`, path)
    throw error
  }
  const result = v.safeParse(trainingRecord, value)
  if (!result.success) throw damaged(issuesText(result.issues), path)
  return result.output
}

/** SHA-256 of tokenizer.json: what decides which ids a text gets. */
export const hashOf = (files: TokenizerFiles): string =>
  createHash('sha256').update(files['tokenizer.json']).digest('hex')

function read(folder: string, file: keyof TokenizerFiles | typeof RECORD_FILE): string {
  const path = join(folder, file)
  if (!existsSync(path)) throw damaged('a file of the tokenizer is missing', path)
  return onDisk(path, () => readFileSync(path, 'utf8'))
}

const damaged = (what: string, where: string, facts: { expected?: string; got?: string } = {}) =>
  new LabError({
    code: 'damaged',
    what,
    where,
    ...facts,
    fix: 'put the file back from a copy, or train the tokenizer again',
  })
