// The feed-forward half of a block: GELU (GPT-2) or SwiGLU (Llama; Shazeer 2020).
// Only what enters the activation is kept; the activation itself is computed again in the backward pass.
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import type { DeviceArray, Kernels } from '../kernels/kernels.ts'
import { INIT_STD, Linear } from './linear.ts'
import type { DefineParameter } from './parameter.ts'

export interface Mlp {
  /** x (N, C), residual (N, C) → residual + mlp(x) */
  forward(x: DeviceArray, residual: DeviceArray): { out: DeviceArray; saved: DeviceArray[] }
  /** dOut (N, C) → dx (N, C), without the residual's share */
  backward(dOut: DeviceArray, x: DeviceArray, saved: DeviceArray[]): DeviceArray
}

export class GeluMlp implements Mlp {
  readonly #kernels: Kernels
  readonly #fc: Linear
  readonly #proj: Linear

  constructor(kernels: Kernels, define: DefineParameter, config: ModelConfig, name: string) {
    const { nEmbd, nInner, nLayer } = config
    this.#kernels = kernels
    const common = { bias: true, layout: 'in-out' } as const
    this.#fc = new Linear(kernels, define, {
      ...common,
      name: `${name}.c_fc`,
      inputs: nEmbd,
      outputs: nInner,
      std: INIT_STD,
    })
    this.#proj = new Linear(kernels, define, {
      ...common,
      name: `${name}.c_proj`,
      inputs: nInner,
      outputs: nEmbd,
      std: INIT_STD / Math.sqrt(2 * nLayer),
    })
  }

  forward(x: DeviceArray, residual: DeviceArray) {
    const { out, inner } = this.#fc.forwardGelu(x)
    return { out: this.#proj.forward(out, residual), saved: [inner] }
  }

  backward(dOut: DeviceArray, x: DeviceArray, saved: DeviceArray[]): DeviceArray {
    const inner = saved[0]!
    const dInner = this.#proj.backward(dOut, this.#kernels.gelu(inner), { inner })
    return this.#fc.backward(dInner, x)
  }
}

export class SwigluMlp implements Mlp {
  readonly #kernels: Kernels
  readonly #gate: Linear
  readonly #up: Linear
  readonly #down: Linear

  constructor(kernels: Kernels, define: DefineParameter, config: ModelConfig, name: string) {
    const { nEmbd, nInner, nLayer } = config
    this.#kernels = kernels
    const common = { bias: false, layout: 'out-in' } as const
    const widen = { ...common, inputs: nEmbd, outputs: nInner, std: INIT_STD }
    this.#gate = new Linear(kernels, define, { ...widen, name: `${name}.gate_proj` })
    this.#up = new Linear(kernels, define, { ...widen, name: `${name}.up_proj` })
    this.#down = new Linear(kernels, define, {
      ...common,
      name: `${name}.down_proj`,
      inputs: nInner,
      outputs: nEmbd,
      std: INIT_STD / Math.sqrt(2 * nLayer),
    })
  }

  forward(x: DeviceArray, residual: DeviceArray) {
    const gate = this.#gate.forward(x)
    const up = this.#up.forward(x)
    return { out: this.#down.forward(this.#kernels.swiglu(gate, up), residual), saved: [gate, up] }
  }

  backward(dOut: DeviceArray, x: DeviceArray, saved: DeviceArray[]): DeviceArray {
    const [gate, up] = saved as [DeviceArray, DeviceArray]
    const dActivated = this.#down.backward(dOut, this.#kernels.swiglu(gate, up))
    const { dGate, dUp } = this.#kernels.swigluBackward(dActivated, gate, up)
    return this.#up.backward(dUp, x, { residual: this.#gate.backward(dGate, x) })
  }
}
