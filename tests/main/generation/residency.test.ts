// Which models stay in memory, with an engine that has only so much of it.
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../../src-main/core/database/open.ts'
import type { EngineSupervisor } from '../../../src-main/core/engine-supervisor/engine-supervisor.ts'
import { inferenceBytes, Residency } from '../../../src-main/core/generation/residency.ts'
import { parseModelShape, resolveModel } from '../../../src-shared/config/model-config.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { temporaryFolder } from '../workspace/temporary-folder.ts'

const model = resolveModel(parseModelShape({ nLayer: 1, nHead: 1, nEmbd: 4, contextLength: 5 }), 270)
const one = inferenceBytes(model)

/** A residency over an engine that keeps as many bytes as it says, and refuses more as a GPU does or tells as WASM does. */
function withEngine({
  backend = 'wasm',
  holds = Number.POSITIVE_INFINITY,
  freeBytes = Number.POSITIVE_INFINITY,
}: {
  backend?: 'wasm' | 'webgpu'
  holds?: number
  freeBytes?: number
} = {}) {
  const { db } = openDatabase(join(temporaryFolder(), 'andromeda.db'))
  onTestFinished(() => {
    db.close()
  })
  const loaded = new Set<string>()
  const log: string[] = []
  const supervisor = {
    ready: async () => {},
    current: () => ({ device: { backend } }),
    async call(name: string, { checkpoint }: { checkpoint: string }) {
      if (name === 'engine.ping') return { tensors: 0, bytes: loaded.size * one }
      await new Promise(resolve => setTimeout(resolve, 5))
      log.push(`${name.split('.')[1]} ${checkpoint}`)
      if (name === 'engine.release') loaded.delete(checkpoint)
      else if (loaded.size < holds) loaded.add(checkpoint)
      else throw new LabError({ code: 'no-space', what: 'the GPU has no memory left', fix: 'close others' })
      return {}
    },
  } as unknown as EngineSupervisor
  const residency = new Residency(db, supervisor, () => freeBytes - loaded.size * one)
  /** Uses a model until `done` is called. */
  const use = (checkpoint: string, signal?: AbortSignal) => {
    const { promise: working, resolve: done } = Promise.withResolvers<void>()
    const { promise: begun, resolve: begin } = Promise.withResolvers<boolean>()
    const used = residency.use(
      { checkpoint, model },
      async swapped => {
        expect(loaded.has(checkpoint)).toBe(true)
        begin(swapped)
        await working
        expect(loaded.has(checkpoint)).toBe(true)
      },
      signal ? { signal } : {},
    )
    return { begun, used, done }
  }
  const once = async (checkpoint: string): Promise<boolean> => {
    const { begun, used, done } = use(checkpoint)
    const swapped = await Promise.race([begun, used.then(() => false)])
    done()
    await used
    return swapped
  }
  return { residency, loaded, log, use, once }
}

it('everything that fits stays; the least recently used makes room', async () => {
  const { loaded, once } = withEngine({ freeBytes: 3 * one })
  for (const id of ['a', 'b', 'c', 'a']) expect(await once(id)).toBe(false)
  expect([...loaded]).toEqual(['a', 'b', 'c'])
  expect(await once('d')).toBe(true)
  expect([...loaded]).toEqual(['a', 'c', 'd'])
})

it('a model that is used is never released: others wait for it', async () => {
  const { loaded, use, once } = withEngine({ freeBytes: one })
  const a = use('a')
  await a.begun
  const b = once('b')
  // Whoever wants what is there goes on meanwhile.
  expect(await once('a')).toBe(false)
  await new Promise(resolve => setTimeout(resolve, 20))
  expect([...loaded]).toEqual(['a'])
  a.done()
  expect(await b).toBe(true)
  expect([...loaded]).toEqual(['b'])
})

it('a GPU that refuses is given room once, and is not asked for as much again', async () => {
  const { log, loaded, once } = withEngine({ backend: 'webgpu', holds: 2 })
  expect([await once('a'), await once('b'), await once('c')]).toEqual([false, false, true])
  expect(log.splice(0)).toEqual(['load a', 'load b', 'load c', 'release a', 'release b', 'load c'])
  expect([await once('a'), await once('b')]).toEqual([false, true])
  expect(log).toEqual(['load a', 'release c', 'load b'])
  expect([...loaded]).toEqual(['a', 'b'])
})

it('a GPU that refuses while others are used waits until they are done', async () => {
  const { use, loaded } = withEngine({ backend: 'webgpu', holds: 1 })
  const a = use('a')
  await a.begun
  const b = use('b')
  await new Promise(resolve => setTimeout(resolve, 30))
  expect([...loaded]).toEqual(['a'])
  a.done()
  expect(await b.begun).toBe(true)
  b.done()
  await b.used
})

it('a model that fits nowhere says so, and the next one is loaded', async () => {
  const { once, log } = withEngine({ backend: 'webgpu', holds: 0 })
  await expect(once('a')).rejects.toThrow('no memory left')
  await expect(once('b')).rejects.toThrow('no memory left')
  expect(log).toEqual(['load a', 'load b'])
})

it('a limit that falls releases what is too much as soon as nobody uses it', async () => {
  const { residency, loaded, use, once } = withEngine()
  for (const id of ['a', 'b', 'c']) await once(id)
  const b = use('b')
  await b.begun
  residency.setLimit(1)
  expect(residency.limit).toBe(1)
  await expect.poll(() => [...loaded]).toEqual(['b'])
  const d = once('d')
  b.done()
  expect(await d).toBe(true)
  await expect.poll(() => [...loaded]).toEqual(['d'])
  residency.setLimit(null)
  expect(await once('a')).toBe(false)
})

it('who stops waiting leaves no trace, and does not stop another who wants the same', async () => {
  const { use, loaded } = withEngine({ freeBytes: one })
  const a = use('a')
  await a.begun
  const [first, second] = [new AbortController(), new AbortController()]
  const b1 = use('b', first.signal)
  const b2 = use('b', second.signal)
  const c = use('c', first.signal)
  first.abort()
  for (const { used } of [b1, c]) await expect(used).rejects.toMatchObject({ facts: { code: 'cancelled' } })
  a.done()
  expect(await b2.begun).toBe(true)
  b2.done()
  await b2.used
  const d = use('d', first.signal)
  await expect(d.used).rejects.toThrow('stopped')
  await new Promise(resolve => setTimeout(resolve, 30))
  const e = use('e')
  await e.begun
  e.done()
  await e.used
  expect([...loaded]).toEqual(['e'])
})

it('a fresh engine is loaded anew', async () => {
  const { residency, loaded, log, once } = withEngine()
  await once('a')
  loaded.clear()
  residency.forget()
  await once('a')
  expect(log).toEqual(['load a', 'load a'])
})

it('who used a model that is loaded is not kept in memory by it', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const { residency, once } = withEngine()
  await once('a')
  const useOnce = async (): Promise<WeakRef<object>> => {
    const answer = { text: 'x'.repeat(1000) }
    const onLoading = () => void answer.text
    await residency.use({ checkpoint: 'a', model }, async () => {}, { onLoading })
    return new WeakRef(answer)
  }
  const used = await useOnce()
  await new Promise(resolve => setTimeout(resolve))
  collect()
  expect(used.deref()).toBeUndefined()
})

it('who waits for room while the engine is started anew is known to be there afterwards', async () => {
  const { residency, loaded, log, use, once } = withEngine({ freeBytes: one })
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>()
  const ofOldEngine = residency.use({ checkpoint: 'a', model }, () => lost)
  await expect.poll(() => loaded.has('a')).toBe(true)
  const b = use('b')
  await new Promise(resolve => setTimeout(resolve, 20))
  lose()
  loaded.clear()
  residency.forget()
  await ofOldEngine
  await b.begun
  b.done()
  await b.used
  expect(await once('c')).toBe(true)
  expect(log.slice(-2)).toEqual(['release b', 'load c'])
})
