import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { permutedIndex, randomStream, threefry2x32 } from '../../../src-shared/random/counter.ts'

const block = (k0: number, k1: number, c0: number, c1: number) => {
  const out = new Uint32Array(2)
  threefry2x32(k0, k1, c0, c1, out)
  return [...out].map(word => word.toString(16).padStart(8, '0')).join(' ')
}

describe('the counter-based generator', () => {
  test("agrees with the known answers of Random123's threefry2x32, 20 rounds", () => {
    expect(block(0, 0, 0, 0)).toBe('6b200159 99ba4efe')
    expect(block(-1, -1, -1, -1)).toBe('1cb996fc bb002be7')
    expect(block(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3)).toBe('c4923a9c 483df7a0')
  })

  test('gives the same draws for the same seed, stream and step, and others for any other', () => {
    const draws = (seed: number, stream: string, step: number) => {
      const random = randomStream(seed, stream, step)
      return Array.from({ length: 8 }, () => random.uint32()).join()
    }
    expect(draws(7, 'init', 3)).toBe(draws(7, 'init', 3))
    const all = [
      draws(7, 'init', 3),
      draws(8, 'init', 3),
      draws(7, 'data', 3),
      draws(7, 'init', 4),
      draws(7 + 2 ** 40, 'init', 3),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  test('draws uniform, integer and normal numbers with the right mean and spread', () => {
    const random = randomStream(1, 'test')
    const n = 20_000
    const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length
    const uniforms = Array.from({ length: n }, () => random.uniform())
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...uniforms)).toBeLessThan(1)
    expect(mean(uniforms)).toBeCloseTo(0.5, 1)
    const normals = Array.from({ length: n }, () => random.normal())
    expect(Math.abs(mean(normals))).toBeLessThan(0.03)
    expect(Math.abs(mean(normals.map(x => x * x)) - 1)).toBeLessThan(0.05)
    const dice = Array.from({ length: n }, () => random.integer(6))
    for (let face = 0; face < 6; face++)
      expect(Math.abs(dice.filter(d => d === face).length / n - 1 / 6)).toBeLessThan(0.015)
  })

  test('picks by weight, and never an item of weight 0', () => {
    const random = randomStream(2, 'weights')
    const counts = [0, 0, 0]
    for (let i = 0; i < 9000; i++) counts[random.weighted([1, 0, 2])]!++
    expect(counts[1]).toBe(0)
    expect(Math.abs(counts[2]! / 9000 - 2 / 3)).toBeLessThan(0.02)
  })

  test('permutes: every index of 0 … n−1 is reached exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.nat(), fc.nat(1000), (n, seed, step) => {
        const reached = new Set(Array.from({ length: n }, (_, i) => permutedIndex(i, n, seed, 'order', step)))
        return reached.size === n && [...reached].every(i => i >= 0 && i < n)
      }),
      { numRuns: 60 },
    )
  })

  test('permutes differently in every epoch, and not in order', () => {
    const order = (step: number) =>
      Array.from({ length: 100 }, (_, i) => permutedIndex(i, 100, 5, 'order', step))
    expect(order(0)).not.toEqual(order(1))
    expect(order(0).filter((x, i) => x === i).length).toBeLessThan(10)
  })
})
