// AdamW over the whole model: two flat vectors, matrices (with weight decay) and the rest, so that a step is a handful
// of kernels however many tensors there are. The arithmetic is `Kernels.adamW`.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { DeviceArray, Kernels } from '../kernels/kernels.ts'
import type { Parameter } from '../model/parameter.ts'
import type { Transformer } from '../model/transformer.ts'

export interface AdamWConfig {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** On matrices only. */
  readonly weightDecay: number
}

interface Group {
  readonly parameters: readonly Parameter[]
  readonly weightDecay: number
  m: DeviceArray
  v: DeviceArray
  /** All gradients in one vector, good as long as they have not changed since. */
  flatGradient: { readonly array: DeviceArray; readonly versions: readonly number[] } | undefined
}

/** The two moments, as prefixes of tensor names in `optimizer.safetensors`. */
const MOMENTS = ['m', 'v'] as const
type Moment = (typeof MOMENTS)[number]

export class AdamW {
  readonly #kernels: Kernels
  readonly #config: AdamWConfig
  readonly #parameters: readonly Parameter[]
  readonly #groups: readonly Group[]

  /** @param model anything with parameters on one device */
  constructor(model: Pick<Transformer, 'kernels' | 'parameters'>, config: AdamWConfig) {
    this.#kernels = model.kernels
    this.#config = config
    this.#parameters = model.parameters
    this.#groups = [true, false]
      .map(decay => ({ decay, parameters: model.parameters.filter(p => p.decay === decay) }))
      .filter(({ parameters }) => parameters.length > 0)
      .map(({ decay, parameters }) => ({
        parameters,
        weightDecay: decay ? config.weightDecay : 0,
        m: this.#zeros(parameters),
        v: this.#zeros(parameters),
        flatGradient: undefined,
      }))
  }

  #zeros(parameters: readonly Parameter[]): DeviceArray {
    const size = parameters.reduce((sum, p) => sum + p.size, 0)
    return this.#kernels.keep(this.#kernels.upload(new Float32Array(size), [size]))
  }

  /** Gradients of all tensors as one vector, kept from the norm to the step; a tensor without one counts as 0. */
  #flatGradient(group: Group): DeviceArray {
    const { parameters, flatGradient } = group
    if (flatGradient && parameters.every((p, i) => p.gradientVersion === flatGradient.versions[i]))
      return flatGradient.array
    this.#forgetFlatGradient(group)
    const array = this.#kernels.scope(() =>
      this.#kernels.keep(
        this.#kernels.flatten(
          parameters.map(p => p.gradient ?? this.#kernels.upload(new Float32Array(p.size), p.innerShape)),
        ),
      ),
    )
    group.flatGradient = { array, versions: parameters.map(p => p.gradientVersion) }
    return array
  }

  #forgetFlatGradient(group: Group): void {
    if (group.flatGradient) this.#kernels.free(group.flatGradient.array)
    group.flatGradient = undefined
  }

  /** √Σg² over all parameters, of the gradients as they were accumulated. */
  async gradientNorm(): Promise<number> {
    return this.#kernels.globalNorm(this.#groups.map(group => this.#flatGradient(group)))
  }

  /**
   * One update. `step` counts from 1. Gradients are multiplied by `gradientScale` first. The caller zeroes them.
   */
  step(options: { learningRate: number; step: number; gradientScale: number }): void {
    const { beta1, beta2, epsilon } = this.#config
    for (const group of this.#groups) {
      const { parameters, weightDecay } = group
      this.#kernels.scope(() => {
        const updated = this.#kernels.adamW(
          {
            value: this.#kernels.flatten(parameters.map(p => p.value)),
            gradient: this.#flatGradient(group),
            m: group.m,
            v: group.v,
          },
          { beta1, beta2, epsilon, weightDecay, ...options },
        )
        group.m = this.#kernels.keep(updated.m)
        group.v = this.#kernels.keep(updated.v)
        const values = this.#kernels.unflatten(
          updated.value,
          parameters.map(p => p.innerShape),
        )
        for (const [i, parameter] of parameters.entries()) parameter.replace(values[i]!)
      })
      this.#forgetFlatGradient(group)
    }
  }

  /** Names and shapes for `optimizer.safetensors`: `m.<tensor>` and `v.<tensor>`, laid out as the tensor itself. */
  tensors(): { name: string; shape: readonly number[] }[] {
    return MOMENTS.flatMap(moment =>
      this.#parameters.map(({ name, shape }) => ({ name: `${moment}.${name}`, shape })),
    )
  }

  async readTensor(name: string): Promise<Float32Array<ArrayBuffer>> {
    const { group, moment, offset, parameter } = this.#find(name)
    const [piece] = this.#kernels.unflatten(group[moment], [parameter.innerShape], offset)
    const values = await this.#kernels.read(piece!)
    this.#kernels.free(piece!)
    return parameter.toFile(values)
  }

  /** @throws LabError `damaged`: a name or size that is not this optimizer's */
  loadTensor(name: string, values: Float32Array): void {
    const { group, moment, parameter } = this.#find(name)
    if (values.length !== parameter.size)
      throw new LabError({
        code: 'damaged',
        what: `the optimizer's tensor ${name} has the wrong size`,
        expected: `${parameter.size} values`,
        got: String(values.length),
        fix: 'resume from another checkpoint',
      })
    const old = group[moment]
    group[moment] = this.#kernels.keep(
      this.#kernels.scope(() => {
        const pieces = this.#kernels.unflatten(
          old,
          group.parameters.map(p => p.innerShape),
        )
        pieces[group.parameters.indexOf(parameter)] = this.#kernels.upload(
          parameter.fromFile(values),
          parameter.innerShape,
        )
        return this.#kernels.flatten(pieces)
      }),
    )
    this.#kernels.free(old)
  }

  #find(name: string): { group: Group; moment: Moment; offset: number; parameter: Parameter } {
    const moment = MOMENTS.find(m => name.startsWith(`${m}.`))
    for (const group of moment ? this.#groups : []) {
      let offset = 0
      for (const parameter of group.parameters) {
        if (name === `${moment}.${parameter.name}`) return { group, moment: moment!, offset, parameter }
        offset += parameter.size
      }
    }
    throw new LabError({
      code: 'damaged',
      what: `the optimizer has no tensor called ${name}`,
      fix: 'resume from a checkpoint of the same model',
    })
  }

  dispose(): void {
    for (const group of this.#groups) {
      this.#forgetFlatGradient(group)
      this.#kernels.free(group.m, group.v)
    }
  }
}
