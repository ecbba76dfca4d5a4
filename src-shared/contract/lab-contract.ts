// UI ↔ core: everything a screen can ask for or hear of. The command line calls the same core functions.
import * as v from 'valibot'
import { benchEffortName } from '../bench/effort.ts'
import { benchRecord } from '../bench/report.ts'
import { buildMethods, buildTopics } from './build-contract.ts'
import { chatMethods, chatTopics } from './chat-contract.ts'
import { demonstrationMethods } from './demonstrations-contract.ts'
import { backendChoice, deviceInfo } from './device-info.ts'
import { modelConfig, sampling, stopReason } from './engine-contract.ts'
import { labErrorFacts } from './errors.ts'
import { evaluationMethods } from './evaluation-contract.ts'
import { bytes, count, float64s, id, int32s, method, name, nothing } from './method.ts'
import { ppoData, ppoMethods } from './ppo-contract.ts'
import { preferenceMethods } from './preferences-contract.ts'
import { rewardMethods } from './reward-contract.ts'
import { exhibitMethods, sftMethods } from './sft-contract.ts'
import { estimate, job, ok, page, rejection, tokenPiece } from './shapes.ts'

export type { Estimate, Rejection, TokenPiece } from './shapes.ts'

// ── Device and workspace ────────────────────────────────────────────────────────────────────────
export const engineStatus = v.object({
  state: v.picklist(['starting', 'ready', 'lost', 'backing-off', 'needs-user', 'absent']),
  device: v.nullable(deviceInfo),
  /** What is wrong and what the person can do. */
  error: v.nullable(labErrorFacts),
  retryInSeconds: v.nullable(v.number()),
  choice: backendChoice,
  /** CPU threads asked for; null = as many as cores. */
  threads: v.nullable(count),
  cores: count,
})
export type EngineStatus = v.InferOutput<typeof engineStatus>

export const workspaceStatus = v.object({
  path: v.string(),
  freeBytes: v.number(),
  version: v.string(),
  host: v.picklist(['desktop', 'browser', 'terminal']),
  /** What start-up found and did: adopted checkpoints, moved-aside files. */
  notes: v.array(v.string()),
})
export type WorkspaceStatus = v.InferOutput<typeof workspaceStatus>

// ── Jobs ────────────────────────────────────────────────────────────────────────────────────────
export const jobStatus = v.object({
  id,
  kind: v.string(),
  title: v.string(),
  state: v.picklist(['running', 'done', 'failed', 'cancelled']),
  done: v.number(),
  total: v.nullable(v.number()),
  unit: v.string(),
  note: v.nullable(v.string()),
  etaSeconds: v.nullable(v.number()),
  result: v.unknown(),
  error: v.nullable(labErrorFacts),
})
export type JobStatus = v.InferOutput<typeof jobStatus>
// ── Corpora ─────────────────────────────────────────────────────────────────────────────────────
export const corpusSummary = v.object({
  id,
  name: v.string(),
  kind: v.picklist(['imported', 'starter-world']),
  createdAt: v.string(),
  removedAt: v.nullable(v.string()),
  hash: v.string(),
  documents: count,
  validationDocuments: count,
  bytes: count,
  validationBytes: count,
  duplicates: count,
  rejected: count,
  split: v.picklist(['document-hash', 'tail']),
  /** What the import decided, in sentences: encodings, long texts cut in parts … */
  notes: v.array(v.string()),
  files: v.array(
    v.object({ file: v.string(), format: v.string(), encoding: v.string(), bytes: count, documents: count }),
  ),
})
export type CorpusSummary = v.InferOutput<typeof corpusSummary>

export const importResult = v.object({
  corpus: id,
  accepted: count,
  rejected: count,
  duplicates: count,
  documents: count,
  bytes: count,
  rejections: v.array(rejection),
})
export type ImportResult = v.InferOutput<typeof importResult>

/** A source in a mixture, as LLaMA's Table 1: share of sampling, size, and how often it is read. */
export const sourceRow = v.object({
  corpus: id,
  name: v.string(),
  /** Share of the training tokens, 0–1; all rows sum to 1. */
  share: v.number(),
  bytes: count,
  documents: count,
  /** Training tokens; null until this corpus is tokenized with this tokenizer (then `estimated` tells a guess from bytes). */
  tokens: v.nullable(count),
  validationTokens: v.nullable(count),
  estimated: v.boolean(),
  epochs: v.nullable(v.number()),
})
export type SourceRow = v.InferOutput<typeof sourceRow>
export const mixture = v.array(
  v.object({ corpus: id, weight: v.pipe(v.number(), v.finite(), v.minValue(0)) }),
)

export const documentRow = v.object({
  number: count,
  file: v.string(),
  line: v.nullable(count),
  split: v.picklist(['train', 'validation']),
  bytes: count,
  /** The first characters. */
  excerpt: v.string(),
})

// ── Tokenizers ──────────────────────────────────────────────────────────────────────────────────
/** `gpt2` and `gpt4` are always there beside the person's own. */
export const tokenizerSummary = v.object({
  id,
  name: v.string(),
  kind: v.picklist(['bpe', 'character', 'foreign']),
  vocabularySize: count,
  createdAt: v.nullable(v.string()),
  removedAt: v.nullable(v.string()),
  hash: v.string(),
  trainedOn: v.array(v.string()),
  minutes: v.nullable(v.number()),
  bytesPerToken: v.nullable(v.number()),
})
export type TokenizerSummary = v.InferOutput<typeof tokenizerSummary>

export const encoded = v.object({ pieces: v.array(tokenPiece), count, bytes: count, characters: count })
export const vocabularyRow = v.object({
  id: count,
  text: v.nullable(v.string()),
  bytes: v.array(count),
  special: v.boolean(),
  uses: v.nullable(count),
})
export type VocabularyRow = v.InferOutput<typeof vocabularyRow>

// ── Runs ────────────────────────────────────────────────────────────────────────────────────────
export const runStatus = v.picklist([
  'queued',
  'running',
  'paused',
  'interrupted',
  'finished',
  'stopped',
  'failed',
])
export const runSummary = v.object({
  id,
  name: v.string(),
  phase: v.picklist(['pretrain', 'sft', 'reward', 'ppo']),
  status: runStatus,
  reason: v.nullable(v.string()),
  /** What was asked of an active run and takes effect at its next step boundary. */
  asked: v.nullable(v.picklist(['pause', 'stop'])),
  createdAt: v.string(),
  updatedAt: v.string(),
  removedAt: v.nullable(v.string()),
  parentCheckpoint: v.nullable(id),
  tokenizer: v.nullable(id),
  model: modelConfig,
  config: v.record(v.string(), v.unknown()),
  data: v.object({
    sources: v.array(
      v.object({
        corpus: id,
        name: v.string(),
        hash: v.string(),
        weight: v.number(),
        tokens: count,
        validationTokens: count,
        bytes: count,
      }),
    ),
    /** Phase 2: the rows as they were when the run started, kept in a file of their own. */
    demonstrations: v.optional(
      v.object({
        sets: v.array(v.object({ set: id, name: v.string(), rows: count })),
        /** SHA-256 of the file datasets/<hash>.jsonl. */
        hash: v.string(),
        train: count,
        validation: count,
        refused: count,
      }),
    ),
    /** Phase 3: the prompts, responses and rankings as they were when the run started, kept likewise. */
    preferences: v.optional(
      v.object({
        sets: v.array(v.object({ set: id, name: v.string(), prompts: count })),
        hash: v.string(),
        prompts: v.object({ train: count, validation: count }),
        pairs: v.object({ train: count, validation: count }),
        refused: count,
        /** Rows of the context's length that the responses of a batch take, about. */
        rowsPerBatch: count,
        /** SHA-256 of datasets/<hash>.jsonl: fresh answers of the parent that the reward is normalised on; absent until they are sampled. */
        reference: v.optional(v.string()),
      }),
    ),
    /** Phase 4. */
    ppo: v.optional(ppoData),
  }),
  parameters: count,
  step: count,
  steps: count,
  tokens: count,
  seconds: v.number(),
  tokensPerSecond: v.nullable(v.number()),
  etaSeconds: v.nullable(v.number()),
  bestEvalLoss: v.nullable(v.number()),
  /** Newest value of every metric. */
  latest: v.record(v.string(), v.number()),
  fingerprint: v.nullable(v.string()),
  tags: v.array(v.string()),
  notes: v.string(),
})
export type RunSummary = v.InferOutput<typeof runSummary>

export const series = v.object({ steps: float64s, tokens: float64s, seconds: float64s, values: float64s })
export type Series = v.InferOutput<typeof series>
export const sample = v.object({
  step: count,
  prompt: count,
  promptText: v.string(),
  text: v.string(),
  /** Phase 4: the answer's reward. */
  score: v.optional(v.number()),
})
export type Sample = v.InferOutput<typeof sample>
export const runEvent = v.object({ at: v.string(), step: count, kind: v.string(), text: v.string() })
export type RunEvent = v.InferOutput<typeof runEvent>

export const checkpointSummary = v.object({
  id,
  run: id,
  runName: v.string(),
  phase: v.picklist(['pretrain', 'sft', 'reward', 'ppo']),
  step: count,
  createdAt: v.string(),
  path: v.string(),
  bytes: count,
  weightsSha256: v.string(),
  evalLoss: v.nullable(v.number()),
  best: v.boolean(),
  status: v.picklist(['verified', 'missing', 'damaged']),
})
export type CheckpointSummary = v.InferOutput<typeof checkpointSummary>

const pretrainRequest = {
  tokenizer: id,
  sources: mixture,
  /** Fields of modelFields and pretrainFields; what is left out takes its default. */
  model: v.record(v.string(), v.unknown()),
  config: v.record(v.string(), v.unknown()),
}

/** What a model is to continue. */
const prompted = {
  text: v.pipe(v.string(), v.maxLength(100_000)),
  /** Ids taken after the text, read as they are: as text they might be cut anew, or hold half a character. */
  after: v.optional(v.pipe(int32s, v.maxLength(100_000))),
}

export const labMethods = {
  'workspace.show': method(nothing, workspaceStatus),
  'settings.all': method(nothing, v.record(v.string(), v.unknown())),
  'settings.set': method(v.object({ key: v.pipe(v.string(), v.maxLength(80)), value: v.unknown() }), ok),

  'engine.status': method(nothing, engineStatus),
  /** Restarts the engine on another backend; refused while a run is active. */
  /** `threads`: CPU threads, null = as many as cores; absent = as before. */
  'engine.choose': method(
    v.object({ backend: backendChoice, threads: v.optional(v.nullable(v.pipe(count, v.minValue(1)))) }),
    engineStatus,
  ),
  'engine.retry': method(nothing, ok),

  /** Measures the device that is open. Refused while a run is active; a run that starts ends it. */
  'bench.run': method(v.object({ effort: benchEffortName }), job),
  /** The newest of the device that is open; null before it was measured. */
  'bench.latest': method(nothing, v.nullable(benchRecord)),
  /** Of all devices, newest first. */
  'bench.list': method(nothing, v.array(benchRecord)),

  'jobs.list': method(nothing, v.array(jobStatus)),
  'jobs.cancel': method(v.object({ job: id }), ok),

  // A browser uploads what was dropped, in pieces; the desktop grants the path instead. Either way: an opaque file id.
  'files.begin': method(
    v.object({ name: v.pipe(v.string(), v.maxLength(1000)), bytes: count }),
    v.object({ file: id }),
  ),
  'files.write': method(v.object({ file: id, bytes }), ok),
  'files.end': method(v.object({ file: id }), ok),

  'corpora.list': method(nothing, v.array(corpusSummary)),
  'corpora.show': method(v.object({ corpus: id }), corpusSummary),
  'corpora.import': method(
    v.object({ name: v.optional(name), files: v.pipe(v.array(id), v.minLength(1)) }),
    job,
  ),
  'corpora.rename': method(v.object({ corpus: id, name }), ok),
  'corpora.remove': method(v.object({ corpus: id }), ok),
  'corpora.restore': method(v.object({ corpus: id }), ok),
  'corpora.documents': method(
    v.object({ corpus: id, ...page, search: v.optional(v.string()) }),
    v.object({ total: count, rows: v.array(documentRow) }),
  ),
  'corpora.document': method(
    v.object({ corpus: id, number: count, tokenizer: v.optional(id) }),
    v.object({ text: v.string(), truncated: v.boolean(), tokens: v.nullable(encoded) }),
  ),
  'corpora.rejections': method(
    v.object({ corpus: id, ...page }),
    v.object({ total: count, rows: v.array(rejection) }),
  ),
  'corpora.sources': method(
    v.object({ tokenizer: v.nullable(id), sources: mixture, plannedTokens: v.number() }),
    v.array(sourceRow),
  ),
  'starterWorld.create': method(v.object({ seed: count, documents: v.optional(count) }), job),

  'tokenizers.list': method(nothing, v.array(tokenizerSummary)),
  'tokenizers.train': method(
    v.object({
      name: v.optional(name),
      kind: v.picklist(['bpe', 'character']),
      corpora: v.pipe(v.array(id), v.minLength(1)),
      vocabularySize: v.optional(count),
    }),
    job,
  ),
  'tokenizers.remove': method(v.object({ tokenizer: id }), ok),
  'tokenizers.restore': method(v.object({ tokenizer: id }), ok),
  'tokenizers.encode': method(
    v.object({ tokenizer: id, text: v.pipe(v.string(), v.maxLength(200_000)) }),
    encoded,
  ),
  'tokenizers.decode': method(v.object({ tokenizer: id, ids: int32s }), v.object({ text: v.string() })),
  'tokenizers.vocabulary': method(
    v.object({
      tokenizer: id,
      search: v.optional(v.string()),
      order: v.picklist(['id', 'longest', 'never-used', 'most-used']),
      ...page,
    }),
    v.object({ total: count, rows: v.array(vocabularyRow) }),
  ),

  /** `vocabularySize`: as if the tokenizer had this many tokens, for one that is yet to be trained. */
  'pretrain.estimate': method(v.object({ ...pretrainRequest, vocabularySize: v.optional(count) }), estimate),
  'pretrain.start': method(v.object({ ...pretrainRequest, name: v.optional(name) }), v.object({ run: id })),
  'runs.list': method(nothing, v.array(runSummary)),
  'runs.show': method(v.object({ run: id }), runSummary),
  'runs.pause': method(v.object({ run: id }), ok),
  /** Stops for good and keeps the last checkpoint. */
  'runs.stop': method(v.object({ run: id }), ok),
  /** `steps` continues a finished run to a longer end. */
  'runs.resume': method(v.object({ run: id, steps: v.optional(count) }), ok),
  'runs.annotate': method(
    v.object({
      run: id,
      name: v.optional(name),
      tags: v.optional(v.pipe(v.array(name), v.maxLength(20))),
      notes: v.optional(v.pipe(v.string(), v.maxLength(10_000))),
    }),
    ok,
  ),
  'runs.remove': method(v.object({ run: id }), ok),
  'runs.restore': method(v.object({ run: id }), ok),
  /** At most `points` per series, bucketed by min and max so that spikes stay visible. */
  'runs.series': method(
    v.object({
      run: id,
      names: v.array(v.string()),
      points: v.pipe(count, v.minValue(2), v.maxValue(2000)),
      fromStep: v.optional(count),
      toStep: v.optional(count),
    }),
    v.record(v.string(), series),
  ),
  'runs.samples': method(v.object({ run: id }), v.array(sample)),
  'runs.events': method(v.object({ run: id }), v.array(runEvent)),

  'checkpoints.list': method(v.object({ run: v.optional(id) }), v.array(checkpointSummary)),
  'checkpoints.verify': method(
    v.object({ checkpoint: id }),
    v.object({ verified: v.boolean(), problems: v.array(v.string()) }),
  ),

  /** The next-token distribution after a text: the `count` likeliest, before and after the sampling filters. */
  'completion.next': method(
    v.object({
      checkpoint: id,
      ...prompted,
      temperature: v.number(),
      topK: count,
      topP: v.number(),
      count: v.pipe(count, v.maxValue(200)),
    }),
    v.object({
      prompt: v.array(tokenPiece),
      /** Tokens of the prompt beyond the context, not seen by the model. */
      cutOff: count,
      next: v.array(v.object({ piece: tokenPiece, probability: v.number(), sampling: v.number() })),
      entropyBits: v.number(),
      vocabularySize: count,
    }),
  ),
  /** Streams on the topic `generation` under the id the caller chose. */
  'generation.start': method(
    v.object({
      generation: id,
      checkpoint: id,
      ...prompted,
      sampling,
      /** What ends the text beside <|endoftext|>. */
      stopTokens: v.optional(int32s),
    }),
    v.object({
      text: v.string(),
      tokens: int32s,
      logProbs: v.array(v.number()),
      stopped: stopReason,
      tokensPerSecond: v.number(),
    }),
  ),
  'generation.stop': method(v.object({ generation: id }), ok),

  ...demonstrationMethods,
  ...sftMethods,
  ...exhibitMethods,
  ...chatMethods,
  ...preferenceMethods,
  ...rewardMethods,
  ...ppoMethods,
  ...evaluationMethods,
  ...buildMethods,
} as const
export type LabMethods = typeof labMethods

export const labTopics = {
  ...chatTopics,
  ...buildTopics,
  engine: engineStatus,
  job: jobStatus,
  /** A list changed: ask again. */
  changed: v.object({
    what: v.picklist([
      'corpora',
      'tokenizers',
      'demonstrations',
      'runs',
      'checkpoints',
      'conversations',
      'preferences',
      'reward-reports',
      'ppo-evaluations',
      'evaluations',
      'exhibits',
      'settings',
      'bench',
    ]),
  }),
  run: runSummary,
  /** New points of a running run, at most twice a second; several steps at once. */
  points: v.object({
    run: id,
    points: v.array(
      v.object({ step: count, tokens: count, seconds: v.number(), values: v.record(v.string(), v.number()) }),
    ),
  }),
  sample: v.object({ run: id, sample }),
  runEvent: v.object({ run: id, event: runEvent }),
  generation: v.object({
    generation: id,
    index: count,
    piece: tokenPiece,
    text: v.string(),
    logProb: v.number(),
  }),
  /**
   * Browser host only, to one page: put a fresh hidden iframe of `engine.html` (same fragment as the page) in the place of
   * any earlier one, or take it away. `number` grows with every order.
   */
  engineFrame: v.object({ mount: v.boolean(), number: count }),
  notice: v.object({
    kind: v.picklist(['info', 'success', 'warning', 'error']),
    text: v.string(),
    run: v.nullable(id),
  }),
} as const
export type LabTopics = typeof labTopics
