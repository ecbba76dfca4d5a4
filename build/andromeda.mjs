// `npm run -s andromeda -- <command> …`: the command line, after a set-up that says nothing when nothing is to do.
import { spawn } from 'node:child_process'
import { watchNpm } from './set-up/ancestors.mjs'
import { at } from './set-up/project.mjs'
import { runMain } from './set-up/say.mjs'
import { setUp } from './set-up.mjs'

/** What a shell reports for a program that a signal ended: 128 + its number. */
const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGKILL: 137, SIGTERM: 143 }

/**
 * Runs the built command line; stdin, stdout, stderr, signals and the exit code are its own.
 * @param {string} node @param {string[]} args @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>}
 */
export function runAndromeda(node, args, env = process.env) {
  const child = spawn(
    node,
    [
      '--import',
      new URL('./set-up/end-with-parent.mjs', import.meta.url).href,
      at('out', 'main', 'terminal.js'),
      ...args,
    ],
    { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  )
  let signalled = false
  // Ctrl+C reaches the whole foreground group, the child included; a second one would mean "at once".
  process.on('SIGINT', () => {
    signalled = true
    if (!process.stdin.isTTY) child.kill('SIGINT')
  })
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP']))
    process.on(signal, () => {
      signalled = true
      child.kill(signal)
    })
  watchNpm(signal => {
    if (!signalled) child.kill(signal)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      const bySignal = signal && signal in SIGNAL_EXIT ? SIGNAL_EXIT[/** @type {'SIGINT'} */ (signal)] : 1
      resolve(code ?? bySignal)
    })
  })
}

if (process.argv[1]?.endsWith('andromeda.mjs'))
  await runMain(async () => runAndromeda(await setUp(), process.argv.slice(2)))
