// The built app in out/: built again when any source differs from what it was built from.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { digestOf } from './digest.mjs'
import { at, environment, runProgram, tool } from './project.mjs'
import { SetUpError, say } from './say.mjs'

const sources = ['src-shared', 'src-main', 'src-preload', 'src-renderer']
const files = ['electron.vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.base.json']
const stampFile = at('out', 'built-from.txt')

export const sourcesDigest = () => digestOf([...sources, ...files])

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
