// Electron's binary. The npm package has no install script any more: `install-electron` downloads it, once.
// Never `require('electron')` here: from plain Node that starts a download of its own.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { at, environment, readJson, runProgram, tool } from './project.mjs'
import { say } from './say.mjs'

const folder = () => process.env.ELECTRON_OVERRIDE_DIST_PATH ?? at('node_modules', 'electron', 'dist')

/** @returns {string | null} */
export function findElectron() {
  const pathFile = at('node_modules', 'electron', 'path.txt')
  const versionFile = at('node_modules', 'electron', 'dist', 'version')
  if (!existsSync(pathFile) || !existsSync(versionFile)) return null
  const { version } = readJson(at('node_modules', 'electron', 'package.json'))
  if (readFileSync(versionFile, 'utf8').replace(/^v/, '').trim() !== version) return null
  const program = `${folder()}/${readFileSync(pathFile, 'utf8')}`
  return existsSync(program) ? program : null
}

/**
 * Path of Electron's program, downloaded if need be.
 * @param {string} node
 * @returns {Promise<string | null>} null: it cannot be had, and the reason was printed
 */
export async function setUpElectron(node) {
  const found = findElectron()
  if (found) return found
  say('Downloading Electron (once, about 120 MB) …')
  const { code, output, timedOut } = await runProgram(node, [tool('electron', 'install-electron')], {
    env: environment(node),
    timeoutMs: 600_000,
  })
  const installed = code === 0 ? findElectron() : null
  if (!installed) {
    const line = output.split('\n').find(text => /error|failed/i.test(text)) ?? output.trim().split('\n')[0]
    const reason = timedOut ? 'it took longer than 10 minutes' : (line?.trim() ?? `exit code ${code}`)
    say(
      `Electron could not be downloaded from github.com (${reason}). Offline or behind a proxy? ELECTRON_MIRROR names another source.`,
    )
  }
  return installed
}

/**
 * Why Electron would die at its start for want of a sandbox. Distributions that forbid unprivileged user namespaces
 * (Ubuntu since 23.10) only allow them to programs they know.
 * @param {string} program
 * @returns {string | null} what to do about it, or null
 */
export function sandboxProblem(program) {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return null
  /** @param {string} file */
  const flag = file => existsSync(file) && readFileSync(file, 'utf8').trim()
  const forbidden =
    flag('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    flag('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    flag('/proc/sys/user/max_user_namespaces') === '0'
  if (!forbidden) return null
  const helper = `${program.replace(/[^/]*$/, '')}chrome-sandbox`
  if (existsSync(helper)) {
    const { uid, mode } = statSync(helper)
    if (uid === 0 && (mode & 0o4000) !== 0) return null
  }
  return `This system lets Electron have its sandbox only with:\n  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`
}
