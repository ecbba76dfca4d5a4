// Arrays of the CPU kernels: scopes, views of one block, lists of pieces, and what may not be done with a freed one.
import { beforeEach, describe, expect, it } from 'vitest'
import { Arena } from '../../../src-renderer/engine/kernels/simd/arena.ts'
import { partsOf, SimdArrays, simd } from '../../../src-renderer/engine/kernels/simd/simd-arrays.ts'
import { createMemory } from '../../../src-renderer/engine/kernels/simd/simd-module.ts'
import { openComposed, openSimd } from '../kernel-sets.ts'

let arena: Arena
let arrays: SimdArrays
beforeEach(() => {
  const memory = createMemory(false)
  arena = new Arena(memory)
  arrays = new SimdArrays(arena, memory)
})

describe('a scope', () => {
  it('frees what was made in it but what it returns, deep in lists and objects, and what was kept', () => {
    const { result, kept } = arrays.scope(() => {
      const result = { first: arrays.make([3]), more: [[arrays.make([5])], { last: arrays.make([7]) }] }
      arrays.make([100])
      return { result, kept: [arrays.keep(arrays.make([2]))] }
    })
    expect(arrays.alive).toBe(4)
    arrays.scope(() => result)
    arrays.scope(() => {})
    expect(arrays.alive).toBe(4)
    expect(kept[0]!.alive && result.first.alive).toBe(true)
  })

  it('gives what it returns to the scope around it, which frees it', () => {
    arrays.scope(() => {
      const inner = arrays.scope(() => arrays.scope(() => arrays.make([3])))
      expect(inner.alive).toBe(true)
    })
    expect([arrays.alive, arena.bytes]).toEqual([0, 0])
  })

  it('frees everything when it throws', () => {
    const fail = () =>
      arrays.scope(() => {
        arrays.scope(() => arrays.make([3]))
        throw new Error('on purpose')
      })
    expect(fail).toThrow('on purpose')
    expect([arrays.alive, arena.bytes]).toEqual([0, 0])
  })
})

describe('views and lists', () => {
  it('keep their block, until the last of them is freed', () => {
    const whole = arrays.make([4, 6])
    const columns = arrays.view(whole, 4 * 2, [4, 3], whole.stride)
    const list = arrays.list([
      { of: whole, from: 6, count: 12 },
      { of: columns, from: 0, count: 1 },
    ])
    const held = arena.bytes
    arrays.free(whole)
    arrays.free(columns)
    expect([arena.bytes, arrays.alive]).toEqual([held, 1])
    expect(partsOf(list).map(({ address, size }) => [address - whole.address, size])).toEqual([
      [24, 12],
      [8, 1],
    ])
    arrays.free(list)
    expect([arena.bytes, arrays.alive]).toEqual([0, 0])
  })

  it('are freed by their scope without their block when that lives outside of it', () => {
    const whole = arrays.make([8])
    const held = arena.bytes
    arrays.scope(() => {
      arrays.list([{ of: arrays.view(whole, 0, [2, 2]), from: 0, count: 4 }])
    })
    expect([arena.bytes, arrays.alive]).toEqual([held, 1])
  })

  it('know whether their rows follow one another', () => {
    const whole = arrays.make([4, 6])
    expect(whole.whole).toBe(true)
    expect(arrays.view(whole, 0, [4, 3], whole.stride).whole).toBe(false)
    expect(arrays.view(whole, 0, [1, 3], whole.stride).whole).toBe(true)
    expect(arrays.view(whole, 24, [3, 6]).whole).toBe(true)
  })
})

it('freeing twice does no harm to whoever has the memory now', () => {
  const first = arrays.make([10])
  arrays.free(first)
  const second = arrays.make([10])
  expect(second.address).toBe(first.address)
  arrays.free(first)
  expect(second.alive).toBe(true)
  expect(arrays.make([10]).address).not.toBe(second.address)
  expect(arrays.alive).toBe(2)
})

it('zeros are zeros in memory that was used before, and values stay when the memory grows', () => {
  const used = arrays.make([1000])
  arrays.floats(used.address, 1000).fill(7)
  arrays.free(used)
  const zeros = arrays.zeros([1000])
  expect(zeros.address).toBe(used.address)
  expect(arrays.floats(zeros.address, 1000).every(x => x === 0)).toBe(true)
  arrays.floats(zeros.address, 1000).fill(3)
  arrays.make([2 ** 23])
  expect(arrays.floats(zeros.address, 1000).every(x => x === 3)).toBe(true)
  expect(arrays.bytes).toHaveLength(arena.capacity)
})

it('a freed array, and one of another kernel set, is refused by every use', async () => {
  const { kernels, close } = await openSimd(1)
  const composed = await openComposed()
  const x = kernels.upload(Float32Array.of(1, 2), [2])
  const list = kernels.flatten([x])
  const foreign = composed.upload(Float32Array.of(1, 2), [2])
  kernels.free(list, x)
  for (const gone of [x, list]) {
    await expect(kernels.read(gone)).rejects.toThrow(/freed|not a plain array/)
    expect(() => kernels.flatten([gone])).toThrow(/freed|not a plain array/)
  }
  expect(() => simd(x)).toThrow('the array was freed')
  expect(() => kernels.add(x, x)).toThrow('the array was freed')
  expect(() => kernels.gelu(foreign)).toThrow('not a plain array of the SIMD kernels')
  composed.free(foreign)
  close()
})

it('an upload of more or fewer values than its shape has is refused, and leaves no array', async () => {
  const { kernels, close } = await openSimd(1)
  const before = kernels.memory()
  for (const values of [new Float32Array(5), new Float32Array(7), new Int32Array(5), new Int32Array(7)])
    expect(() => kernels.upload(values, [2, 3])).toThrow(
      `${values.length} values do not fill the shape (2, 3)`,
    )
  expect(kernels.memory()).toEqual(before)
  close()
})
