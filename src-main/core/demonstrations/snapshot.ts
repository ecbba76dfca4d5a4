// The rows of a run as they were when it started: datasets/<SHA-256>.jsonl. People go on editing; a run that is resumed
// must read what it read before. One JSON object a line; other tools read its `messages`, as TRL.
import { createHash } from 'node:crypto'
import { closeSync, createReadStream, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { chatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { count, id } from '../../../src-shared/contract/method.ts'
import { takeTurns } from '../jobs/turns.ts'
import { syncFolder, writeFully } from '../workspace/durable.ts'
import { storageError } from '../workspace/storage-error.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { plainMessage } from './conversation.ts'

const snapshotRow = v.object({ set: id, number: count, messages: v.array(chatMessage) })
export type SnapshotRow = v.InferOutput<typeof snapshotRow>

/** Lines written at once. */
const LINES = 200
const LINE_END = 10

const snapshotPath = (workspace: Workspace, hash: string): string =>
  join(workspace.folder('datasets'), `${hash}.jsonl`)

/**
 * Writes the rows, durably and whole or not at all; a file that is there already is the same one. One at a time: what a
 * crash left half written is written over.
 * @returns SHA-256 of the file   @throws LabError `no-space` …
 */
export async function writeSnapshot(workspace: Workspace, rows: Iterable<SnapshotRow>): Promise<string> {
  const staging = join(workspace.folder('datasets'), '.staging.jsonl')
  const hash = createHash('sha256')
  const othersTurn = takeTurns()
  try {
    const fd = openSync(staging, 'w')
    try {
      let lines: string[] = []
      const flush = () => {
        const bytes = Buffer.from(lines.join(''))
        lines = []
        hash.update(bytes)
        writeFully(fd, bytes)
      }
      for (const row of rows) {
        if (lines.push(lineOf(row)) === LINES) flush()
        await othersTurn()
      }
      flush()
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    const name = hash.digest('hex')
    renameSync(staging, snapshotPath(workspace, name))
    syncFolder(workspace.folder('datasets'))
    return name
  } catch (error) {
    rmSync(staging, { force: true })
    throw storageError(error, staging)
  }
}

/**
 * The rows one by one, after the whole file was verified.
 * @throws LabError `damaged` when the file is missing or not the one that was written, before the first row
 */
export async function* readSnapshot(workspace: Workspace, hash: string): AsyncGenerator<SnapshotRow> {
  const path = snapshotPath(workspace, hash)
  const damaged = (what: string, got?: string) =>
    new LabError({
      code: 'damaged',
      what,
      where: path,
      expected: `SHA-256 ${hash}`,
      ...(got ? { got } : {}),
      fix: 'put the file back from a copy, or start a new run on the demonstrations as they are now',
    })
  if (!existsSync(path)) throw damaged('the demonstrations of this run are missing')
  const got = createHash('sha256')
  for await (const chunk of chunksOf(path)) got.update(chunk)
  const found = got.digest('hex')
  if (found !== hash) throw damaged('the demonstrations are not the ones this run was started with', found)
  let parts: Buffer[] = []
  for await (const chunk of chunksOf(path)) {
    let start = 0
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, start)) {
      const line = Buffer.concat([...parts, chunk.subarray(start, end)])
      yield v.parse(snapshotRow, JSON.parse(line.toString('utf8')))
      parts = []
      start = end + 1
    }
    parts.push(chunk.subarray(start))
  }
}

/** @throws LabError for what the disk refuses */
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) yield chunk as Buffer
  } catch (error) {
    throw storageError(error, path)
  }
}

const lineOf = ({ set, number, messages }: SnapshotRow): string =>
  `${JSON.stringify({ set, number, messages: messages.map(plainMessage) })}\n`
