// Finite differences: what every backward pass is checked against.
import { expect } from 'vitest'
import type { DeviceArray, Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { randomStream } from '../../src-shared/random/counter.ts'

/** Reproducible values, normal with this standard deviation. */
export function normals(size: number, name: string, std = 1): Float32Array<ArrayBuffer> {
  const random = randomStream(7, `test/${name}`)
  return Float32Array.from({ length: size }, () => std * random.normal())
}

export interface GradientCheck {
  /** Directions tried per input. */
  readonly directions?: number
  readonly step?: number
  /** Largest difference, relative to the size of the derivative, plus the noise of float32 sums. */
  readonly tolerance?: number
}

/**
 * Compares the gradients of Σ weights·f(inputs) with central differences along random directions, one input at a time.
 * f computes in float32, so the sum is taken in float64 outside it and the step is large: 1e-2 leaves an error of
 * step² · third derivative and rounding / step, both near 1e-4 of the derivative.
 */
export async function expectGradients(
  kernels: Kernels,
  inputs: Record<string, { values: Float32Array; shape: readonly number[] }>,
  f: (arrays: Record<string, DeviceArray>) => DeviceArray,
  gradients: (arrays: Record<string, DeviceArray>, dOut: DeviceArray) => Record<string, DeviceArray>,
  { directions = 3, step = 1e-2, tolerance = 2e-3 }: GradientCheck = {},
): Promise<void> {
  const upload = (changed?: { name: string; values: Float32Array }) =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, { values, shape }]) => [
        name,
        kernels.upload(name === changed?.name ? changed.values : values, shape),
      ]),
    )
  let weights: Float32Array | undefined
  const value = async (changed?: { name: string; values: Float32Array }): Promise<number> => {
    const out = kernels.scope(() => f(upload(changed)))
    const values = await kernels.read(out)
    kernels.free(out)
    weights ??= normals(values.length, 'weights')
    return values.reduce((sum, y, i) => sum + y * weights![i]!, 0)
  }
  await value()
  const analytic = kernels.scope(() => {
    const arrays = upload()
    const shape = f(arrays).shape
    return gradients(arrays, kernels.upload(weights!, shape))
  })
  for (const [name, gradient] of Object.entries(analytic)) {
    const dx = await kernels.read(gradient)
    const { values, shape } = inputs[name]!
    expect(gradient.shape, `shape of the gradient of ${name}`).toEqual(shape)
    for (let d = 0; d < directions; d++) {
      const direction = normals(values.length, `direction/${name}/${d}`)
      const length = Math.sqrt(direction.reduce((sum, x) => sum + x * x, 0))
      const move = (by: number) => values.map((x, i) => x + (by * direction[i]!) / length)
      const plus = await value({ name, values: move(step) })
      const minus = await value({ name, values: move(-step) })
      const numeric = (plus - minus) / (2 * step)
      const exact = dx.reduce((sum, g, i) => sum + (g * direction[i]!) / length, 0)
      const size = Math.sqrt(dx.reduce((sum, g) => sum + g * g, 0) / dx.length)
      const error = Math.abs(numeric - exact)
      expect(error, `gradient of ${name}: ${exact} against ${numeric} by differences`).toBeLessThanOrEqual(
        tolerance * (Math.abs(exact) + size + 1e-3),
      )
    }
    kernels.free(gradient)
  }
}
