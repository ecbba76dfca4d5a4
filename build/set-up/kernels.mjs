// The CPU kernels: AssemblyScript → out/kernels/<build>.wasm, compiled again when a source differs. Both the bundle and
// the tests read them from there.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { digestOf } from './digest.mjs'
import { at, environment, runProgram, tool } from './project.mjs'
import { SetUpError, say } from './say.mjs'

const folder = 'src-renderer/engine/kernels/simd'
const sources = [
  `${folder}/assembly`,
  `${folder}/kernel-table.ts`,
  `${folder}/memory-map.ts`,
  `${folder}/chunk-sizes.ts`,
  'build/set-up/kernels.mjs',
  'package-lock.json',
]
const stampFile = at('out', 'kernels', 'built-from.txt')

/** Relaxed SIMD has the fused multiply-add; shared memory is what several threads need. */
const builds = {
  'relaxed-shared': ['simd', 'relaxed-simd', 'threads'],
  relaxed: ['simd', 'relaxed-simd'],
  'plain-shared': ['simd', 'threads'],
  plain: ['simd'],
}

const wasmOf = (/** @type {string} */ name) => at('out', 'kernels', `${name}.wasm`)

export const areKernelsBuilt = () =>
  existsSync(stampFile) &&
  readFileSync(stampFile, 'utf8') === digestOf(sources) &&
  Object.keys(builds).every(name => existsSync(wasmOf(name)))

/** @param {string} node @throws SetUpError with the compiler's own message */
export async function buildKernels(node) {
  say('Compiling the CPU kernels …')
  const digest = digestOf(sources)
  mkdirSync(at('out', 'kernels'), { recursive: true })
  // A build that is interrupted must not pass for the one before.
  rmSync(stampFile, { force: true })
  await Promise.all(
    Object.entries(builds).map(async ([name, features]) => {
      const shared = features.includes('threads') ? ['--sharedMemory', '--maximumMemory', '65536'] : []
      // 112: exported functions that take vectors cannot be called from JavaScript; none is.
      const args = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--initialMemory', '16']
      const { code, output } = await runProgram(
        node,
        [
          tool('assemblyscript', 'asc'),
          at(folder, 'assembly', 'index.ts'),
          ...args,
          ...shared,
          ...['--enable', features.join(','), '--disableWarning', '112'],
          ...['--outFile', wasmOf(name)],
        ],
        { env: environment(node) },
      )
      if (code !== 0 || output.trim()) throw new SetUpError(`${output.trim()}\nThe kernels do not compile.`)
    }),
  )
  writeFileSync(stampFile, digest)
}
