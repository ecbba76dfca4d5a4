// Which of the four builds a runtime takes.
import { expect, it } from 'vitest'
import { compileSimd, type SimdBuild } from '../../../src-renderer/engine/kernels/simd/simd-module.ts'
import { nodePlatform } from '../engine-platform.ts'

/** The builds of a runtime that compiles those alone; what was asked for is noted. */
function runtimeOf(...compiles: SimdBuild[]) {
  const asked: SimdBuild[] = []
  const bytesOf = async (build: SimdBuild) => {
    asked.push(build)
    return compiles.includes(build) ? nodePlatform.simdModule(build) : Uint8Array.of(0, 97, 115, 109)
  }
  return { asked, bytesOf }
}

it.each([
  [true, ['relaxed-shared', 'plain-shared', 'relaxed', 'plain'], 'relaxed-shared', ['relaxed-shared']],
  [false, ['relaxed-shared', 'plain-shared', 'relaxed', 'plain'], 'relaxed', ['relaxed']],
  [true, ['plain-shared', 'plain'], 'plain-shared', ['relaxed-shared', 'plain-shared']],
  [false, ['plain-shared', 'plain'], 'plain', ['relaxed', 'plain']],
  [true, [], undefined, ['relaxed-shared', 'plain-shared']],
  [false, [], undefined, ['relaxed', 'plain']],
] as const)('with shared memory: %s, of [%s] it takes %s', async (shared, compiles, taken, asks) => {
  const { asked, bytesOf } = runtimeOf(...compiles)
  const compiled = await compileSimd(shared, bytesOf)
  expect(compiled?.build).toBe(taken)
  expect(compiled === null).toBe(taken === undefined)
  expect(asked).toEqual(asks)
})

it('every build shares memory as its name says, and exports the same functions', async () => {
  const exports = new Set<string>()
  for (const build of ['relaxed-shared', 'plain-shared', 'relaxed', 'plain'] as const) {
    const module = await WebAssembly.compile(await nodePlatform.simdModule(build))
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 65_536, shared: build.endsWith('-shared') })
    exports.add(Object.keys((await WebAssembly.instantiate(module, { env: { memory } })).exports).join())
  }
  expect(exports.size).toBe(1)
})
