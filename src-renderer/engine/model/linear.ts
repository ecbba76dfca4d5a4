// The linear layer y = x·W + b.
import type { DeviceArray, Kernels } from '../kernels/kernels.ts'
import type { DefineParameter, Parameter } from './parameter.ts'

/** Standard deviation of all first weights (GPT-2, §2.3 of Radford et al. 2019). */
export const INIT_STD = 0.02

export interface LinearSpec {
  /** Without `.weight`. */
  readonly name: string
  readonly inputs: number
  readonly outputs: number
  readonly bias: boolean
  readonly std: number
  /** GPT-2's Conv1D files hold (in, out), Llama's nn.Linear files (out, in). */
  readonly layout: 'in-out' | 'out-in'
}

export class Linear {
  readonly #kernels: Kernels
  readonly #weight: Parameter
  readonly #bias: Parameter | undefined

  constructor(kernels: Kernels, define: DefineParameter, spec: LinearSpec) {
    const { name, inputs, outputs, bias, std, layout } = spec
    this.#kernels = kernels
    this.#weight = define({
      name: `${name}.weight`,
      shape: layout === 'in-out' ? [inputs, outputs] : [outputs, inputs],
      transposed: layout === 'out-in',
      start: { std },
    })
    this.#bias = bias ? define({ name: `${name}.bias`, shape: [outputs], start: { constant: 0 } }) : undefined
  }

  /** x (N, inputs) [+ residual (N, outputs)] → (N, outputs) */
  forward(x: DeviceArray, residual?: DeviceArray): DeviceArray {
    return this.#kernels.linear(x, this.#weight.value, this.#bias?.value, residual)
  }

  /** gelu(x·W + b), and what its backward pass needs. */
  forwardGelu(x: DeviceArray): { out: DeviceArray; inner: DeviceArray } {
    return this.#kernels.linearGelu(x, this.#weight.value, this.#bias?.value)
  }

  /**
   * dOut (N, outputs) → dx (N, inputs). The gradient of the forward pass's residual is dOut itself.
   * @param options `inner`: x was gelu(inner), and dInner is wanted; `residual` (N, inputs): added to what comes out
   */
  backward(
    dOut: DeviceArray,
    x: DeviceArray,
    options: { inner?: DeviceArray; residual?: DeviceArray } = {},
  ): DeviceArray {
    const { dx, dWeight, dBias } = this.#kernels.linearBackward(
      dOut,
      x,
      this.#weight.value,
      this.#bias !== undefined,
      { ...options, dWeight: this.#weight.gradient, dBias: this.#bias?.gradient },
    )
    this.#weight.putGradient(dWeight)
    if (dBias) this.#bias!.putGradient(dBias)
    return dx
  }
}
