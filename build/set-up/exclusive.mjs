// Two commands started at once right after a clone must not both run `npm ci`: one works, the other waits.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { at } from './project.mjs'
import { say } from './say.mjs'

const lockFile = at('.cache', 'set-up.lock')

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

function tryLock() {
  try {
    const file = openSync(lockFile, 'wx')
    writeSync(file, String(process.pid))
    closeSync(file)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    return false
  }
}

/** @returns {number | null} null: just released, or not yet written */
function holder() {
  try {
    return Number(readFileSync(lockFile, 'utf8')) || null
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error
    return null
  }
}

/**
 * Runs `work` while no other process of this checkout runs its own.
 * @template T @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(work) {
  mkdirSync(at('.cache'), { recursive: true })
  for (let round = 0; !tryLock(); round++) {
    const pid = holder()
    if (pid !== null && !isAlive(pid)) rmSync(lockFile, { force: true })
    else {
      if (round === 5) say(`Another command (process ${pid}) is setting up this folder; waiting for it …`)
      await wait(200)
    }
  }
  const release = () => rmSync(lockFile, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.removeListener('exit', release)
    release()
  }
}
