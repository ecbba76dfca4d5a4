// Files that a person takes away, in the workspace's folder exports/: each with a name of its own, none written over.
import { closeSync, openSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { replaceFile } from './durable.ts'
import { onDisk } from './storage-error.ts'
import type { Workspace } from './workspace.ts'

/**
 * @param title becomes the name, as far as every system allows it   @param extension without a dot
 * @throws LabError `no-space` and what else the disk refuses; nothing is left then
 */
export function writeExport(
  workspace: Workspace,
  title: string,
  extension: string,
  content: string,
): { path: string; fileName: string } {
  const folder = workspace.folder('exports')
  return onDisk(folder, () => {
    const path = takeName(folder, nameOf(title), extension)
    try {
      replaceFile(path, content)
    } catch (error) {
      rmSync(path, { force: true })
      throw error
    }
    return { path, fileName: basename(path) }
  })
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
function nameOf(title: string): string {
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
