// Core ↔ engine. The engine is pure compute: it pulls weights and batches, and gives back metrics, samples and weights.
// It never opens a file; the core never touches a tensor.
import * as v from 'valibot'
import { benchEffortName } from '../bench/effort.ts'
import { benchMeasurement } from '../bench/report.ts'
import { backendChoice, calibration, deviceInfo } from './device-info.ts'
import { bytes, count, float32s, id, int32s, method, nothing } from './method.ts'

export const modelConfig = v.object({
  family: v.picklist(['gpt2', 'llama']),
  nLayer: count,
  nHead: count,
  nKvHead: count,
  nEmbd: count,
  nInner: count,
  contextLength: count,
  vocabularySize: count,
  tieEmbeddings: v.boolean(),
  normEpsilon: v.number(),
  ropeTheta: v.number(),
  /** What stands on the last block: absent = next-token logits; `score` = one number for a text, of reward and value models. */
  head: v.optional(v.literal('score')),
})

/** A token batch. tokens, targets (B·T) row-major; target −1 = not counted in the loss. */
export const tokenBatch = v.object({
  batchSize: count,
  length: count,
  tokens: int32s,
  targets: int32s,
  /** (B·T): where the example that a token belongs to begins in its row; examples do not see each other. Absent: one text a row. */
  segmentStarts: v.optional(int32s),
  /** Places that hold no text, at the ends of rows. Absent: none. */
  padding: v.optional(count),
})
export type TokenBatch = v.InferOutput<typeof tokenBatch>

/**
 * Responses to some prompts, each whole with its prompt, packed into rows as `segmentStarts` says; and which of them was
 * preferred. All pairs of a prompt stand in one batch, each response once.
 */
export const preferenceBatch = v.object({
  batchSize: count,
  length: count,
  tokens: int32s,
  segmentStarts: int32s,
  padding: count,
  /** (R): index into `tokens` of each response's last token, where its score is read. */
  ends: int32s,
  /** (P) each: indices into `ends`. Empty where responses are only to be scored. */
  winners: int32s,
  losers: int32s,
  /** (P): 1 / pairs of the same prompt. */
  weights: float32s,
  /** Prompts with a pair. */
  prompts: count,
})
export type PreferenceBatch = v.InferOutput<typeof preferenceBatch>

/** What survives a stop beside weights and moments: everything else is a function of (seed, step). */
export const trainState = v.object({
  /** Optimizer steps done. */
  step: count,
  /** Training tokens read. */
  tokens: count,
  bestEvalLoss: v.nullable(v.number()),
  /** Numbers a phase adds, such as PPO's KL coefficient. */
  extra: v.record(v.string(), v.number()),
})
export type TrainState = v.InferOutput<typeof trainState>

const positive = v.pipe(v.number(), v.minValue(Number.MIN_VALUE))

/** Phase 4: what the policy is rewarded by. */
export const ppoSpec = v.object({
  /** Its raw scores become (raw − mean) / std · weight. */
  rewardModel: v.optional(
    v.object({ checkpoint: id, model: modelConfig, mean: v.number(), std: positive, weight: v.number() }),
  ),
  /** Whether the core rewards answers too: see `host.ruleRewards`. */
  hasRules: v.boolean(),
})
export type PpoSpec = v.InferOutput<typeof ppoSpec>

export const trainSpec = v.object({
  run: id,
  phase: v.picklist(['pretrain', 'sft', 'reward', 'ppo']),
  model: modelConfig,
  /** The phase's own config, already checked by its schema in the core. */
  config: v.record(v.string(), v.unknown()),
  /** Resume from here. */
  resume: v.optional(v.object({ checkpoint: id, state: trainState })),
  /** A new run starts with this checkpoint's weights; absent = initialise from the seed. */
  parent: v.optional(id),
  /** Bytes of each token id, 0 for special tokens, for bits per byte. */
  tokenBytes: int32s,
  samplePrompts: v.array(v.object({ text: v.string(), tokens: int32s })),
  /** Tokens that end a sample. */
  stopTokens: v.array(count),
  /** Steps in which the data is read once, for the metric `epoch`. */
  stepsPerEpoch: v.optional(v.number()),
  ppo: v.optional(ppoSpec),
})
export type TrainSpec = v.InferOutput<typeof trainSpec>

export const trainOutcome = v.object({
  status: v.picklist(['finished', 'paused', 'stopped']),
  state: trainState,
  /** Why it paused by itself: `the loss became NaN at step 120`. */
  reason: v.optional(v.string()),
})
export type TrainOutcome = v.InferOutput<typeof trainOutcome>

export const sampling = v.object({
  maxTokens: v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(100_000, 'must be at most 100,000'),
  ),
  /** 0 = greedy. */
  temperature: v.pipe(
    v.number(),
    v.minValue(0, 'must be at least 0'),
    v.maxValue(100, 'must be at most 100'),
  ),
  /** Keep the k likeliest tokens; 0 = all. */
  topK: count,
  /** Keep the smallest set of tokens whose probabilities reach p; 1 = all. */
  topP: v.pipe(v.number(), v.minValue(0, 'must be at least 0'), v.maxValue(1, 'must be at most 1')),
  seed: count,
})
export type Sampling = v.InferOutput<typeof sampling>

export const stopReason = v.picklist(['end', 'length', 'stopped'])

/** The likeliest tokens at a place, best first, with their log-probs at temperature 1, unfiltered. */
export const tokenAlternatives = v.object({ tokens: int32s, logProbs: float32s })
export type TokenAlternatives = v.InferOutput<typeof tokenAlternatives>

/** Served by the engine. */
export const engineMethods = {
  /** `threads` absent = all cores; `calibration` = what an earlier one found. */
  'engine.open': method(
    v.object({
      backend: backendChoice,
      threads: v.optional(count),
      calibration: v.optional(calibration),
    }),
    deviceInfo,
  ),
  'engine.ping': method(nothing, v.object({ tensors: count, bytes: v.number() })),
  /** Trains a small model for a moment, for the first estimate of a run's time. */
  'engine.calibrate': method(nothing, v.object({ flopsPerSecond: v.number(), flopsPerStep: v.number() })),
  /** The bench of the device that is open; anything else but a run is refused meanwhile, a run ends it. */
  'engine.bench': method(
    v.object({ bench: id, effort: benchEffortName, availableBytes: v.nullable(v.number()) }),
    benchMeasurement,
  ),
  'engine.stopBench': method(v.object({ bench: id }), nothing),
  /** Runs until finished, paused or stopped; rejects when the run cannot go on. */
  'engine.train': method(trainSpec, trainOutcome),
  /** Takes effect at the next step boundary; a checkpoint is committed first. */
  'engine.pause': method(v.object({ run: id, stop: v.optional(v.boolean()) }), nothing),
  /** Gets a checkpoint ready to be asked, where it is not. @throws LabError `no-space`: it does not fit beside the others */
  'engine.load': method(v.object({ checkpoint: id, model: modelConfig }), nothing),
  'engine.generate': method(
    v.object({
      generation: id,
      checkpoint: id,
      model: modelConfig,
      tokens: int32s,
      sampling,
      stopTokens: int32s,
      /** How many of the likeliest tokens to tell at every place. */
      alternatives: v.optional(count),
    }),
    v.object({
      tokens: int32s,
      logProbs: float32s,
      stopped: stopReason,
      /** As on the topic `token`; empty unless asked for. */
      alternatives: v.array(tokenAlternatives),
    }),
  ),
  /** Many texts at once, in the order given; told on the topic `batchProgress`, ended by `engine.stopGeneration`. */
  'engine.generateBatch': method(
    v.object({
      generation: id,
      checkpoint: id,
      model: modelConfig,
      prompts: v.array(v.object({ tokens: int32s, seed: count })),
      sampling,
      stopTokens: int32s,
    }),
    v.object({
      texts: v.array(
        v.object({
          tokens: int32s,
          /** Of each token, in nats, at temperature 1 with nothing filtered. */
          logProbs: float32s,
          stopped: stopReason,
        }),
      ),
    }),
  ),
  'engine.stopGeneration': method(v.object({ generation: id }), nothing),
  /** Probabilities of every possible next token, at temperature 1, unfiltered. */
  'engine.nextToken': method(
    v.object({ checkpoint: id, model: modelConfig, tokens: int32s }),
    v.object({ logProbs: float32s }),
  ),
  /** Log-prob of each target, 0 where the target is −1. */
  'engine.logProbs': method(
    v.object({ checkpoint: id, model: modelConfig, batch: tokenBatch }),
    v.object({ logProbs: float32s }),
  ),
  /** Of a reward model: the score at every place of `ends`, not normalised. */
  'engine.score': method(
    v.object({
      checkpoint: id,
      model: modelConfig,
      batch: v.object({
        batchSize: count,
        length: count,
        tokens: int32s,
        segmentStarts: int32s,
        ends: int32s,
      }),
    }),
    v.object({ scores: float32s }),
  ),
  /** Forgets a loaded checkpoint, or all; one that is being used is given back when that is over. */
  'engine.release': method(v.object({ checkpoint: v.optional(id) }), nothing),
} as const

export const tensorEntry = v.object({ name: v.string(), shape: v.array(count) })
export type TensorEntry = v.InferOutput<typeof tensorEntry>
export const checkpointFile = v.picklist(['model', 'optimizer'])
export type CheckpointFile = v.InferOutput<typeof checkpointFile>

/** Tensors travel in pieces of at most this many bytes, each acknowledged by its answer. */
export const CHUNK_BYTES = 8 * 2 ** 20

/** Responses in the order of their prompts, an end token included, and whether each ended by itself. */
const answers = { responses: v.array(int32s), stopped: v.array(v.boolean()) }

/** Served by the core for the engine. */
export const engineHostMethods = {
  /** Micro-batch `micro` (0 … accumulation − 1) of optimizer step `step` (0-based). */
  'host.batch': method(v.object({ run: id, step: count, micro: count }), tokenBatch),
  /** Evaluation batch `index`, the same at every evaluation. `null` when the run has no validation text. */
  'host.evalBatch': method(v.object({ run: id, index: count }), v.nullable(tokenBatch)),
  /** Phase 3: as `host.batch`. */
  'host.preferenceBatch': method(v.object({ run: id, step: count, micro: count }), preferenceBatch),
  /** Phase 3: batch `index` of the validation prompts, or of the fresh answers that the reward is normalised on; null after the last. */
  'host.preferenceEvalBatch': method(
    v.object({ run: id, part: v.picklist(['validation', 'reference']), index: count }),
    v.nullable(preferenceBatch),
  ),
  /** Phase 4: prompts of update `step`, from 0; each leaves room for an answer. */
  'host.rolloutPrompts': method(v.object({ run: id, step: count }), v.array(int32s)),
  /** Phase 4: prompts that are never trained on, always the same. */
  'host.heldOutPrompts': method(v.object({ run: id }), v.array(int32s)),
  /** Phase 4: what the rules give answers to the prompts of update `step`, the held-out ones or the fixed samples, added up. */
  'host.ruleRewards': method(
    v.object({ run: id, step: count, of: v.picklist(['rollouts', 'held-out', 'samples']), ...answers }),
    float32s,
  ),
  /** Phase 4: answers to the held-out prompts with their rewards and KLs (nats), to be kept and judged; answers metrics. */
  'host.heldOutAnswers': method(
    v.object({ run: id, step: count, ...answers, scores: float32s, kls: float32s }),
    v.record(v.string(), v.number()),
  ),
  'host.tensors': method(v.object({ checkpoint: id, file: checkpointFile }), v.array(tensorEntry)),
  /** Float32 values [offset, offset + length) of one tensor, row-major, in the layout of the file. */
  'host.readTensor': method(
    v.object({ checkpoint: id, file: checkpointFile, name: v.string(), offset: count, length: count }),
    float32s,
  ),
  'host.checkpointBegin': method(
    v.object({
      run: id,
      state: trainState,
      evalLoss: v.nullable(v.number()),
      model: v.array(tensorEntry),
      optimizer: v.array(tensorEntry),
    }),
    v.object({ staging: id }),
  ),
  /** Pieces of a file's tensors in the order and layout announced; `bytes` is little-endian float32. */
  'host.checkpointWrite': method(v.object({ staging: id, file: checkpointFile, bytes }), nothing),
  'host.checkpointCommit': method(
    v.object({ staging: id }),
    v.object({ checkpoint: id, weightsSha256: v.string() }),
  ),
  'host.checkpointAbort': method(v.object({ staging: id }), nothing),
} as const

/** Published by the engine, needing no answer. */
export const engineTopics = {
  /** Step `step` (1-based: steps done) has these metrics. */
  metrics: v.object({ run: id, step: count, tokens: count, values: v.record(v.string(), v.number()) }),
  /** `score`: the reward of an answer of phase 4. */
  sample: v.object({ run: id, step: count, prompt: count, tokens: int32s, score: v.optional(v.number()) }),
  /** Phase 4: an answer that the update just made learnt from; lists have an entry per token of the response. */
  rollout: v.object({
    run: id,
    step: count,
    index: count,
    klCoef: v.number(),
    prompt: int32s,
    response: int32s,
    stopped: v.boolean(),
    score: v.number(),
    logProbs: float32s,
    refLogProbs: float32s,
    values: float32s,
    rewards: float32s,
    advantages: float32s,
    returns: float32s,
    ratios: float32s,
    /** 1 where clipping stopped the token's gradient when it was last read. */
    clipped: int32s,
  }),
  event: v.object({ run: id, step: count, kind: v.string(), text: v.string() }),
  /** Turns done, of all that are planned. */
  benchProgress: v.object({ bench: id, done: count, total: count, note: v.string() }),
  token: v.object({
    generation: id,
    index: count,
    token: count,
    logProb: v.number(),
    alternatives: v.optional(tokenAlternatives),
  }),
  /** Texts of a batch that are finished. */
  batchProgress: v.object({ generation: id, done: count, total: count }),
  heartbeat: v.object({ busy: v.boolean(), tensors: count, bytes: v.number() }),
  lost: v.object({ reason: v.string() }),
} as const

/** Published by the core to the engine. */
export const engineHostTopics = {} as const
