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

  /** dOut (N, outputs) → dx (N, inputs). The residual's gradient is dOut itself. */
  backward(dOut: DeviceArray, x: DeviceArray): DeviceArray {
    const hasBias = this.#bias !== undefined
    const { dx, dWeight, dBias } = this.#kernels.linearBackward(dOut, x, this.#weight.value, hasBias)
    this.#weight.accumulate(dWeight)
    if (dBias) this.#bias!.accumulate(dBias)
    return dx
  }
}
