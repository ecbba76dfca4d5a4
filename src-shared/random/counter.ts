// Counter-based randomness: every draw is a pure function of (seed, stream, step, index), so nothing has to be saved
// to resume a run and drawing samples for the screen never moves training.
// Threefry-2x32, 20 rounds: Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3", the generator of JAX.

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const
const PARITY = 0x1bd11bda

/** One Threefry-2x32-20 block: key (k0, k1) and counter (c0, c1) give two 32-bit words, written to `out`. */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  const k2 = PARITY ^ k0 ^ k1
  let x0 = (c0 + k0) | 0
  let x1 = (c1 + k1) | 0
  for (let round = 0; round < 20; round++) {
    const r = ROTATIONS[round % 8]!
    x0 = (x0 + x1) | 0
    x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0
    if (round % 4 === 3) {
      const i = (round + 1) / 4
      x0 = (x0 + (i % 3 === 0 ? k0 : i % 3 === 1 ? k1 : k2)) | 0
      x1 = (x1 + ((i + 1) % 3 === 0 ? k0 : (i + 1) % 3 === 1 ? k1 : k2) + i) | 0
    }
  }
  out[0] = x0
  out[1] = x1
}

/** FNV-1a, 32 bit: turns a stream's name into a word of the key. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** A stream of draws. Two streams with another seed, name or step share nothing. */
export interface RandomStream {
  /** Uniform whole number in [0, 2³²). */
  uint32(): number
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number
  /** Uniform whole number in [0, n), without bias. */
  integer(n: number): number
  /** Standard normal (Box–Muller). */
  normal(): number
  /** One element. */
  pick<T>(items: readonly T[]): T
  /** Index drawn in proportion to `weights`. */
  weighted(weights: readonly number[]): number
  /** A new shuffled copy (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[]
}

/** Draws number 0, 1, 2 … of the stream called `stream` at `step` of the run seeded with `seed`. */
export function randomStream(seed: number, stream: string, step = 0): RandomStream {
  const block = new Uint32Array(2)
  // The key mixes seed and name; the counter is (draw, step), so streams need no state between steps.
  threefry2x32(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, hash32(stream), stream.length, block)
  const k0 = block[0]!
  const k1 = block[1]!
  let draw = 0
  let left = 0

  function uint32(): number {
    if (left === 0) {
      threefry2x32(k0, k1, draw++, step >>> 0, block)
      left = 2
    }
    return block[2 - left--]!
  }
  const uniform = () => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53
  function integer(n: number): number {
    const limit = 2 ** 32 - (2 ** 32 % n)
    let x = uint32()
    while (x >= limit) x = uint32()
    return x % n
  }
  return {
    uint32,
    uniform,
    integer,
    normal() {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
      return radius * Math.cos(2 * Math.PI * uniform())
    },
    pick: items => items[integer(items.length)]!,
    weighted(weights) {
      let x = uniform() * weights.reduce((sum, weight) => sum + weight, 0)
      const last = weights.length - 1
      for (let i = 0; i < last; i++) {
        x -= weights[i]!
        if (x < 0) return i
      }
      return last
    },
    shuffle(items) {
      const copy = items.slice()
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(i + 1)
        const kept = copy[i]!
        copy[i] = copy[j]!
        copy[j] = kept
      }
      return copy
    },
  }
}

/**
 * Where index `i` goes in a fixed shuffle of 0 … n−1, without making the shuffle: a four-round Feistel network over
 * the next power of four, walked until it lands inside (Black & Rogaway 2002, cycle walking).
 */
export function permutedIndex(i: number, n: number, seed: number, stream: string, step = 0): number {
  if (n <= 1) return 0
  const half = Math.ceil(Math.log2(n) / 2) || 1
  const mask = 2 ** half - 1
  const block = new Uint32Array(2)
  const name = hash32(stream)
  let x = i
  do {
    let left = Math.floor(x / 2 ** half)
    let right = x & mask
    for (let round = 0; round < 4; round++) {
      threefry2x32(seed >>> 0, (name ^ step) >>> 0, right, round, block)
      const next = (left ^ block[0]!) & mask
      left = right
      right = next
    }
    x = left * 2 ** half + right
  } while (x >= n)
  return x
}
