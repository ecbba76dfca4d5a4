// The rows of a run as they were when it started: datasets/<SHA-256>.jsonl. People go on editing; a run that is resumed
// must read what it read before. One JSON object a line; other tools read its `messages`, as TRL.
import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { chatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { count, id } from '../../../src-shared/contract/method.ts'
import { syncFolder, writeFully } from '../workspace/durable.ts'
import { onDisk } from '../workspace/storage-error.ts'
import type { Workspace } from '../workspace/workspace.ts'

const snapshotRow = v.object({ set: id, number: count, messages: v.array(chatMessage) })
export type SnapshotRow = v.InferOutput<typeof snapshotRow>

/** Lines written at once. */
const LINES = 1000

const snapshotPath = (workspace: Workspace, hash: string): string =>
  join(workspace.folder('datasets'), `${hash}.jsonl`)

/** SHA-256 of the file that these rows make. */
export function snapshotHash(rows: Iterable<SnapshotRow>): string {
  const hash = createHash('sha256')
  for (const row of rows) hash.update(lineOf(row))
  return hash.digest('hex')
}

/**
 * Writes the rows, durably and whole or not at all; a file that is there already is the same one.
 * @returns its hash   @throws LabError `no-space` …
 */
export function writeSnapshot(workspace: Workspace, rows: Iterable<SnapshotRow>): string {
  const staging = join(workspace.folder('datasets'), '.staging.jsonl')
  return onDisk(staging, () => {
    const hash = createHash('sha256')
    const fd = openSync(staging, 'w')
    try {
      let lines: string[] = []
      const flush = () => {
        const bytes = Buffer.from(lines.join(''))
        lines = []
        hash.update(bytes)
        writeFully(fd, bytes)
      }
      for (const row of rows) if (lines.push(lineOf(row)) === LINES) flush()
      flush()
      fsyncSync(fd)
    } catch (error) {
      closeSync(fd)
      rmSync(staging, { force: true })
      throw error
    }
    closeSync(fd)
    const name = hash.digest('hex')
    renameSync(staging, snapshotPath(workspace, name))
    syncFolder(workspace.folder('datasets'))
    return name
  })
}

/** @throws LabError `damaged` when the file is missing or not the one that was written */
export function readSnapshot(workspace: Workspace, hash: string): SnapshotRow[] {
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
  const bytes = onDisk(path, () => readFileSync(path))
  const got = createHash('sha256').update(bytes).digest('hex')
  if (got !== hash) throw damaged('the demonstrations are not the ones this run was started with', got)
  return bytes
    .toString('utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => v.parse(snapshotRow, JSON.parse(line)))
}

const lineOf = ({ set, number, messages }: SnapshotRow): string =>
  `${JSON.stringify({ set, number, messages: messages.map(({ role, content }) => ({ role, content })) })}\n`
