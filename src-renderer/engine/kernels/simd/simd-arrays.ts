// Arrays in the kernels' memory. Several arrays may be views of one block, which is given back with the last of them;
// a list is a vector made of pieces that stay where they are. Scopes free what was made in them, as `tf.tidy` does.
import type { DeviceArray } from '../kernels.ts'
import type { Arena } from './arena.ts'

class Block {
  readonly address: number
  views = 0
  constructor(address: number) {
    this.address = address
  }
}

export class SimdArray implements DeviceArray {
  readonly shape: readonly number[]
  readonly dtype: DeviceArray['dtype']
  readonly block: Block
  readonly address: number
  /** Bytes from row to row, a row being the last axis. */
  readonly stride: number
  alive = true

  constructor(
    block: Block,
    address: number,
    shape: readonly number[],
    dtype: DeviceArray['dtype'],
    stride = 4 * (shape.at(-1) ?? 1),
  ) {
    this.block = block
    this.address = address
    this.shape = shape
    this.dtype = dtype
    this.stride = stride
  }

  get size(): number {
    return sizeOf(this.shape)
  }

  /** Values of a row. */
  get width(): number {
    return this.shape.at(-1) ?? 1
  }

  get rows(): number {
    return this.width === 0 ? 0 : this.size / this.width
  }

  /** Whether its rows follow one another without a gap. */
  get whole(): boolean {
    return this.stride === 4 * this.width || this.rows <= 1
  }
}

export class SimdList implements DeviceArray {
  readonly shape: readonly number[]
  readonly dtype = 'float32'
  readonly parts: readonly SimdArray[]
  alive = true

  constructor(parts: readonly SimdArray[]) {
    this.parts = parts
    this.shape = [parts.reduce((sum, part) => sum + part.size, 0)]
  }
}

type Owned = SimdArray | SimdList

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** @throws Error for an array that is freed or of another kernel set: a fault in the code that calls */
export function simd(x: DeviceArray): SimdArray {
  if (x instanceof SimdArray && x.alive) return x
  throw new Error(x instanceof SimdArray ? 'the array was freed' : 'not a plain array of the SIMD kernels')
}

/** The pieces of a vector, one or many. */
export function partsOf(x: DeviceArray): readonly SimdArray[] {
  if (x instanceof SimdList && x.alive) return x.parts
  return [simd(x)]
}

export class SimdArrays {
  readonly #arena: Arena
  readonly #memory: WebAssembly.Memory
  readonly #scopes: Set<Owned>[] = []
  readonly #kept = new WeakSet<Owned>()
  #alive = 0
  #bytes = new Uint8Array()

  constructor(arena: Arena, memory: WebAssembly.Memory) {
    this.#arena = arena
    this.#memory = memory
  }

  get alive(): number {
    return this.#alive
  }

  /** All of the memory, until it grows. */
  get bytes(): Uint8Array {
    if (this.#bytes.buffer !== this.#memory.buffer) this.#bytes = new Uint8Array(this.#memory.buffer)
    return this.#bytes
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, length)
  }

  /** A new array with whatever was in its memory before. */
  make(shape: readonly number[], dtype: DeviceArray['dtype'] = 'float32'): SimdArray {
    const block = new Block(this.#arena.allocate(4 * sizeOf(shape)))
    return this.#own(new SimdArray(block, block.address, shape, dtype))
  }

  zeros(shape: readonly number[]): SimdArray {
    const made = this.make(shape)
    this.bytes.fill(0, made.address, made.address + 4 * made.size)
    return made
  }

  /** The same memory, from `offset` bytes on, in another shape. */
  view(of: SimdArray, offset: number, shape: readonly number[], stride?: number): SimdArray {
    return this.#own(new SimdArray(of.block, of.address + offset, shape, of.dtype, stride))
  }

  /** A vector of pieces that stay where they are. */
  list(pieces: readonly { of: SimdArray; from: number; count: number }[]): SimdList {
    const parts = pieces.map(({ of, from, count }) => {
      of.block.views++
      return new SimdArray(of.block, of.address + 4 * from, [count], of.dtype)
    })
    return this.#own(new SimdList(parts))
  }

  #own<A extends Owned>(array: A): A {
    if (array instanceof SimdArray) array.block.views++
    this.#alive++
    this.#scopes.at(-1)?.add(array)
    return array
  }

  free(array: DeviceArray): void {
    const owned = array as Owned
    if (!owned.alive) return
    owned.alive = false
    this.#alive--
    for (const view of owned instanceof SimdList ? owned.parts : [owned])
      if (--view.block.views === 0) this.#arena.free(view.block.address)
  }

  keep<A extends DeviceArray>(array: A): A {
    this.#kept.add(array as unknown as Owned)
    return array
  }

  scope<T>(body: () => T): T {
    const made = new Set<Owned>()
    this.#scopes.push(made)
    let returned = new Set<unknown>()
    try {
      const result = body()
      returned = arraysIn(result)
      return result
    } finally {
      this.#scopes.pop()
      const outer = this.#scopes.at(-1)
      for (const array of made) {
        if (!array.alive || this.#kept.has(array)) continue
        if (returned.has(array)) outer?.add(array)
        else this.free(array)
      }
    }
  }
}

/** Arrays in a result: itself, or in its lists and plain objects. */
function arraysIn(result: unknown, found = new Set<unknown>()): Set<unknown> {
  if (result instanceof SimdArray || result instanceof SimdList) found.add(result)
  else if (Array.isArray(result)) for (const item of result) arraysIn(item, found)
  else if (result !== null && typeof result === 'object')
    for (const item of Object.values(result)) arraysIn(item, found)
  return found
}
