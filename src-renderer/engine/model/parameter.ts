// One trainable tensor: its name and shape as in a Hugging Face file, its value on the device, its gradient.
import { LabError } from '../../../src-shared/contract/errors.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'
import type { DeviceArray, Kernels } from '../kernels/kernels.ts'

export interface ParameterSpec {
  /** As `transformers` names it. */
  readonly name: string
  /** As in the file. */
  readonly shape: readonly number[]
  /** First values: a constant, or a normal distribution around 0. */
  readonly start: { constant: number } | { std: number }
  /** The file holds (out, in), as torch.nn.Linear does; the kernels want (in, out). */
  readonly transposed?: boolean
}

export class Parameter {
  readonly name: string
  readonly shape: readonly number[]
  /** Decoupled weight decay applies to matrices, embeddings included, not to biases and gains (as nanoGPT). */
  readonly decay: boolean
  /** As the kernels see it. */
  readonly innerShape: readonly number[]
  /** Counts the changes of `gradient`: kernels may add to it in place, so that its handle stays the same. */
  gradientVersion = 0
  readonly #kernels: Kernels
  readonly #spec: ParameterSpec
  #value: DeviceArray | undefined
  #gradient: DeviceArray | undefined

  constructor(kernels: Kernels, spec: ParameterSpec) {
    this.#kernels = kernels
    this.#spec = spec
    this.name = spec.name
    this.shape = spec.shape
    this.decay = spec.shape.length >= 2
    this.innerShape = spec.transposed ? [spec.shape[1]!, spec.shape[0]!] : spec.shape
  }

  get size(): number {
    return this.shape.reduce((a, b) => a * b, 1)
  }

  /** @throws LabError `damaged` while nothing was loaded or drawn */
  get value(): DeviceArray {
    if (this.#value) return this.#value
    throw new LabError({
      code: 'damaged',
      what: `the tensor ${this.name} was never loaded`,
      fix: 'use another checkpoint; this one does not fit its model',
    })
  }

  /** Takes over `value`, frees its predecessor. */
  replace(value: DeviceArray): void {
    const old = this.#value
    this.#value = this.#kernels.keep(value)
    if (old && old !== value) this.#kernels.free(old)
  }

  /** Draws the first values from the tensor's own stream of `seed`. */
  initialize(seed: number): void {
    const { start, name } = this.#spec
    const values = new Float32Array(this.size)
    if ('constant' in start) values.fill(start.constant)
    else {
      const random = randomStream(seed, `init/${name}`)
      for (let i = 0; i < values.length; i++) values[i] = start.std * random.normal()
    }
    this.load(values)
  }

  /** @param values row-major, as in the file */
  load(values: Float32Array): void {
    if (values.length !== this.size)
      throw new LabError({
        code: 'damaged',
        what: `the tensor ${this.name} has the wrong size`,
        expected: `${this.size} values (${this.shape.join(' × ')})`,
        got: String(values.length),
        fix: 'use another checkpoint; this one does not fit its model',
      })
    this.replace(this.#kernels.upload(this.fromFile(values), this.innerShape))
  }

  /** Values in the layout of the file → in the layout of the kernels. */
  fromFile(values: Float32Array): Float32Array {
    return this.#spec.transposed ? transposed(values, this.shape[0]!, this.shape[1]!) : values
  }

  /** The reverse of `fromFile`. */
  toFile(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    return this.#spec.transposed ? transposed(values, this.shape[1]!, this.shape[0]!) : values
  }

  /** Of this step so far, absent = 0. A kernel may be given it to use up; the sum comes back through `putGradient`. */
  get gradient(): DeviceArray | undefined {
    return this.#gradient
  }

  /** Takes over `sum`, in the memory of the gradient so far or in another. */
  putGradient(sum: DeviceArray): void {
    if (this.#gradient && this.#gradient !== sum) this.#kernels.free(this.#gradient)
    this.#gradient = this.#kernels.keep(sum)
    this.gradientVersion++
  }

  zeroGradient(): void {
    if (this.#gradient) this.#kernels.free(this.#gradient)
    this.#gradient = undefined
    this.gradientVersion++
  }

  dispose(): void {
    this.zeroGradient()
    if (this.#value) this.#kernels.free(this.#value)
    this.#value = undefined
  }
}

/** Makes the parameters of one model and keeps their order, which is the order of the file. */
export type DefineParameter = (spec: ParameterSpec) => Parameter

function transposed(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j]!
  return out
}
