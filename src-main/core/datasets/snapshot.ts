// The rows of a run as they were when it started: datasets/<SHA-256>.jsonl, one JSON object a line. People go on editing; a
// run that is resumed must read what it read before.
import { createHash } from 'node:crypto'
import { closeSync, createReadStream, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { takeTurns } from '../jobs/turns.ts'
import { syncFolder, writeFully } from '../workspace/durable.ts'
import { storageError } from '../workspace/storage-error.ts'
import type { Workspace } from '../workspace/workspace.ts'

/** Lines written at once. */
const LINES = 200
const LINE_END = 10

const snapshotPath = (workspace: Workspace, hash: string): string =>
  join(workspace.folder('datasets'), `${hash}.jsonl`)

/** Settles when a workspace's last snapshot is written: one at a time, for all are staged under one name. */
const writing = new WeakMap<Workspace, Promise<unknown>>()

/**
 * Writes the rows, durably and whole or not at all; a file that is there already is the same one. What a crash left half
 * written is written over.
 * @returns SHA-256 of the file   @throws LabError `no-space` …
 */
export function writeSnapshot(workspace: Workspace, rows: Iterable<object>): Promise<string> {
  const written = (writing.get(workspace) ?? Promise.resolve()).then(() => write(workspace, rows))
  writing.set(
    workspace,
    written.catch(() => {}),
  )
  return written
}

async function write(workspace: Workspace, rows: Iterable<object>): Promise<string> {
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
        if (lines.push(`${JSON.stringify(row)}\n`) === LINES) flush()
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
 * @param what they are, in words: `demonstrations`
 * @throws LabError `damaged` when the file is missing or not the one that was written, before the first row
 */
export async function* readSnapshot<Row>(
  workspace: Workspace,
  hash: string,
  row: v.GenericSchema<unknown, Row>,
  what: string,
): AsyncGenerator<Row> {
  const path = snapshotPath(workspace, hash)
  const damaged = (problem: string, got?: string) =>
    new LabError({
      code: 'damaged',
      what: problem,
      where: path,
      expected: `SHA-256 ${hash}`,
      ...(got ? { got } : {}),
      fix: 'put the file back from a copy, or start a new run on the rows as they are now',
    })
  if (!existsSync(path)) throw damaged(`the ${what} of this run are missing`)
  const got = createHash('sha256')
  for await (const chunk of chunksOf(path)) got.update(chunk)
  const found = got.digest('hex')
  if (found !== hash) throw damaged(`the ${what} are not the ones this run was started with`, found)
  let parts: Buffer[] = []
  for await (const chunk of chunksOf(path)) {
    let start = 0
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, start)) {
      const line = Buffer.concat([...parts, chunk.subarray(start, end)])
      yield v.parse(row, JSON.parse(line.toString('utf8')))
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
