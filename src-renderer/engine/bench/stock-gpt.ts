// The peer that our kernels are measured against: the same GPT-2 as anyone would write it in stock TF.js, with its
// automatic differentiation and its Adam. Used by the bench alone.
import * as tf from '@tensorflow/tfjs-core'
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'

type Weights = Record<string, tf.Variable>

export class StockGpt {
  readonly #config: ModelConfig
  readonly #weights: Weights = {}
  readonly #optimizer: tf.AdamOptimizer
  readonly #mask: tf.Tensor2D

  /** @param config GPT-2 family with a tied head */
  constructor(config: ModelConfig, learningRate: number) {
    const { nEmbd, nInner, nLayer, vocabularySize, contextLength } = config
    this.#config = config
    this.#optimizer = tf.train.adam(learningRate, 0.9, 0.99)
    this.#mask = tf.tidy(() => {
      const future = tf.sub(1, tf.linalg.bandPart(tf.ones([contextLength, contextLength]), -1, 0))
      return tf.mul(future, -1e9)
    }) as tf.Tensor2D
    const normal = (name: string, shape: number[]) => {
      const random = randomStream(1, `stock/${name}`)
      const size = shape.reduce((a, b) => a * b, 1)
      const values = Float32Array.from({ length: size }, () => 0.02 * random.normal())
      this.#weights[name] = tf.tidy(() => tf.variable(tf.tensor(values, shape)))
    }
    const constant = (name: string, size: number, value: number) => {
      this.#weights[name] = tf.tidy(() => tf.variable(tf.fill([size], value)))
    }
    const linear = (name: string, inputs: number, outputs: number) => {
      normal(`${name}.weight`, [inputs, outputs])
      constant(`${name}.bias`, outputs, 0)
    }
    const norm = (name: string) => {
      constant(`${name}.weight`, nEmbd, 1)
      constant(`${name}.bias`, nEmbd, 0)
    }
    normal('wte', [vocabularySize, nEmbd])
    normal('wpe', [contextLength, nEmbd])
    for (let i = 0; i < nLayer; i++) {
      norm(`h.${i}.ln_1`)
      linear(`h.${i}.c_attn`, nEmbd, 3 * nEmbd)
      linear(`h.${i}.attn_proj`, nEmbd, nEmbd)
      norm(`h.${i}.ln_2`)
      linear(`h.${i}.c_fc`, nEmbd, nInner)
      linear(`h.${i}.mlp_proj`, nInner, nEmbd)
    }
    norm('ln_f')
  }

  #linear(x: tf.Tensor, name: string): tf.Tensor {
    const weight = this.#weights[`${name}.weight`] as tf.Tensor2D
    return tf.add(tf.matMul(x as tf.Tensor2D, weight), this.#weights[`${name}.bias`]!)
  }

  #norm(x: tf.Tensor, name: string): tf.Tensor {
    const { mean, variance } = tf.moments(x, -1, true)
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, this.#config.normEpsilon)))
    return tf.add(tf.mul(normal, this.#weights[`${name}.weight`]!), this.#weights[`${name}.bias`]!)
  }

  #attention(x: tf.Tensor, batchSize: number, length: number): tf.Tensor {
    const { nHead, nEmbd } = this.#config
    const headDim = nEmbd / nHead
    const [q, k, v] = tf.split(x, 3, 1).map(part => {
      const heads = tf.reshape(part, [batchSize, length, nHead, headDim])
      return tf.transpose(heads, [0, 2, 1, 3])
    }) as [tf.Tensor, tf.Tensor, tf.Tensor]
    const mask = tf.slice(this.#mask, [0, 0], [length, length])
    const scores = tf.add(tf.div(tf.matMul(q, k, false, true), Math.sqrt(headDim)), mask)
    const out = tf.matMul(tf.softmax(scores), v)
    return tf.reshape(tf.transpose(out, [0, 2, 1, 3]), [batchSize * length, nEmbd])
  }

  #gelu(x: tf.Tensor): tf.Tensor {
    const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3))))
    return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)))
  }

  #loss(tokens: tf.Tensor1D, targets: tf.Tensor1D, batchSize: number, length: number): tf.Scalar {
    const { nEmbd, nLayer, vocabularySize } = this.#config
    const wte = this.#weights.wte as tf.Tensor2D
    // The gradient of tf.gather has no kernel on wasm; a one-hot product is the usual way round.
    const embedded =
      tf.getBackend() === 'wasm'
        ? tf.matMul(tf.cast(tf.oneHot(tokens, vocabularySize, 1, 0, 'int32'), 'float32') as tf.Tensor2D, wte)
        : tf.gather(wte, tokens)
    const positions = tf.slice(this.#weights.wpe!, [0, 0], [length, nEmbd])
    let x = tf.reshape(tf.add(tf.reshape(embedded, [batchSize, length, nEmbd]), positions), [-1, nEmbd])
    for (let i = 0; i < nLayer; i++) {
      const qkv = this.#linear(this.#norm(x, `h.${i}.ln_1`), `h.${i}.c_attn`)
      x = tf.add(x, this.#linear(this.#attention(qkv, batchSize, length), `h.${i}.attn_proj`))
      const inner = this.#gelu(this.#linear(this.#norm(x, `h.${i}.ln_2`), `h.${i}.c_fc`))
      x = tf.add(x, this.#linear(inner, `h.${i}.mlp_proj`))
    }
    const logits = tf.matMul(this.#norm(x, 'ln_f') as tf.Tensor2D, wte, false, true)
    const labels = tf.cast(tf.oneHot(targets, vocabularySize, 1, 0, 'int32'), 'float32') as tf.Tensor2D
    return tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar
  }

  /** One optimizer step; the mean loss in nats before it. */
  async step(tokens: Int32Array, targets: Int32Array, batchSize: number, length: number): Promise<number> {
    const loss = tf.tidy(() => {
      const x = tf.tensor1d(tokens, 'int32')
      const y = tf.tensor1d(targets, 'int32')
      const variables = Object.values(this.#weights)
      return this.#optimizer.minimize(() => this.#loss(x, y, batchSize, length), true, variables)!
    })
    const [value] = await loss.data()
    loss.dispose()
    return value!
  }

  dispose(): void {
    this.#optimizer.dispose()
    this.#mask.dispose()
    for (const weight of Object.values(this.#weights)) weight.dispose()
  }
}
