// UI ↔ core: phase 3's training, what its reward model can judge, and what it says of a text.
import * as v from 'valibot'
import { chatMessage } from './demonstrations-contract.ts'
import { count, id, method, name } from './method.ts'
import { agreement, shareWithInterval } from './preferences-contract.ts'
import { estimate, job, page, tokenPiece } from './shapes.ts'

const rewardRequest = {
  /** The fine-tuned model that the reward model starts from. */
  checkpoint: id,
  /** Sets of preferences. */
  sets: v.pipe(v.array(id), v.maxLength(100)),
  /** Fields of rewardFields; what is left out takes its default. */
  config: v.record(v.string(), v.unknown()),
}

/** What the chosen preferences become with this checkpoint's tokenizer and context. */
export const rewardExamples = v.object({
  prompts: v.object({ train: count, validation: count }),
  /** Of them, different ones: the same prompt may stand in several sets. */
  distinct: v.object({ train: count, validation: count }),
  responses: count,
  pairs: v.object({ train: count, validation: count }),
  /** Prompts that make no pair: skipped, all bad, all ties, or not ranked. */
  withoutPairs: count,
  ties: count,
  contradictions: count,
  /** Prompts of which a response does not fit the context: see `reward.refused`. */
  refused: count,
  /** Of the training responses, prompt and template included. */
  tokens: count,
  longest: count,
  steps: count,
  agreement,
})
export type RewardExamples = v.InferOutput<typeof rewardExamples>

export const refusedPrompt = v.object({
  set: id,
  number: count,
  tokens: count,
  reason: v.string(),
  excerpt: v.string(),
})
export type RefusedPrompt = v.InferOutput<typeof refusedPrompt>

const split = v.object({
  prompts: count,
  pairs: count,
  /** Nats. */
  loss: v.number(),
  accuracy: shareWithInterval,
  /** Mean of r_w − r_l, in units of the normalised reward. */
  margin: v.number(),
})

/** What a model can judge: one kind of pair, and how often the better one scores higher. */
export const judgement = v.object({
  kind: v.string(),
  title: v.string(),
  group: v.picklist(['truth', 'abstention', 'style', 'tasks']),
  accuracy: shareWithInterval,
  examples: v.array(
    v.object({
      prompt: v.string(),
      better: v.string(),
      worse: v.string(),
      betterScore: v.number(),
      worseScore: v.number(),
    }),
  ),
})
export type Judgement = v.InferOutput<typeof judgement>

export const verdictLevel = v.picklist(['green', 'amber', 'red'])
export const verdict = v.object({
  level: verdictLevel,
  /** One or two sentences: what it can judge, what it cannot, and what was not measured. */
  summary: v.string(),
  /** The worst first; each holds by itself. */
  reasons: v.array(
    v.object({
      /** `accuracy`, `ceiling`, `overfitting`, `noise`, `calibration`, `length`, `variance`, `prompts`, `truth`, `style`, `abstention`, `tasks` */
      code: v.string(),
      level: verdictLevel,
      text: v.string(),
      /** What the person can do; null where all is well. */
      fix: v.nullable(v.string()),
    }),
  ),
})
export type Verdict = v.InferOutput<typeof verdict>

export const scoreHistogram = v.object({
  /** Edges, one more than bins. */
  edges: v.array(v.number()),
  winning: v.array(count),
  losing: v.array(count),
})

export const disagreement = v.object({
  set: id,
  number: count,
  messages: v.array(chatMessage),
  winner: v.object({ text: v.string(), score: v.number() }),
  loser: v.object({ text: v.string(), score: v.number() }),
  labeler: v.string(),
})
export type Disagreement = v.InferOutput<typeof disagreement>

/** Scores are normalised: mean 0 and standard deviation 1 over fresh answers of the fine-tuned model. */
export const rewardReport = v.object({
  checkpoint: id,
  createdAt: v.string(),
  train: split,
  validation: split,
  agreement,
  /** Against the simulated labeler's order before its noise; null where nothing was simulated. */
  clean: v.nullable(v.object({ accuracy: shareWithInterval, noise: v.number() })),
  scores: scoreHistogram,
  /** Validation pairs by |r_w − r_l|, in bins of about equal size. */
  byMargin: v.array(v.object({ from: v.number(), to: v.number(), accuracy: v.number(), pairs: count })),
  /** Validation pairs by the probability, .5–1, that the model gives the response it prefers itself, and how often the label agrees. */
  calibration: v.array(v.object({ predicted: v.number(), observed: v.number(), pairs: count })),
  /** Mean distance between predicted and observed, weighted by pairs. */
  calibrationError: v.number(),
  length: v.object({
    /** Spearman's of reward with characters of the response, over validation responses, within prompts. */
    correlation: v.number(),
    /** Of the labels that were trained on or held out: how often the response with more characters won. */
    longerWins: shareWithInterval,
    /** At most 500: characters of the response, normalised reward. */
    points: v.array(v.tuple([v.number(), v.number()])),
  }),
  /** Fresh answers of the fine-tuned model, before normalisation. */
  reference: v.object({
    samples: count,
    prompts: count,
    mean: v.number(),
    std: v.number(),
    /** Share of the variance that lies between answers to the same prompt: what phase 4 can learn from. */
    withinPrompts: v.number(),
  }),
  judges: v.array(judgement),
  worst: v.array(disagreement),
  verdict,
})
export type RewardReport = v.InferOutput<typeof rewardReport>

const text = v.pipe(v.string(), v.maxLength(100_000))

export const scoredResponse = v.object({
  /** Normalised; `raw` is what the head gave. */
  score: v.number(),
  raw: v.number(),
  /** Tokens of the response with the one that ends it, and the normalised score after each. */
  pieces: v.array(tokenPiece),
  prefixScores: v.array(v.number()),
  /** Of the prompt, before the response. */
  promptScore: v.number(),
})
export type ScoredResponse = v.InferOutput<typeof scoredResponse>

export const rewardMethods = {
  'reward.estimate': method(
    v.object(rewardRequest),
    v.object({ ...estimate.entries, examples: v.nullable(rewardExamples) }),
  ),
  'reward.start': method(v.object({ ...rewardRequest, name: v.optional(name) }), v.object({ run: id })),
  'reward.refused': method(
    v.object({ checkpoint: id, sets: rewardRequest.sets, ...page }),
    v.object({ total: count, rows: v.array(refusedPrompt) }),
  ),
  /** Measures what a reward model can judge; the job's result is a RewardReport, also kept. Runs by itself when a run ends. */
  'reward.measure': method(v.object({ checkpoint: id }), job),
  'reward.report': method(v.object({ checkpoint: id }), v.nullable(rewardReport)),
  /** The playground: responses to one prompt. */
  'reward.score': method(
    v.object({
      checkpoint: id,
      system: v.optional(text),
      prompt: v.pipe(text, v.minLength(1)),
      responses: v.pipe(v.array(text), v.minLength(1), v.maxLength(9)),
    }),
    v.object({ responses: v.array(scoredResponse) }),
  ),
} as const
