// Whether something built is older than its sources.
import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { at } from './project.mjs'

/**
 * Paths, sizes and times of files and of all files in folders, as one digest: an edit, a deletion and a checkout all
 * change it. Contents would need reading every file at every command.
 * @param {string[]} paths relative to the project
 */
export function digestOf(paths) {
  const hash = createHash('sha256')
  /** @param {string} path */
  const add = path => {
    const stats = statSync(at(path))
    if (!stats.isDirectory()) {
      hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`)
      return
    }
    for (const name of readdirSync(at(path)).sort()) add(join(path, name))
  }
  for (const path of paths) add(path)
  return hash.digest('hex')
}
