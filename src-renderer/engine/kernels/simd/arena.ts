// The kernels' memory: one WebAssembly memory, handed out in blocks and taken back. A training step asks for the same
// blocks in the same order as the one before, so after the first steps the memory never grows.
import { LabError } from '../../../../src-shared/contract/errors.ts'
import { ARENA_START } from './memory-map.ts'

/** A cache line; so two threads never write the same line of different arrays. */
const ALIGNMENT = 64
/** Kernels read whole vectors, and whole tiles of B, past the end of an array. */
const SLACK = 64
const PAGE = 65_536
/** Growing is slow on some systems: at least this much at once. */
const LEAST_GROWTH = 16 * 2 ** 20

export class Arena {
  readonly #memory: WebAssembly.Memory
  /** Free runs in order of address, never touching each other. */
  readonly #free: { address: number; bytes: number }[]
  readonly #taken = new Map<number, number>()
  #bytes = 0
  #peakBytes = 0

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory
    this.#free = [{ address: ARENA_START, bytes: memory.buffer.byteLength - ARENA_START }]
  }

  /** Bytes handed out. */
  get bytes(): number {
    return this.#bytes
  }

  /** The most that were handed out at one time since `resetPeak`. */
  get peakBytes(): number {
    return this.#peakBytes
  }

  resetPeak(): void {
    this.#peakBytes = this.#bytes
  }

  /** Bytes of the whole memory, the peak so far: it never shrinks. */
  get capacity(): number {
    return this.#memory.buffer.byteLength
  }

  /** @returns the address of at least `bytes` bytes, with whatever was there before @throws LabError `no-space` */
  allocate(bytes: number): number {
    const size = Math.ceil((bytes + SLACK) / ALIGNMENT) * ALIGNMENT
    const run = this.#smallestRun(size) ?? this.#grow(size)
    const { address } = run
    if (run.bytes === size) this.#free.splice(this.#free.indexOf(run), 1)
    else {
      run.address += size
      run.bytes -= size
    }
    this.#taken.set(address, size)
    this.#bytes += size
    if (this.#bytes > this.#peakBytes) this.#peakBytes = this.#bytes
    return address
  }

  #smallestRun(size: number) {
    let best: { address: number; bytes: number } | undefined
    for (const run of this.#free) if (run.bytes >= size && (!best || run.bytes < best.bytes)) best = run
    return best
  }

  #grow(size: number) {
    const end = this.#memory.buffer.byteLength
    const last = this.#free.at(-1)
    const atEnd = last !== undefined && last.address + last.bytes === end ? last : undefined
    const missing = size - (atEnd?.bytes ?? 0)
    const pages = this.#growBy(Math.max(missing, LEAST_GROWTH, end / 8)) ?? this.#growBy(missing)
    if (pages === undefined)
      throw new LabError({
        code: 'no-space',
        what: 'the CPU kernels need more memory than there is',
        expected: 'at most 4 GiB, and what the system gives',
        got: `${Math.ceil(end / 2 ** 20)} MiB in use and ${Math.ceil(size / 2 ** 20)} MiB more`,
        fix: 'use a smaller batch with more accumulation, a shorter context or a smaller model',
      })
    if (atEnd) {
      atEnd.bytes += pages * PAGE
      return atEnd
    }
    const run = { address: end, bytes: pages * PAGE }
    this.#free.push(run)
    return run
  }

  /** @returns by how many pages, or undefined where that is too much */
  #growBy(bytes: number): number | undefined {
    const pages = Math.ceil(bytes / PAGE)
    try {
      this.#memory.grow(pages)
      return pages
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return undefined
    }
  }

  free(address: number): void {
    const size = this.#taken.get(address)
    if (size === undefined) throw new Error(`nothing was allocated at ${address}`)
    this.#taken.delete(address)
    this.#bytes -= size
    let low = 0
    for (let high = this.#free.length; low < high; ) {
      const middle = (low + high) >>> 1
      if (this.#free[middle]!.address < address) low = middle + 1
      else high = middle
    }
    const before = this.#free[low - 1]
    const after = this.#free[low]
    const joinsBefore = before !== undefined && before.address + before.bytes === address
    const joinsAfter = after !== undefined && address + size === after.address
    if (joinsBefore && joinsAfter) {
      before.bytes += size + after.bytes
      this.#free.splice(low, 1)
    } else if (joinsBefore) before.bytes += size
    else if (joinsAfter) {
      after.address = address
      after.bytes += size
    } else this.#free.splice(low, 0, { address, bytes: size })
  }
}
