// Normalisation: LayerNorm (GPT-2) or RMSNorm (Llama).
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import type { DeviceArray, Kernels } from '../kernels/kernels.ts'
import type { DefineParameter, Parameter } from './parameter.ts'

export class Norm {
  readonly #kernels: Kernels
  readonly #epsilon: number
  readonly #gain: Parameter
  readonly #bias: Parameter | undefined

  constructor(kernels: Kernels, define: DefineParameter, config: ModelConfig, name: string) {
    this.#kernels = kernels
    this.#epsilon = config.normEpsilon
    const shape = [config.nEmbd]
    this.#gain = define({ name: `${name}.weight`, shape, start: { constant: 1 } })
    this.#bias =
      config.family === 'gpt2' ? define({ name: `${name}.bias`, shape, start: { constant: 0 } }) : undefined
  }

  /** x (N, C) → (N, C) */
  forward(x: DeviceArray): DeviceArray {
    return this.#bias
      ? this.#kernels.layerNorm(x, this.#gain.value, this.#bias.value, this.#epsilon)
      : this.#kernels.rmsNorm(x, this.#gain.value, this.#epsilon)
  }

  /** dOut (N, C) → dx (N, C) [+ residual (N, C)] */
  backward(dOut: DeviceArray, x: DeviceArray, residual?: DeviceArray): DeviceArray {
    const options = { residual, dGain: this.#gain.gradient }
    if (!this.#bias) {
      const { dx, dGain } = this.#kernels.rmsNormBackward(dOut, x, this.#gain.value, this.#epsilon, options)
      this.#gain.putGradient(dGain)
      return dx
    }
    const { dx, dGain, dBias } = this.#kernels.layerNormBackward(dOut, x, this.#gain.value, this.#epsilon, {
      ...options,
      dBias: this.#bias.gradient,
    })
    this.#gain.putGradient(dGain)
    this.#bias.putGradient(dBias)
    return dx
  }
}
