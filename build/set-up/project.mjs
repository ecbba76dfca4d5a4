// Where things are in this checkout, and how its tools are started.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** @param {string[]} parts */
export const at = (...parts) => join(root, ...parts)

/** @param {string} path @returns {any} */
export const readJson = path => JSON.parse(readFileSync(path, 'utf8'))

/**
 * The script behind a package's command. Started with Node directly, because the shims in `.bin` are
 * batch files on Windows, which cannot be spawned without a shell.
 * @param {string} name package  @param {string} [command] where the package has several
 */
export function tool(name, command) {
  const folder = at('node_modules', ...name.split('/'))
  const { bin } = readJson(join(folder, 'package.json'))
  return join(folder, typeof bin === 'string' ? bin : bin[command ?? Object.keys(bin)[0] ?? name])
}

/**
 * The environment of everything that is started: the right Node first, as `npm run` would have it.
 * @param {string} node @param {NodeJS.ProcessEnv} [more]
 * @returns {NodeJS.ProcessEnv}
 */
export function environment(node, more = {}) {
  // Windows calls it `Path`; an object spread keeps that spelling, so a second `PATH` would be a duplicate.
  const name = Object.keys(process.env).find(key => key.toUpperCase() === 'PATH') ?? 'PATH'
  const separator = process.platform === 'win32' ? ';' : ':'
  return { ...process.env, [name]: `${dirname(node)}${separator}${process.env[name] ?? ''}`, ...more }
}

/**
 * Runs a program to its end.
 * @param {string} program @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, stdout?: 'show' | 'stderr' | 'collect', timeoutMs?: number }} [options]
 *   `show` on stdout, `stderr` on stderr, `collect` (default) both streams in the result's `output`
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} code 127: it could not be started
 */
export function runProgram(program, args, { env, stdout = 'collect', timeoutMs } = {}) {
  return new Promise(resolve => {
    const collect = stdout === 'collect'
    const child = spawn(program, args, {
      cwd: root,
      env: env ?? process.env,
      stdio: collect
        ? ['ignore', 'pipe', 'pipe']
        : ['ignore', stdout === 'stderr' ? process.stderr : 'inherit', 'inherit'],
      windowsHide: true,
    })
    let output = ''
    let timedOut = false
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', text => {
        output += text
      })
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            child.kill('SIGKILL')
          }, timeoutMs)
    child.on('error', error => {
      clearTimeout(timer)
      resolve({ code: 127, output: error.message, timedOut })
    })
    child.on('close', code => {
      clearTimeout(timer)
      resolve({ code: code ?? 1, output, timedOut })
    })
  })
}

/**
 * The first line that a program prints, or null when it cannot be started or fails.
 * @param {string} program @param {string[]} args
 */
export function firstLine(program, args) {
  const result = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000, windowsHide: true })
  return result.status === 0 ? (result.stdout.split('\n')[0] ?? '').trim() : null
}
