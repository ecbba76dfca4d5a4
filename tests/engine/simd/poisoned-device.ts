// A device of the CPU kernels whose memory is full of one pattern wherever nothing was written yet, and which sees what
// is written beyond the block that was asked for.
import type { Kernels } from '../../../src-renderer/engine/kernels/kernels.ts'
import type { SimdKernels } from '../../../src-renderer/engine/kernels/simd/simd.ts'
import { openSimd } from '../kernel-sets.ts'

export interface Poison {
  readonly threads: number
  /** The bits of every float that was not written. */
  readonly bits: number
  /** Bytes taken first, so that all arrays lie above them. They are only address space. */
  readonly above?: number
}

export interface PoisonedDevice {
  readonly kernels: Kernels
  /** The float that fills the memory. */
  readonly filler: number
  /** Kernels that were called, by name. */
  readonly called: ReadonlySet<string>
  /** Where the lowest array was. */
  lowest(): number
  /** What was written beyond its block, of the blocks given back and those that are out. */
  overruns(): string[]
  close(): void
}

export async function openPoisoned({ threads, bits, above = 0 }: Poison): Promise<PoisonedDevice> {
  const { kernels, close } = await openSimd(threads)
  const { arena, pool } = (kernels as SimdKernels).context
  if (above > 0) arena.allocate(above)
  const [allocate, free] = [arena.allocate.bind(arena), arena.free.bind(arena)]
  const words = (address: number, bytes: number) =>
    new Uint32Array(pool.memory.buffer, address, Math.floor(bytes / 4))
  const out = new Map<number, { asked: number; given: number }>()
  const found: string[] = []
  let lowest = Number.POSITIVE_INFINITY

  function look(address: number): void {
    const { asked, given } = out.get(address)!
    const beyond = words(address, given).subarray(Math.ceil(asked / 4))
    const at = beyond.findIndex(word => word !== bits)
    if (at >= 0) found.push(`word ${at} after a block of ${asked} bytes is ${beyond[at]!.toString(16)}`)
  }

  arena.allocate = asked => {
    const before = arena.bytes
    const address = allocate(asked)
    const given = arena.bytes - before
    words(address, given).fill(bits)
    out.set(address, { asked, given })
    lowest = Math.min(lowest, address)
    return address
  }
  arena.free = address => {
    look(address)
    out.delete(address)
    free(address)
  }

  const called = new Set<string>()
  const noting = Object.entries(kernels).map(([name, kernel]) => [
    name,
    typeof kernel === 'function' ? noted(kernel, () => called.add(name)) : kernel,
  ])
  return {
    kernels: Object.fromEntries(noting) as Kernels,
    filler: new Float32Array(Uint32Array.of(bits).buffer)[0]!,
    called,
    lowest: () => lowest,
    overruns: () => {
      for (const address of out.keys()) look(address)
      return found.splice(0)
    },
    close,
  }
}

type Kernel = (...args: unknown[]) => unknown
const noted =
  (kernel: Kernel, note: () => void): Kernel =>
  (...args) => {
    note()
    return kernel(...args)
  }
