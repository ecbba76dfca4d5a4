// What a kernel is given: values that depend on their name alone, the same on every device.
import type { DeviceArray, Kernels } from '../../../src-renderer/engine/kernels/kernels.ts'
import { normals } from '../gradient-check.ts'

export class Given {
  readonly kernels: Kernels
  readonly #gaps: boolean
  readonly #filler: number
  /** @param gaps whether matrices are columns of a wider one  @param filler what stands in the others */
  constructor(kernels: Kernels, gaps: boolean, filler: number) {
    this.kernels = kernels
    this.#gaps = gaps
    this.#filler = filler
  }

  floats(name: string, shape: number[], std = 1): DeviceArray {
    const size = shape.reduce((a, b) => a * b, 1)
    return this.kernels.upload(normals(size, name, std), shape)
  }

  /** (n, width), with other columns to its left and right where the call has gaps. */
  matrix(name: string, n: number, width: number, std = 1): DeviceArray {
    if (!this.#gaps) return this.floats(name, [n, width], std)
    const values = normals(n * width, name, std)
    const wider = new Float32Array(n * (width + 3)).fill(this.#filler)
    for (let row = 0; row < n; row++)
      wider.set(values.subarray(row * width, (row + 1) * width), row * (width + 3) + 1)
    return this.kernels.splitColumns(this.kernels.upload(wider, [n, width + 3]), [1, width, 2])[1]!
  }

  /** `least` … below `below` */
  integers(name: string, n: number, below: number, least = 0): DeviceArray {
    return this.kernels.upload(integersOf(name, n, below, least), [n])
  }
}

export const integersOf = (name: string, n: number, below: number, least = 0): Int32Array =>
  Int32Array.from(normals(n, name), x => least + (Math.floor(Math.abs(x) * 1e4) % (below - least)))

/** (B·T): where the segments of B sequences begin, about `mean` tokens long. */
export function segmentStartsOf(B: number, T: number, mean: number): Int32Array {
  const starts = integersOf(`segments of ${mean}`, B * T, mean)
  for (let n = 0; n < B * T; n++) starts[n] = n % T === 0 || starts[n] === 0 ? n % T : starts[n - 1]!
  return starts
}
