// Whether the npm that started this script still lives. npm runs a script in a shell that passes no signal on, so a
// signal to npm ends npm or that shell and would leave the command running behind, unseen, with the workspace in its hands.
import { readFileSync } from 'node:fs'

/** Linux only: elsewhere the shell replaces itself by the command, and our own parent tells enough. */
function processFacts(/** @type {number} */ pid) {
  if (process.platform !== 'linux') return null
  try {
    // `123 (name, which may hold spaces) S 122 …`
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), parent: Number(afterName[1]) }
  } catch {
    // It ended.
    return null
  }
}

/**
 * Calls back once when npm or its shell is gone.
 * @param {(signal: 'SIGTERM' | 'SIGKILL') => void} gone `SIGKILL` when npm was killed outright, so that what it ran
 *   ends as abruptly; `SIGTERM` when npm was asked to end and the shell kept the request to itself
 */
export function watchNpm(gone) {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const facts = processFacts(parent)
  const shell = facts && /^(da|ba|z|a)?sh$/.test(facts.name) ? facts : null
  const timer = setInterval(() => {
    const parentGone = process.ppid !== parent
    const npmGone = shell ? processFacts(parent)?.parent !== shell.parent : parentGone
    if (!parentGone && !npmGone) return
    clearInterval(timer)
    const killed = process.platform === 'linux' && (shell ? !parentGone : true)
    gone(killed ? 'SIGKILL' : 'SIGTERM')
  }, 200)
  timer.unref()
}
