// A core that answers the engine from memory: batches from a function, checkpoints kept as bytes, metrics as a list.
import type { EngineCore } from '../../../src-renderer/engine/engine-core.ts'
import type { Kernels } from '../../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../../src-renderer/engine/model/transformer.ts'
import type { Phase } from '../../../src-renderer/engine/phases/phases.ts'
import type { TrainConfig } from '../../../src-shared/config/train-config.ts'
import type {
  PreferenceBatch,
  TokenBatch,
  TrainOutcome,
  TrainSpec,
} from '../../../src-shared/contract/engine-contract.ts'

export interface Recorded {
  outcome: TrainOutcome
  metrics: { step: number; values: Record<string, number> }[]
  samples: { step: number; prompt: number; tokens: Int32Array }[]
  events: string[]
  /** Bytes of the model at every checkpoint, by step. */
  saved: Map<number, string>
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
  /** Changes the first weights, which are those of the seed. */
  readonly prepare?: (model: Transformer) => Promise<void>
}

export async function trainInMemory(
  phase: Phase,
  { kernels, config, spec, batch, evalBatch, preferenceEvalBatch, pauseAt, prepare }: InMemory,
): Promise<Recorded> {
  const recorded: Omit<Recorded, 'outcome'> = { metrics: [], samples: [], events: [], saved: new Map() }
  const request = { pause: false, stop: false }
  let writing: { step: number; bytes: number[] } | null = null
  const answers: Record<string, (input: never) => unknown> = {
    'host.batch': ({ step, micro }: { step: number; micro: number }) => batch(step, micro),
    'host.evalBatch': ({ index }: { index: number }) => evalBatch(index),
    'host.preferenceBatch': ({ step, micro }: { step: number; micro: number }) => batch(step, micro),
    'host.preferenceEvalBatch': ({ part, index }: { part: 'validation' | 'reference'; index: number }) =>
      preferenceEvalBatch!(part, index),
    'host.checkpointBegin': ({ state }: { state: { step: number } }) => {
      writing = { step: state.step, bytes: [] }
      return { staging: 'staging' }
    },
    'host.checkpointWrite': ({ file, bytes }: { file: string; bytes: Uint8Array }) => {
      if (file === 'model') writing!.bytes.push(...bytes)
      return {}
    },
    'host.checkpointCommit': () => {
      recorded.saved.set(writing!.step, writing!.bytes.join())
      return { checkpoint: 'c', weightsSha256: '' }
    },
    'host.checkpointAbort': () => ({}),
  }
  const hear: Record<string, (payload: never) => void> = {
    metrics(payload: { step: number; values: Record<string, number> }) {
      recorded.metrics.push({ step: payload.step, values: payload.values })
      if (payload.step === pauseAt) request.pause = true
    },
    sample: (payload: Recorded['samples'][number]) => recorded.samples.push(payload),
    event: (payload: { text: string }) => recorded.events.push(payload.text),
  }
  const core = {
    host: async (name: string, input: unknown) => answers[name]!(input as never),
    publish: (topic: string, payload: unknown) => hear[topic]?.(payload as never),
    loadTensors: () => Promise.reject(new Error('nothing to load')),
  } as unknown as EngineCore
  const model = new Transformer(spec.model, kernels)
  model.initialize(config.seed)
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
