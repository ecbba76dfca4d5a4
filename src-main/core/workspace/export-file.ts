// Files that a person takes away, in the workspace's folder exports/: each with a name of its own, none written over.
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { takeTurns } from '../jobs/turns.ts'
import { syncFolder, writeFully } from './durable.ts'
import { storageError } from './storage-error.ts'
import type { Workspace } from './workspace.ts'

/** Characters written at once. */
const WRITTEN_AT_ONCE = 1 << 18

/**
 * @param title becomes the name, as far as every system allows it   @param extension without a dot
 * @param pieces of the text, read one after another: a file of any size takes little memory and holds nobody up
 * @throws LabError `no-space` and what else the disk refuses; nothing is left then
 */
export async function writeExport(
  workspace: Workspace,
  title: string,
  extension: string,
  pieces: Iterable<string>,
): Promise<{ path: string; fileName: string }> {
  const folder = workspace.folder('exports')
  let path: string | null = null
  try {
    path = takeName(folder, nameOf(title), extension)
    await writeWhole(`${path}.tmp`, pieces)
    renameSync(`${path}.tmp`, path)
    syncFolder(folder)
    return { path, fileName: basename(path) }
  } catch (error) {
    if (path !== null) for (const left of [`${path}.tmp`, path]) rmSync(left, { force: true })
    throw storageError(error, folder)
  }
}

async function writeWhole(path: string, pieces: Iterable<string>): Promise<void> {
  const othersTurn = takeTurns()
  const fd = openSync(path, 'w')
  try {
    let text = ''
    for (const piece of pieces) {
      text += piece
      if (text.length < WRITTEN_AT_ONCE) continue
      writeFully(fd, Buffer.from(text))
      text = ''
      await othersTurn()
    }
    writeFully(fd, Buffer.from(text))
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** An empty file of a name that was free, so that nobody else takes it. */
function takeName(folder: string, name: string, extension: string): string {
  for (let i = 1; ; i++) {
    const path = join(folder, `${name}${i === 1 ? '' : ` (${i})`}.${extension}`)
    try {
      closeSync(openSync(path, 'wx'))
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Letters, digits, spaces and a few signs; what Windows reserves and what hides stays out. */
export function nameOf(title: string): string {
  const name = title
    .toWellFormed()
    .replace(/[^\p{L}\p{M}\p{N} ,()'_-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 60)
    .toWellFormed()
    .trim()
  return name === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name) ? `export ${name}`.trim() : name
}
