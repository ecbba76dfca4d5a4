// `npm start`: the desktop app; without an Electron binary the same app in a browser window; without a display, its URL.
import { spawn } from 'node:child_process'
import { runAndromeda } from './andromeda.mjs'
import { browserNeedsNoSandbox, hasDisplay, setUpBrowser } from './set-up/browser.mjs'
import { sandboxProblem, setUpElectron } from './set-up/electron.mjs'
import { root } from './set-up/project.mjs'
import { runMain, say } from './set-up/say.mjs'
import { setUp } from './set-up.mjs'

/** @param {string} electron @param {string[]} args @returns {Promise<number>} */
function runDesktop(electron, args) {
  const sandbox = browserNeedsNoSandbox() ? ['--no-sandbox'] : []
  if (sandbox.length) say('Running as root, where Chromium cannot have its sandbox.')
  // Set by some editors' terminals; it would turn Electron into a plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const child = spawn(electron, [...sandbox, root, ...args], { env, stdio: 'inherit' })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', code => resolve(code ?? 1))
  })
}

await runMain(async () => {
  const node = await setUp()
  const args = process.argv.slice(2)
  if (!hasDisplay()) {
    say(
      'There is no display here (neither DISPLAY nor WAYLAND_DISPLAY): open the URL below in a browser on this machine.',
    )
    return runAndromeda(node, ['serve', ...args])
  }
  const electron = await setUpElectron(node)
  const problem = electron && sandboxProblem(electron)
  if (electron && !problem) return runDesktop(electron, args)
  if (problem) say(problem)
  say('Opening the app in a browser window instead of its own.')
  const browser = await setUpBrowser(node)
  if (!browser) return runAndromeda(node, ['serve', ...args])
  return runAndromeda(node, ['serve', '--open', ...args], { ...process.env, CHROMIUM_PATH: browser })
})
