// The built app in out/: built again when any source differs from what it was built from.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { at, environment, runProgram, tool } from './project.mjs'
import { SetUpError, say } from './say.mjs'

const sources = ['src-shared', 'src-main', 'src-preload', 'src-renderer']
const files = ['electron.vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.base.json']
const stampFile = at('out', 'built-from.txt')

/**
 * Paths, sizes and times of all sources as one digest: an edit, a deletion and a checkout all change it.
 * Contents would need reading every file at every command.
 */
export function sourcesDigest() {
  const hash = createHash('sha256')
  /** @param {string} path */
  const add = path => {
    const { mtimeMs, size } = statSync(at(path))
    hash.update(`${path}\0${size}\0${mtimeMs}\n`)
  }
  /** @param {string} folder */
  const walk = folder => {
    const entries = readdirSync(at(folder), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) walk(path)
      else add(path)
    }
  }
  for (const folder of sources) walk(folder)
  for (const file of files) add(file)
  return hash.digest('hex')
}

export const isBuilt = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourcesDigest()

/** @param {string} node @throws SetUpError with the builder's own message */
export async function build(node) {
  say('Building the app …')
  // Taken before: what is edited during the build is built again next time.
  const digest = sourcesDigest()
  const { code, output } = await runProgram(node, [tool('electron-vite'), 'build', '--logLevel', 'warn'], {
    env: environment(node, { NODE_ENV: 'production' }),
  })
  if (code !== 0) throw new SetUpError(`${output.trim()}\nThe build failed; its message is above.`)
  mkdirSync(at('out'), { recursive: true })
  writeFileSync(stampFile, digest)
}
