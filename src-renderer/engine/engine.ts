// The engine: pure compute behind one channel. It is told what to train or to continue, pulls weights and batches from
// the core, and gives back metrics, samples and weights. The same code in a hidden window, a page and a Node worker.
import {
  engineHostMethods,
  engineHostTopics,
  engineMethods,
  engineTopics,
} from '../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../src-shared/contract/errors.ts'
import type { Handlers, ParsedInputOf } from '../../src-shared/contract/method.ts'
import { createPeer, type Transport } from '../../src-shared/contract/peer.ts'
import { measureFlops } from './bench/calibrate.ts'
import { EngineBench } from './bench/engine-bench.ts'
import { type EnginePlatform, type OpenDevice, openDevice } from './device.ts'
import { createEngineCore, type EngineCore } from './engine-core.ts'
import { generate, generateBatch, nextTokenLogProbs } from './generate/generate.ts'
import { Transformer } from './model/transformer.ts'
import { batchLogProbs } from './phases/batch-log-probs.ts'
import { phases } from './phases/phases.ts'

const HEARTBEAT_MS = 2000
/** Checkpoints kept loaded for generation: the one in use and one to compare with. */
const LOADED_MODELS = 2

/** Serves the engine over `transport` until it closes. */
export function serveEngine(transport: Transport, platform: EnginePlatform): void {
  let device: OpenDevice | null = null
  const loaded = new Map<string, Promise<Transformer>>()
  const training = new Map<string, { pause: boolean; stop: boolean }>()
  const generating = new Map<string, { stop: boolean }>()
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
      return measureFlops(kernels, info.software)
    },
    'engine.bench'(request) {
      refuseWhileComputing()
      return benches.run(request, opened(), {
        prepare: () => release(),
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
        if (spec.resume) await core.loadTensors(spec.resume.checkpoint, 'model', model.parameters, model)
        else model.initialize(spec.config.seed as number)
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
    async 'engine.generate'({ generation, checkpoint, model: config, tokens, sampling, stopTokens }) {
      const control = { stop: false }
      generating.set(generation, control)
      try {
        const generated = await generate(await load({ checkpoint, model: config }), {
          tokens,
          sampling,
          stopTokens: [...stopTokens],
          shouldStop: () => control.stop,
          onToken: (token, logProb, index) => core.publish('token', { generation, index, token, logProb }),
        })
        return { ...generated, alternatives: [] }
      } finally {
        generating.delete(generation)
      }
    },
    async 'engine.generateBatch'({ generation, checkpoint, model: config, prompts, sampling, stopTokens }) {
      const control = { stop: false }
      generating.set(generation, control)
      let done = 0
      try {
        const texts = await generateBatch(
          await load({ checkpoint, model: config }),
          prompts.map(({ tokens, seed }) => ({
            tokens,
            sampling: { ...sampling, seed },
            stopTokens: [...stopTokens],
            shouldStop: () => control.stop,
            onEnd: () => core.publish('batchProgress', { generation, done: ++done, total: prompts.length }),
          })),
        )
        return { texts: texts.map(({ tokens, stopped }) => ({ tokens, stopped })) }
      } finally {
        generating.delete(generation)
      }
    },
    'engine.stopGeneration'({ generation }) {
      const control = generating.get(generation)
      if (control) control.stop = true
      return {}
    },
    async 'engine.nextToken'({ checkpoint, model: config, tokens }) {
      return {
        logProbs: await nextTokenLogProbs(
          opened().kernels,
          await load({ checkpoint, model: config }),
          tokens,
        ),
      }
    },
    async 'engine.logProbs'({ checkpoint, model: config, batch }) {
      return {
        logProbs: await batchLogProbs(opened().kernels, await load({ checkpoint, model: config }), batch),
      }
    },
    async 'engine.release'({ checkpoint }) {
      await release(checkpoint)
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
    () =>
      core.publish('heartbeat', { busy: training.size + generating.size > 0 || benches.busy, ...usage() }),
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
    if (training.size + generating.size === 0) return
    throw new LabError({
      code: 'conflict',
      what:
        training.size > 0
          ? 'a run is being trained on this device'
          : 'a text is being written on this device',
      fix: 'wait for it or stop it, then measure',
    })
  }

  /** Forgets a checkpoint's model, or all. */
  async function release(checkpoint?: string): Promise<void> {
    for (const [id, model] of loaded)
      if (checkpoint === undefined || id === checkpoint) {
        loaded.delete(id)
        ;(await model).dispose()
      }
  }

  /** A checkpoint's model, loaded once; the least recently used one makes room. */
  async function load({
    checkpoint,
    model: config,
  }: Pick<
    ParsedInputOf<(typeof engineMethods)['engine.nextToken']>,
    'checkpoint' | 'model'
  >): Promise<Transformer> {
    benches.refuseWhileBusy()
    const present = loaded.get(checkpoint)
    if (present) {
      loaded.delete(checkpoint)
      loaded.set(checkpoint, present)
      return present
    }
    const { kernels } = opened()
    if (loaded.size >= LOADED_MODELS && generating.size <= 1) {
      const [oldest, model] = loaded.entries().next().value!
      loaded.delete(oldest)
      ;(await model).dispose()
    }
    const loading = (async () => {
      const model = new Transformer(config, kernels)
      try {
        await core.loadTensors(checkpoint, 'model', model.parameters, model)
        return model
      } catch (error) {
        model.dispose()
        loaded.delete(checkpoint)
        throw error
      }
    })()
    loaded.set(checkpoint, loading)
    return loading
  }
}
