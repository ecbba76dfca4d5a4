// The checkpoints that texts are written or scored with: loaded once, kept until they are released. How many fit, the core decides.
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import type { Transformer } from '../model/transformer.ts'
import { batchScores } from '../phases/batch-scores.ts'
import { Decoder } from './decoder.ts'

export interface CheckpointModel {
  readonly checkpoint: string
  readonly model: ModelConfig
}

interface Loaded {
  readonly model: Promise<Transformer>
  users: number
  released: boolean
}

export class LoadedModels {
  readonly #read: (checkpoint: CheckpointModel) => Promise<Transformer>
  readonly #loaded = new Map<string, Loaded>()
  /** Settles when nothing is being read. */
  #reading: Promise<unknown> = Promise.resolve()
  #users = 0

  /** @param read makes a checkpoint's model, or leaves nothing behind */
  constructor(read: (checkpoint: CheckpointModel) => Promise<Transformer>) {
    this.#read = read
  }

  get inUse(): boolean {
    return this.#users > 0
  }

  /**
   * Gives `work` the checkpoint's model, loading it where it is not; while `work` lasts nobody takes it away.
   * @throws what loading or `work` throws
   */
  async use<T>(checkpoint: CheckpointModel, work: (model: Transformer) => Promise<T>): Promise<T> {
    const loaded = this.#loaded.get(checkpoint.checkpoint) ?? this.#load(checkpoint)
    loaded.users++
    this.#users++
    try {
      return await work(await loaded.model)
    } finally {
      loaded.users--
      this.#users--
      if (loaded.released && loaded.users === 0) await dispose(loaded)
    }
  }

  /** Forgets a checkpoint, or all. The memory of one in use is given back when its last user is done. */
  async release(checkpoint?: string): Promise<void> {
    for (const [id, loaded] of this.#loaded) {
      if (checkpoint !== undefined && id !== checkpoint) continue
      this.#loaded.delete(id)
      loaded.released = true
      if (loaded.users === 0) await dispose(loaded)
    }
  }

  #load(checkpoint: CheckpointModel): Loaded {
    const { checkpoint: id } = checkpoint
    const model = this.#reading.then(() => this.#read(checkpoint))
    const loaded: Loaded = { model, users: 0, released: false }
    this.#loaded.set(id, loaded)
    // One at a time, whatever becomes of the one before.
    this.#reading = Promise.allSettled([model])
    // A failure is not kept: the next one who asks tries again.
    loaded.model.catch(() => {
      if (this.#loaded.get(id) === loaded) this.#loaded.delete(id)
    })
    return loaded
  }
}

/**
 * Runs the model once, so that all that it needs is there before a text waits for it: a GPU takes weights when they are
 * first used, and compiles its programs then.
 */
export async function warmUp(model: Transformer): Promise<void> {
  if (model.config.head === 'score') {
    const one = Int32Array.of(0)
    await batchScores(model.kernels, model, {
      batchSize: 1,
      length: 1,
      tokens: one,
      segmentStarts: one,
      ends: one,
    })
    return
  }
  const decoder = new Decoder(model)
  try {
    await decoder.prefill([Int32Array.of(0)], [0])
  } finally {
    decoder.dispose()
  }
}

/** A model that was never there leaves nothing to give back. */
async function dispose({ model }: Loaded): Promise<void> {
  const [result] = await Promise.allSettled([model])
  if (result.status === 'fulfilled') result.value.dispose()
}
