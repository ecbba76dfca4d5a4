// The kernels' memory: blocks never overlap, what is given back becomes one run again, a step that repeats never grows it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Arena } from '../../../src-renderer/engine/kernels/simd/arena.ts'
import { ARENA_START } from '../../../src-renderer/engine/kernels/simd/memory-map.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'

const PAGE = 65_536
/** Kernels may read whole vectors past the end of an array. */
const SLACK = 64

const arenaOf = (maximumPages: number) =>
  new Arena(new WebAssembly.Memory({ initial: 1, maximum: maximumPages }))

/** Take a block of so many bytes, or give back the so-manyth of those that are out. */
type Move = { readonly take: number } | { readonly giveBack: number }

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ take: fc.nat(5000) }) },
  { weight: 1, arbitrary: fc.record({ take: fc.nat(2 ** 21) }) },
  { weight: 3, arbitrary: fc.record({ giveBack: fc.nat() }) },
)
const moves = fc.array(move, { maxLength: 80 })

/**
 * Makes the moves, then gives back what is left, the `pick(left)`-th first.
 * @param beside bytes that were out before  @returns every address that was given out
 */
function play(arena: Arena, moves: readonly Move[], beside = 0, pick = (left: number) => left - 1): number[] {
  const out: { address: number; bytes: number }[] = []
  const addresses: number[] = []
  for (const move of moves) {
    if ('take' in move) {
      const block = { address: arena.allocate(move.take), bytes: move.take + SLACK }
      const end = block.address + block.bytes
      expect(block.address % 64).toBe(0)
      expect(block.address).toBeGreaterThanOrEqual(ARENA_START)
      expect(end).toBeLessThanOrEqual(arena.capacity)
      for (const other of out)
        expect(end <= other.address || other.address + other.bytes <= block.address).toBe(true)
      addresses.push(block.address)
      out.push(block)
    } else if (out.length > 0) arena.free(out.splice(move.giveBack % out.length, 1)[0]!.address)
    const least = beside + out.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(arena.bytes).toBeGreaterThanOrEqual(least)
    expect(arena.bytes).toBeLessThan(least + 64 * out.length + 1)
  }
  while (out.length > 0) arena.free(out.splice(pick(out.length), 1)[0]!.address)
  expect(arena.bytes).toBe(beside)
  return addresses
}

describe('the arena', () => {
  it('knows the most that was out at one time since it was asked to forget', () => {
    const arena = arenaOf(4096)
    const kept = arena.allocate(1000)
    arena.free(arena.allocate(100_000))
    expect(arena.peakBytes).toBeGreaterThanOrEqual(101_000)
    arena.resetPeak()
    expect(arena.peakBytes).toBe(arena.bytes)
    arena.free(arena.allocate(10))
    expect(arena.peakBytes - arena.bytes).toBe(128)
    arena.free(kept)
    expect(arena.peakBytes).toBeGreaterThan(1000)
  })

  it('gives out blocks that touch no other, and takes all back into one run, in any order', () => {
    fc.assert(
      fc.property(moves, fc.infiniteStream(fc.nat()), (moves, order) => {
        const arena = arenaOf(4096)
        play(arena, moves, 0, left => order.next().value % left)
        const { capacity } = arena
        expect(arena.allocate(capacity - ARENA_START - SLACK)).toBe(ARENA_START)
        expect(arena.capacity).toBe(capacity)
      }),
    )
  })

  it('gives the same blocks for a step as for the one before, and never grows after the second', () => {
    fc.assert(
      fc.property(moves, moves, (before, step) => {
        const arena = arenaOf(4096)
        // Weights that live through every step, and the holes between them.
        const held = before.flatMap(move => ('take' in move ? [arena.allocate(move.take)] : []))
        for (const [i, address] of held.entries()) if (i % 3 === 0) arena.free(address)
        const beside = arena.bytes
        play(arena, step, beside)
        play(arena, step, beside)
        const { capacity } = arena
        expect(play(arena, step, beside)).toEqual(play(arena, step, beside))
        expect(arena.capacity).toBe(capacity)
      }),
    )
  })

  it('says how much there is and how much more was asked for when memory ends, and goes on with what there is', () => {
    const arena = arenaOf(320)
    const held = arena.allocate(15 * 2 ** 20)
    const ask = () => arena.allocate(9 * 2 ** 20)
    expect(ask).toThrow(LabError)
    expect(ask).toThrow(/need more memory.*17 MiB in use and 10 MiB more/s)
    const { capacity } = arena
    arena.free(held)
    expect(arena.allocate(9 * 2 ** 20)).toBe(ARENA_START)
    expect(arena.capacity).toBe(capacity)
  })

  it('takes the last page that there is, and no more than 4 GiB', () => {
    const arena = arenaOf(18)
    expect(arena.allocate(17 * PAGE)).toBe(ARENA_START)
    expect(arena.capacity).toBe(18 * PAGE)
    expect(() => arenaOf(65_536).allocate(2 ** 32)).toThrow(/need more memory/)
  })

  it('refuses to take back what it did not give, or gave and has back', () => {
    const arena = arenaOf(2)
    const address = arena.allocate(100)
    arena.free(address)
    expect(() => arena.free(address)).toThrow(/nothing was allocated/)
    expect(() => arena.free(address + 64)).toThrow(/nothing was allocated/)
  })
})
