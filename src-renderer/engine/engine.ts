// The engine: pure compute behind one channel. It is told what to train or to continue, pulls weights and batches from
// the core, and gives back metrics, samples and weights. The same code in a hidden window, a page and a Node worker.
import {
  engineHostMethods,
  engineHostTopics,
  engineMethods,
  engineTopics,
} from '../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../src-shared/contract/errors.ts'
import type { Handlers } from '../../src-shared/contract/method.ts'
import { createPeer, type Transport } from '../../src-shared/contract/peer.ts'
import { measureFlops } from './bench/calibrate.ts'
import { EngineBench } from './bench/engine-bench.ts'
import { type EnginePlatform, type OpenDevice, openDevice } from './device.ts'
import { createEngineCore, type EngineCore } from './engine-core.ts'
import { generate, generateBatch, nextTokenLogProbs } from './generate/generate.ts'
import { type CheckpointModel, LoadedModels, warmUp } from './generate/loaded-models.ts'
import { Transformer } from './model/transformer.ts'
import { batchLogProbs } from './phases/batch-log-probs.ts'
import { batchScores } from './phases/batch-scores.ts'
import { phases } from './phases/phases.ts'

const HEARTBEAT_MS = 2000
/** A text being written, and what was asked of it meanwhile. */
interface GenerationControl {
  stop: boolean
  /** Why it must not go on. */
  failure: LabError | null
}

/** Serves the engine over `transport` until it closes. */
export function serveEngine(transport: Transport, platform: EnginePlatform): void {
  let device: OpenDevice | null = null
  const training = new Map<string, { pause: boolean; stop: boolean }>()
  const generating = new Map<string, GenerationControl>()
  const models = new LoadedModels(readModel)
  const benches = new EngineBench(platform)

  const handlers: Handlers<typeof engineMethods> = {
    async 'engine.open'({ backend, ...options }) {
      device?.close()
      device = null
      const opened = await openDevice(backend, platform, options)
      device = opened
      void opened.lost.then(reason => core.publish('lost', { reason }))
      return opened.info
    },
    'engine.ping': () => usage(),
    async 'engine.calibrate'() {
      const { kernels, info } = opened()
      return measureFlops(kernels, info.software ? 'minimal' : 'usual')
    },
    'engine.bench'(request) {
      refuseWhileComputing()
      return benches.run(request, opened(), {
        prepare: () => models.release(),
        onProgress: progress => core.publish('benchProgress', { bench: request.bench, ...progress }),
      })
    },
    'engine.stopBench'({ bench }) {
      benches.stop(bench)
      return {}
    },
    async 'engine.train'(spec) {
      await benches.giveWay()
      const { kernels } = opened()
      const phase = phases[spec.phase]
      if (!phase)
        throw new LabError({
          code: 'unsupported',
          what: `this version cannot train the phase "${spec.phase}"`,
          fix: 'update the app',
        })
      const request = { pause: false, stop: false }
      training.set(spec.run, request)
      const model = new Transformer(spec.model, kernels)
      try {
        const from = spec.resume?.checkpoint ?? spec.parent
        // A reward model takes over its parent's body; the head is its own.
        const newHead = spec.phase === 'reward' && !spec.resume
        if (from === undefined || newHead) model.initialize(spec.config.seed as number)
        if (from !== undefined)
          await core.loadTensors(from, 'model', newHead ? model.body : model.parameters, model)
        return await phase({ core, kernels, spec, model, request })
      } finally {
        training.delete(spec.run)
        model.dispose()
      }
    },
    'engine.pause'({ run, stop }) {
      const request = training.get(run)
      if (request) {
        request.pause = true
        request.stop = stop ?? false
      }
      return {}
    },
    async 'engine.load'(checkpoint) {
      await use(checkpoint, async () => {})
      return {}
    },
    'engine.generate': ({ generation, checkpoint, model, tokens, sampling, stopTokens, alternatives }) =>
      writing(generation, { checkpoint, model }, (model, shouldStop) =>
        generate(model, {
          tokens,
          sampling,
          stopTokens: [...stopTokens],
          shouldStop,
          ...(alternatives === undefined ? {} : { alternatives }),
          onToken: (token, index) => core.publish('token', { generation, index, ...token }),
        }),
      ),
    async 'engine.generateBatch'({ generation, checkpoint, model, prompts, sampling, stopTokens }) {
      let done = 0
      const texts = await writing(generation, { checkpoint, model }, (model, shouldStop) =>
        generateBatch(
          model,
          prompts.map(({ tokens, seed }) => ({
            tokens,
            sampling: { ...sampling, seed },
            stopTokens: [...stopTokens],
            shouldStop,
            onEnd: () => core.publish('batchProgress', { generation, done: ++done, total: prompts.length }),
          })),
        ),
      )
      return { texts: texts.map(({ tokens, logProbs, stopped }) => ({ tokens, logProbs, stopped })) }
    },
    'engine.stopGeneration'({ generation }) {
      const control = generating.get(generation)
      if (control) control.stop = true
      return {}
    },
    'engine.nextToken': ({ tokens, ...checkpoint }) =>
      use(checkpoint, async model => ({ logProbs: await nextTokenLogProbs(model.kernels, model, tokens) })),
    'engine.logProbs': ({ batch, ...checkpoint }) =>
      use(checkpoint, async model => ({ logProbs: await batchLogProbs(model.kernels, model, batch) })),
    'engine.score': ({ batch, ...checkpoint }) =>
      use(checkpoint, async model => ({ scores: await batchScores(model.kernels, model, batch) })),
    async 'engine.release'({ checkpoint }) {
      await models.release(checkpoint)
      return {}
    },
  }

  const peer = createPeer({
    transport,
    local: engineMethods,
    handlers,
    remote: engineHostMethods,
    incoming: engineHostTopics,
    outgoing: engineTopics,
    onTopic: () => {},
  })
  const core: EngineCore = createEngineCore(peer.call, peer.publish)
  const heartbeat = setInterval(
    () => core.publish('heartbeat', { busy: training.size > 0 || models.inUse || benches.busy, ...usage() }),
    HEARTBEAT_MS,
  )
  void peer.closed.then(() => {
    clearInterval(heartbeat)
    // Nobody is left to hear of the results: stop at the next boundary.
    for (const request of training.values()) request.stop = true
    for (const control of generating.values()) control.stop = true
    void benches.giveWay()
  })

  function opened(): OpenDevice {
    if (device) return device
    throw new LabError({ code: 'conflict', what: 'the engine has no device yet', fix: 'open it first' })
  }

  function usage(): { tensors: number; bytes: number } {
    if (!device) return { tensors: 0, bytes: 0 }
    const { arrays, bytes } = device.kernels.memory()
    return { tensors: arrays, bytes }
  }

  function refuseWhileComputing(): void {
    if (training.size === 0 && !models.inUse) return
    throw new LabError({
      code: 'conflict',
      what:
        training.size > 0
          ? 'a run is being trained on this device'
          : 'a checkpoint is being asked on this device',
      fix: 'wait for it or stop it, then measure',
    })
  }

  /** @throws LabError `conflict` while the device is measured */
  async function use<T>(checkpoint: CheckpointModel, work: (model: Transformer) => Promise<T>): Promise<T> {
    benches.refuseWhileBusy()
    return models.use(checkpoint, work)
  }

  /** Uses a checkpoint for a generation that can be stopped under its id. */
  async function writing<T>(
    generation: string,
    checkpoint: CheckpointModel,
    write: (model: Transformer, shouldStop: () => boolean) => Promise<T>,
  ): Promise<T> {
    const control: GenerationControl = { stop: false, failure: null }
    generating.set(generation, control)
    try {
      return await use(checkpoint, model =>
        write(model, () => {
          if (control.failure) throw control.failure
          return control.stop
        }),
      )
    } finally {
      generating.delete(generation)
    }
  }

  async function readModel({ checkpoint, model: config }: CheckpointModel): Promise<Transformer> {
    const { kernels, withinMemory } = opened()
    const model = new Transformer(config, kernels)
    const read = async () => {
      await core.loadTensors(checkpoint, 'model', model.parameters, model)
      await warmUp(model)
    }
    try {
      // While a run trains, an error of its own must not be taken for one of reading.
      if (withinMemory && training.size === 0) await withinMemory(read)
      else await read()
      return model
    } catch (error) {
      model.dispose()
      // Whose memory a GPU refused it does not say.
      if (withinMemory && error instanceof LabError && error.facts.code === 'no-space')
        for (const control of generating.values()) control.failure = error
      throw error
    }
  }
}
