// node_modules: compared with the lockfile entry by entry, installed with `npm ci` when anything differs.
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { at, readJson, runProgram } from './project.mjs'
import { SetUpError, say } from './say.mjs'

/**
 * Compared by content, not by file times: a copied or restored folder has any order of times.
 * @returns {string | null} why node_modules does not fit, or null
 */
export function dependenciesProblem() {
  const installedFile = at('node_modules', '.package-lock.json')
  if (!existsSync(installedFile)) return 'not installed yet'
  const wanted = readJson(at('package-lock.json')).packages
  const installed = readJson(installedFile).packages
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue
    const found = installed[path]
    // Optional packages of other platforms are left out by npm.
    if (!found && !entry.optional) return `${path} is missing`
    if (found && found.version !== entry.version) return `${path} is ${found.version}, not ${entry.version}`
  }
  const extra = Object.keys(installed).find(path => !wanted[path])
  return extra ? `${extra} is not in the lockfile` : null
}

/** Installs exactly what the lockfile says. @throws SetUpError */
export async function installDependencies() {
  // The EBADENGINE warnings (for the Node that runs npm; ours comes with the packages) stay hidden at this level.
  // NODE_ENV=production would leave out the tools that build the app.
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--include=dev', '--include=optional']
  const npm = process.env.npm_execpath
  const { code, output } =
    npm && basename(npm) === 'npm-cli.js'
      ? await runProgram(process.execPath, [npm, ...args], { stdout: 'stderr' })
      : process.platform === 'win32'
        ? await runProgram('cmd.exe', ['/d', '/s', '/c', `npm ${args.join(' ')}`], { stdout: 'stderr' })
        : await runProgram('npm', args, { stdout: 'stderr' })
  if (code !== 0) {
    if (output) say(output)
    throw new SetUpError(
      '`npm ci` failed (its message is above). It needs the npm registry once; check the network and run the command again.',
    )
  }
}
