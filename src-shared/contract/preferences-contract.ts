// UI ↔ core: preferences, the human step of phase 3. A set holds prompts, each with two or more responses, and rankings
// of them by one or more labelers. A ranking is stored once, whole; pairs are derived (src-shared/preferences).
import * as v from 'valibot'
import { policyNames } from '../starter-world/policy-names.ts'
import { chatMessage } from './demonstrations-contract.ts'
import { sampling } from './engine-contract.ts'
import { count, id, method, name, nothing } from './method.ts'
import { job, ok, page, rejection } from './shapes.ts'

export const preferenceResponse = v.object({
  text: v.string(),
  /** The model ended it itself; one that was cut off has no end token. */
  stopped: v.boolean(),
  /** `model`: sampled from the set's checkpoint. `labeler`: written to stand beside them. `file`: imported. */
  origin: v.picklist(['model', 'labeler', 'file']),
  /** How often it was sampled: equal ones are shown once. */
  copies: count,
})
export type PreferenceResponse = v.InferOutput<typeof preferenceResponse>

/** `all-bad`: none is worth choosing; like a skip it makes no pair, but it is kept. */
export const rankingOutcome = v.picklist(['ranked', 'skipped', 'all-bad'])
/** Of each response in the stored order: 1 = best, equal numbers are ties; null = left out. */
const ranks = v.pipe(
  v.array(v.nullable(v.pipe(count, v.minValue(1), v.maxValue(9)))),
  v.minLength(2),
  v.maxLength(9),
)
/** Who ranks: a name that the person gives themselves. */
export const labeler = name

export const storedRanking = v.object({
  labeler: v.string(),
  /** 0, and 1 where the prompt came back to measure agreement. */
  pass: count,
  outcome: rankingOutcome,
  ranks: v.array(v.nullable(count)),
  /** Pairs that were judged one by one, [winner, loser], where they need not make one order; null = what the ranks say. */
  pairs: v.nullable(v.array(v.tuple([count, count]))),
  seconds: v.nullable(v.number()),
  createdAt: v.string(),
})
export type StoredRanking = v.InferOutput<typeof storedRanking>

/** Wilson's 95 % interval around a share. */
export const shareWithInterval = v.object({ share: v.number(), low: v.number(), high: v.number(), n: count })
export type ShareWithInterval = v.InferOutput<typeof shareWithInterval>

/** How often the same pair was ordered the same way, over pairs that both orders decide. */
export const agreement = v.object({
  /** Of each labeler with themselves, over prompts that came back. */
  self: v.array(v.object({ labeler: v.string(), agreement: shareWithInterval })),
  between: v.array(v.object({ a: v.string(), b: v.string(), agreement: shareWithInterval })),
  /**
   * How far labels can be relied on: simulated noise is known, people's agreement is measured; `mixed` weighs both by their
   * pairs. null = too little was measured to say, or it is no better than chance.
   */
  ceiling: v.nullable(
    v.object({ source: v.picklist(['simulated', 'self', 'between', 'mixed']), ...shareWithInterval.entries }),
  ),
  /** Why there is no ceiling, as a sentence without its full stop. */
  noCeiling: v.optional(
    v.object({ code: v.picklist(['unmeasured', 'too-few', 'by-chance']), text: v.string() }),
  ),
})
export type Agreement = v.InferOutput<typeof agreement>

/** A stated policy with a stated noise: each pair is turned round with probability `noise`. */
export const simulation = v.object({
  policy: v.picklist(policyNames),
  noise: v.pipe(v.number(), v.minValue(0, 'must be at least 0'), v.maxValue(0.5, 'must be at most 0.5')),
  seed: count,
})
export type Simulation = v.InferOutput<typeof simulation>

export const benchRecipe = v.object({
  checkpoint: id,
  checkpointName: v.string(),
  responses: count,
  sampling,
  /** Of the prompts, how many come back once. */
  repeatShare: v.number(),
  /** The starter world that the prompts are from; null = other prompts, whose truth nobody here knows. */
  world: v.nullable(count),
})

export const preferenceSet = v.object({
  id,
  name: v.string(),
  /** `bench`: sampled here to be ranked. `chat`: the chat's votes, always there, cannot be removed. */
  kind: v.picklist(['bench', 'imported', 'chat']),
  createdAt: v.string(),
  removedAt: v.nullable(v.string()),
  bench: v.nullable(benchRecipe),
  prompts: count,
  /** Prompts whose responses are there; the others are still being sampled, or were not when the app closed. */
  sampled: count,
  /** Prompts with an order, by anybody. */
  ranked: count,
  /** Prompts that were looked at and have none: all skipped, or some found all bad. */
  skipped: count,
  allBad: count,
  /** Prompts of which a person's ranking counts in the place of a simulated one. */
  overruled: count,
  /** Decided pairs over all labelers, the latest ranking of each; a simulated one only where no person has judged. */
  pairs: count,
  ties: count,
  /** Pairs of equal prompt and responses that stand both ways round. */
  contradictions: count,
  labelers: v.array(v.object({ labeler: v.string(), rankings: count, simulation: v.nullable(simulation) })),
  duplicates: count,
  rejected: count,
  notes: v.array(v.string()),
  files: v.array(v.object({ file: v.string(), format: v.string(), rows: count })),
})
export type PreferenceSet = v.InferOutput<typeof preferenceSet>

export const preferencePrompt = v.object({
  set: id,
  /** Stays with the prompt for ever. */
  number: count,
  /** What the responses answer; the last message is the user's. */
  messages: v.array(chatMessage),
  responses: v.array(preferenceResponse),
  rankings: v.array(storedRanking),
  source: v.nullable(v.object({ file: v.string(), line: count })),
})
export type PreferencePrompt = v.InferOutput<typeof preferencePrompt>

/** A prompt on the bench. `order[i]` = which stored response stands in place i: shuffled anew each time it is shown. */
export const benchCard = v.object({
  set: id,
  number: count,
  pass: count,
  messages: v.array(chatMessage),
  responses: v.array(preferenceResponse),
  order: v.array(count),
  /** What was said before, after an undo or where a label is mended; else null. */
  ranking: v.nullable(v.object({ outcome: rankingOutcome, ranks: v.array(v.nullable(count)) })),
  /** What is stored of this prompt under this labeler's name and pass; null = nothing. */
  stands: v.nullable(storedRanking),
})
export type BenchCard = v.InferOutput<typeof benchCard>

export const benchState = v.object({
  /** null: all that is sampled is ranked. */
  card: v.nullable(benchCard),
  done: count,
  /** Prompts and those that come back. */
  total: count,
  /** Median of this labeler here, for the time left; null before the first. */
  secondsPerCard: v.nullable(v.number()),
  canUndo: v.boolean(),
  sampling: v.nullable(v.object({ job: id })),
  agreement,
})
export type BenchState = v.InferOutput<typeof benchState>

const atLeastOne = 'at least one is needed'
/** Of those that a source gives more of than anybody wants. */
const promptCount = v.pipe(
  count,
  v.minValue(1, 'must be at least 1'),
  v.maxValue(100_000, 'must be at most 100,000'),
)

export const promptSource = v.variant('from', [
  v.object({
    from: v.literal('text'),
    prompts: v.pipe(
      v.array(
        v.pipe(
          v.string(),
          v.minLength(1, 'is empty'),
          v.maxLength(20_000, 'has more than 20,000 characters'),
        ),
      ),
      v.minLength(1, atLeastOne),
      v.maxLength(10_000, 'are more than 10,000: give them as a file'),
    ),
  }),
  /** Last questions of demonstrations, in an order drawn from the seed. */
  v.object({
    from: v.literal('demonstrations'),
    sets: v.pipe(v.array(id), v.minLength(1, atLeastOne), v.maxLength(100)),
    count: promptCount,
  }),
  /** Text files with a prompt a line, or JSON lines with `prompt`. */
  v.object({
    from: v.literal('files'),
    files: v.pipe(v.array(id), v.minLength(1, atLeastOne), v.maxLength(100)),
  }),
  v.object({
    from: v.literal('starter-world'),
    world: count,
    count: promptCount,
    /** Whether labelers put answers of their own beside the model's. */
    constructed: v.boolean(),
  }),
])
export type PromptSource = v.InferOutput<typeof promptSource>

/** First rows of a file as they would become. */
export const preferencePreview = v.object({
  file: v.string(),
  /** `trl`, `hh-rlhf`, `rankings`; null = not recognised. */
  format: v.nullable(v.string()),
  formatTitle: v.string(),
  rows: v.array(
    v.object({
      line: count,
      messages: v.array(chatMessage),
      responses: v.array(v.object({ text: v.string(), rank: v.nullable(count) })),
    }),
  ),
  rejections: v.array(rejection),
  problem: v.nullable(v.string()),
})
export type PreferencePreview = v.InferOutput<typeof preferencePreview>

/** The result of the job `preferences.import`: accepted + rejected + duplicates = rows read. */
export const preferenceImport = v.object({
  set: id,
  read: count,
  accepted: count,
  rejected: count,
  duplicates: count,
  contradictions: count,
  rejections: v.array(rejection),
})
export type PreferenceImport = v.InferOutput<typeof preferenceImport>

const place = { set: id, number: count }

export const preferenceMethods = {
  /** Newest first, removed ones included; the chat's votes, `chat`, last. */
  'preferences.list': method(nothing, v.array(preferenceSet)),
  'preferences.show': method(v.object({ set: id }), preferenceSet),
  'preferences.rename': method(v.object({ set: id, name }), ok),
  'preferences.remove': method(v.object({ set: id }), ok),
  'preferences.restore': method(v.object({ set: id }), ok),
  'preferences.prompts': method(
    v.object({ set: id, search: v.optional(v.pipe(v.string(), v.maxLength(1000))), ...page }),
    v.object({ total: count, rows: v.array(preferencePrompt) }),
  ),
  'preferences.prompt': method(v.object(place), preferencePrompt),
  'preferences.removePrompts': method(
    v.object({ set: id, numbers: v.pipe(v.array(count), v.minLength(1), v.maxLength(100_000)) }),
    ok,
  ),
  'preferences.restorePrompts': method(
    v.object({ set: id, numbers: v.pipe(v.array(count), v.minLength(1), v.maxLength(100_000)) }),
    ok,
  ),
  'preferences.agreement': method(v.object({ sets: v.pipe(v.array(id), v.maxLength(100)) }), agreement),

  'preferences.preview': method(v.object({ file: id }), preferencePreview),
  /** Into a new set, or added to `into`: rankings of prompts and responses that are there join them, which measures agreement. */
  'preferences.import': method(
    v.object({
      name: v.optional(name),
      into: v.optional(id),
      files: v.pipe(v.array(id), v.minLength(1), v.maxLength(100)),
    }),
    job,
  ),
  'preferences.rejections': method(
    v.object({ set: id, ...page }),
    v.object({ total: count, rows: v.array(rejection) }),
  ),
  /** Under exports/. `rankings`: a prompt a line, whole, to be imported elsewhere. `trl`: a pair a line, chosen and rejected. */
  'preferences.export': method(
    v.object({
      sets: v.pipe(v.array(id), v.minLength(1), v.maxLength(100)),
      format: v.picklist(['rankings', 'trl']),
    }),
    v.object({ path: v.string(), lines: count }),
  ),

  /** A set of prompts to be ranked; its responses are sampled by the job, in order, and can be ranked as they come. */
  'ranking.create': method(
    v.object({
      name: v.optional(name),
      checkpoint: id,
      prompts: promptSource,
      responses: v.pipe(count, v.minValue(2, 'must be at least 2'), v.maxValue(9, 'must be at most 9')),
      sampling,
      repeatShare: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.1),
    }),
    v.object({ set: id, ...job.entries }),
  ),
  /** Goes on with what is not sampled yet, with the same bits. */
  'ranking.sample': method(v.object({ set: id }), job),
  /** Where this labeler stands, and the next card. */
  'ranking.state': method(v.object({ set: id, labeler }), benchState),
  /**
   * Stores a ranking, replacing one of the same prompt, labeler and pass; answers the next card. `conflict` under the name
   * of a simulated labeler, and where another ranking stands than the one of `stands` (its createdAt; null = none).
   */
  'ranking.rank': method(
    v.object({
      ...place,
      labeler,
      pass: v.pipe(count, v.maxValue(1)),
      outcome: rankingOutcome,
      ranks,
      seconds: v.pipe(v.number(), v.minValue(0)),
      stands: v.optional(v.nullable(v.string())),
    }),
    benchState,
  ),
  /** Undoes one ranking, whichever it was: what stood before it stands again, whole; null = nothing. */
  'ranking.putBack': method(
    v.object({
      ...place,
      labeler,
      pass: v.pipe(count, v.maxValue(1)),
      ranking: v.nullable(storedRanking),
    }),
    ok,
  ),
  /** Takes this labeler's last ranking back and shows its card again. */
  'ranking.undo': method(v.object({ set: id, labeler }), benchState),
  /** One card whatever was said of it, to mend a label; with what `from` said of it where that is another's label. */
  'ranking.card': method(v.object({ ...place, labeler, from: v.optional(labeler) }), benchCard),
  /** Ranks every sampled prompt by a policy, under a labeler's name that says so. The result is {rankings}. */
  'ranking.simulate': method(v.object({ set: id, ...simulation.entries }), job),
} as const
