// A core that answers the engine from memory: batches from a function, checkpoints kept as bytes, metrics as a list.
import type { EngineCore } from '../../../src-renderer/engine/engine-core.ts'
import type { Kernels } from '../../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../../src-renderer/engine/model/transformer.ts'
import type { Phase } from '../../../src-renderer/engine/phases/phases.ts'
import type { TrainConfig } from '../../../src-shared/config/train-config.ts'
import {
  type CheckpointFile,
  engineTopics,
  type PreferenceBatch,
  type TensorEntry,
  type TokenBatch,
  type TrainOutcome,
  type TrainSpec,
  type TrainState,
} from '../../../src-shared/contract/engine-contract.ts'
import type { TopicPayload } from '../../../src-shared/contract/method.ts'
import { checked } from '../../../src-shared/contract/peer.ts'

/** Tensors of a checkpoint's files by name. */
export type Tensors = Readonly<Record<CheckpointFile, ReadonlyMap<string, Float32Array<ArrayBuffer>>>>

export interface Recorded {
  outcome: TrainOutcome
  metrics: { step: number; values: Record<string, number> }[]
  samples: { step: number; prompt: number; tokens: Int32Array; score?: number }[]
  rollouts: TopicPayload<typeof engineTopics, 'rollout'>[]
  events: string[]
  /** Bytes of the model at every checkpoint, by step. */
  saved: Map<number, string>
  /** What a run can be resumed from, by step. */
  checkpoints: Map<number, Tensors & { readonly state: TrainState }>
}

export interface InMemory {
  readonly kernels: Kernels
  readonly config: TrainConfig
  readonly spec: Pick<TrainSpec, 'phase' | 'model'> & Partial<TrainSpec>
  readonly batch: (step: number, micro: number) => TokenBatch | PreferenceBatch
  readonly evalBatch: (index: number) => TokenBatch | null | Promise<TokenBatch | null>
  /** Phase 3's, in place of `evalBatch`. */
  readonly preferenceEvalBatch?: (part: 'validation' | 'reference', index: number) => PreferenceBatch | null
  readonly pauseAt?: number | undefined
  /** Checkpoints that can be read by name: the run starts with the weights of its parent, or goes on with those resumed from. */
  readonly checkpoints?: Readonly<Record<string, Partial<Tensors>>>
  /** More that the core answers. */
  readonly answers?: Readonly<Record<string, (input: never) => unknown>>
  /** Told of every call of a kernel before it is made. What it throws ends the run there, as a kill would. */
  readonly onKernel?: ((name: string, request: { pause: boolean }) => void) | undefined
  /** Told when the metrics of a step were published. */
  readonly onStep?: (step: number) => void
  /** Where the record is kept while the run goes on: what is left of one that ends with an error. */
  readonly into?: Omit<Recorded, 'outcome'>
  /** Changes the first weights, which are those of the seed. */
  readonly prepare?: (model: Transformer) => Promise<void>
}

export async function trainInMemory(phase: Phase, options: InMemory): Promise<Recorded> {
  const { config, spec, batch, evalBatch, preferenceEvalBatch, pauseAt, prepare, checkpoints } = options
  const recorded = options.into ?? emptyRecord()
  const request = { pause: false, stop: false }
  const { onKernel } = options
  const kernels = onKernel ? told(options.kernels, name => onKernel(name, request)) : options.kernels
  let writing: {
    state: TrainState
    entries: Record<CheckpointFile, TensorEntry[]>
    bytes: Record<CheckpointFile, number[]>
  } | null = null
  const answers: Record<string, (input: never) => unknown> = {
    'host.batch': ({ step, micro }: { step: number; micro: number }) => batch(step, micro),
    'host.evalBatch': ({ index }: { index: number }) => evalBatch(index),
    'host.preferenceBatch': ({ step, micro }: { step: number; micro: number }) => batch(step, micro),
    'host.preferenceEvalBatch': ({ part, index }: { part: 'validation' | 'reference'; index: number }) =>
      preferenceEvalBatch!(part, index),
    'host.checkpointBegin': ({
      state,
      ...entries
    }: { state: TrainState } & Record<CheckpointFile, TensorEntry[]>) => {
      writing = { state: structuredClone(state), entries, bytes: { model: [], optimizer: [] } }
      return { staging: 'staging' }
    },
    'host.checkpointWrite': ({ file, bytes }: { file: CheckpointFile; bytes: Uint8Array }) => {
      for (const byte of bytes) writing!.bytes[file].push(byte)
      return {}
    },
    'host.checkpointCommit': () => {
      const { state, entries, bytes } = writing!
      recorded.saved.set(state.step, bytes.model.join())
      const of = (file: CheckpointFile) => tensorsOf(entries[file], Uint8Array.from(bytes[file]))
      recorded.checkpoints.set(state.step, { state, model: of('model'), optimizer: of('optimizer') })
      return { checkpoint: 'c', weightsSha256: '' }
    },
    'host.checkpointAbort': () => ({}),
    ...options.answers,
  }
  const hear: Record<string, (payload: never) => void> = {
    metrics(payload: { step: number; values: Record<string, number> }) {
      recorded.metrics.push({ step: payload.step, values: payload.values })
      if (payload.step === pauseAt) request.pause = true
      options.onStep?.(payload.step)
    },
    rollout: (payload: Recorded['rollouts'][number]) => recorded.rollouts.push(payload),
    sample: (payload: Recorded['samples'][number]) => recorded.samples.push(payload),
    event: (payload: { text: string }) => recorded.events.push(payload.text),
  }
  const core = {
    host: async (name: string, input: unknown) => answers[name]!(input as never),
    // As the channel does: a message that is none ends the run.
    publish: (topic, payload) =>
      hear[topic]?.(checked(engineTopics[topic], payload, `topic ${topic}`) as never),
    async loadTensors(checkpoint, file, expected, into) {
      const tensors = checkpoints?.[checkpoint]?.[file]
      if (!tensors) throw new Error(`nothing to load from ${checkpoint}`)
      for (const { name } of expected) into.loadTensor(name, tensors.get(name)!)
    },
  } as EngineCore
  const model = new Transformer(spec.model, kernels)
  model.initialize(config.seed)
  const from = spec.resume?.checkpoint ?? spec.parent
  if (from !== undefined) await core.loadTensors(from, 'model', model.parameters, model)
  await prepare?.(model)
  const whole: TrainSpec = {
    run: 'run-1',
    config,
    tokenBytes: new Int32Array(spec.model.vocabularySize).fill(1),
    samplePrompts: [],
    stopTokens: [0],
    ...spec,
  }
  try {
    return { outcome: await phase({ core, kernels, spec: whole, model, request }), ...recorded }
  } finally {
    model.dispose()
  }
}

export const emptyRecord = (): Omit<Recorded, 'outcome'> => ({
  metrics: [],
  samples: [],
  rollouts: [],
  events: [],
  saved: new Map(),
  checkpoints: new Map(),
})

/** Weights as a checkpoint holds them. */
export async function weightsOf(model: Transformer): Promise<Map<string, Float32Array<ArrayBuffer>>> {
  const weights = new Map<string, Float32Array<ArrayBuffer>>()
  for (const { name } of model.parameters) weights.set(name, await model.readTensor(name))
  return weights
}

function tensorsOf(
  entries: readonly TensorEntry[],
  bytes: Uint8Array<ArrayBuffer>,
): Map<string, Float32Array<ArrayBuffer>> {
  let offset = 0
  return new Map(
    entries.map(({ name, shape }) => {
      const values = new Float32Array(
        bytes.buffer,
        offset,
        shape.reduce((a, b) => a * b, 1),
      )
      offset += values.byteLength
      return [name, values]
    }),
  )
}

/** The same kernels, with every call told first. */
const told = (kernels: Kernels, tell: (name: string) => void): Kernels =>
  new Proxy(kernels, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        tell(String(key))
        return value.apply(target, args)
      }
    },
  })
