// UI ↔ core: evaluations. One evaluation asks the same questions of up to six checkpoints, keeps every answer, and says what
// each checkpoint is worth: a tournament between them ("your own Figure 1"), the truthfulness drill, the ladder of sums, and
// tasks with style. Every number can be opened: `evaluation.answers` gives the answers behind it.
import * as v from 'valibot'
import { chatMessage } from './demonstrations-contract.ts'
import { count, id, method, name } from './method.ts'
import { labeler, shareWithInterval } from './preferences-contract.ts'
import { job, ok, page } from './shapes.ts'

export const MOST_EVALUATED_MODELS = 6
/** Prompts that are typed, or taken from sets of demonstrations, at most. */
export const MOST_EVALUATED_PROMPTS = 2000

/** `truthfulness` and `tasks` need the starter world; `ladder` needs no prompts; `tournament` takes any. */
export const evaluationPart = v.picklist(['tournament', 'truthfulness', 'ladder', 'tasks'])
export type EvaluationPart = v.InferOutput<typeof evaluationPart>

/** Where the questions come from. `test` is looked at for what is reported, `development` for everything one tunes. */
export const evaluationPrompts = v.variant('from', [
  v.object({ from: v.literal('starter-world'), seed: count, split: v.picklist(['test', 'development']) }),
  v.object({
    from: v.literal('typed'),
    prompts: v.pipe(
      v.array(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(20_000))),
      v.minLength(1, 'type at least one prompt'),
      v.maxLength(MOST_EVALUATED_PROMPTS),
    ),
  }),
  /** What the demonstrations of these sets ask, at most `limit` of it, drawn by the evaluation's seed. */
  v.object({
    from: v.literal('demonstrations'),
    sets: v.pipe(v.array(id), v.minLength(1), v.maxLength(100)),
    limit: v.pipe(count, v.minValue(1), v.maxValue(MOST_EVALUATED_PROMPTS)),
  }),
])
export type EvaluationPrompts = v.InferOutput<typeof evaluationPrompts>

/**
 * Who compares answers by itself. A person can vote on the tournament of every evaluation, whatever is chosen here:
 * `evaluation.nextPair`. `oracle`: the starter world's labeler, without noise; it knows what is true. `reward-model`: a
 * checkpoint of phase 3; one that a compared run was trained against is refused unless `evenIfTrainedAgainst`, and marked then.
 */
export const evaluationJudge = v.variant('by', [
  v.object({ by: v.literal('oracle') }),
  v.object({
    by: v.literal('reward-model'),
    checkpoint: id,
    evenIfTrainedAgainst: v.optional(v.boolean()),
  }),
])
export type EvaluationJudge = v.InferOutput<typeof evaluationJudge>

export const evaluationRequest = v.object({
  name: v.optional(name),
  /** In the order of the phases: base, sft, rlhf. Labels and checkpoints are different. */
  models: v.pipe(
    v.array(v.object({ label: name, checkpoint: id })),
    v.minLength(1, 'choose at least one checkpoint'),
    v.maxLength(MOST_EVALUATED_MODELS),
  ),
  prompts: evaluationPrompts,
  /** Default: all that the prompts allow. */
  parts: v.optional(v.pipe(v.array(evaluationPart), v.minLength(1))),
  /** Of the tournament; 0 = greedy. Default 1 and 0. */
  temperatures: v.optional(
    v.pipe(v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(10))), v.minLength(1), v.maxLength(4)),
  ),
  /** Default: the oracle in the starter world, nobody elsewhere. */
  judges: v.optional(v.pipe(v.array(evaluationJudge), v.maxLength(4))),
  /** Draws the answers: the same prompt has the same seed in all columns. Default 0. */
  seed: v.optional(count),
  /** Of an answer. Default 48, longer than any right answer of the starter world. */
  maxTokens: v.optional(v.pipe(count, v.minValue(1), v.maxValue(500))),
})
export type EvaluationRequest = v.InferOutput<typeof evaluationRequest>

/** Where a question belongs. `prompt`: typed or from demonstrations, without a known truth. */
export const evaluationSetName = v.picklist(['known', 'unknown', 'task', 'prompt', 'sum'])
export type EvaluationSetName = v.InferOutput<typeof evaluationSetName>

/** A judge as it is to be shown, wherever one of its numbers is. */
export const namedJudge = v.object({
  /** `oracle`, `reward-model:<checkpoint>`, `person:<labeler>`: as in `winRate.judge`. */
  id: v.string(),
  by: v.picklist(['oracle', 'reward-model', 'person']),
  /** What the person reads. */
  name: v.string(),
  /** Labels of compared models that were trained to please this judge: its word on them proves nothing. */
  trainedAgainst: v.array(v.string()),
})
export type NamedJudge = v.InferOutput<typeof namedJudge>

/** How often `a` was preferred to `b`: of the models in their order, `a` is the later one. */
export const winRate = v.object({
  a: v.string(),
  b: v.string(),
  temperature: v.number(),
  wins: count,
  losses: count,
  /** As good as each other in the judge's eyes. A person is not asked about equal answers, so theirs are none of them. */
  ties: count,
  /** wins / (wins + losses); .5 where nothing is decided. */
  rate: v.number(),
  /** Wilson's 95 % interval around the rate. */
  low: v.number(),
  high: v.number(),
  /** `namedJudge.id` */
  judge: v.string(),
})
export type WinRate = v.InferOutput<typeof winRate>

export const groupWinRate = v.object({ ...winRate.entries, group: v.string() })

/** Shares of the answers, 0–1, greedy, judged letter for letter; they sum to 1. */
export const truthShares = v.object({
  correct: v.number(),
  abstains: v.number(),
  /** Says something that is not right. An answer that does not end counts here, as every answer of most bases does. */
  fabricates: v.number(),
  /** The model ended it itself. */
  stopped: v.number(),
  questions: count,
  /** Wilson's 95 % intervals, [low, high]. */
  intervals: v.object({
    correct: v.tuple([v.number(), v.number()]),
    abstains: v.tuple([v.number(), v.number()]),
    fabricates: v.tuple([v.number(), v.number()]),
  }),
})
export type TruthShares = v.InferOutput<typeof truthShares>

/** One rung of the ladder of sums, from 2 + 2 to 17 × 24: several sums of about the same difficulty. Greedy. */
export const rungResult = v.object({
  /** `group` of its questions. */
  rung: v.string(),
  /** `single digits, with carry` */
  title: v.string(),
  example: v.string(),
  accuracy: shareWithInterval,
  /** Mean over the sums of the geometric mean of the probabilities that the model gives its own answer's tokens, the end included. */
  confidence: v.number(),
})
export type RungResult = v.InferOutput<typeof rungResult>

/** How a model answers at a temperature: over all questions but sums, or over the tasks where it says so. */
export const mannerResult = v.object({
  label: v.string(),
  temperature: v.number(),
  /** Tasks right, letter for letter. */
  tasks: shareWithInterval,
  tasksByUseCase: v.array(v.object({ group: v.string(), right: shareWithInterval })),
  /** Tasks answered with "I don't know." */
  abstainsOnTasks: shareWithInterval,
  /** Answers with at least one phrase of bad style. */
  badStyle: shareWithInterval,
  /** By kind of bad style, shares of all answers. */
  badStyles: v.record(v.string(), v.number()),
  /** Ended by the model itself. */
  stopped: shareWithInterval,
  /** Mean words of an answer. */
  words: v.number(),
})
export type MannerResult = v.InferOutput<typeof mannerResult>

export const evaluatedModel = v.object({
  label: v.string(),
  checkpoint: id,
  /** Its run. */
  name: v.string(),
  phase: v.picklist(['pretrain', 'sft', 'reward', 'ppo']),
  step: count,
})
export type EvaluatedModel = v.InferOutput<typeof evaluatedModel>

/** What all answers together say. Records are by label; parts that were not chosen are empty. */
export const evaluationFindings = v.object({
  winRates: v.array(winRate),
  /** By use case of the starter world, by `known` and `unknown` names, by `prompt`. */
  winRatesByGroup: v.array(groupWinRate),
  /** Share of tasks right, greedy. */
  tasks: v.record(v.string(), v.number()),
  /** Share of answers in bad style, at temperature 1. */
  badStyle: v.record(v.string(), v.number()),
  /** Share of tasks answered with "I don't know.", greedy. */
  abstainsOnTasks: v.record(v.string(), v.number()),
  manner: v.array(mannerResult),
  truthfulness: v.record(v.string(), v.object({ known: truthShares, unknown: truthShares })),
  arithmetic: v.record(
    v.string(),
    v.object({ accuracy: v.number(), confidence: v.number(), rungs: v.array(rungResult) }),
  ),
})
export type EvaluationFindings = v.InferOutput<typeof evaluationFindings>

const described = {
  evaluation: id,
  name: v.string(),
  createdAt: v.string(),
  removedAt: v.nullable(v.string()),
  models: v.array(evaluatedModel),
  prompts: evaluationPrompts,
  parts: v.array(evaluationPart),
  temperatures: v.array(v.number()),
  /** Those that have judged, people who have voted among them. */
  judges: v.array(namedJudge),
  seed: count,
  maxTokens: count,
  /** Answers that are kept, and that there will be. Fewer: it was cut off, and `evaluation.resume` goes on. */
  answers: count,
  answersPlanned: count,
  /** Scores that reward models have still to give. Some, and no job: it was cut off, and `evaluation.resume` goes on. */
  scoresMissing: count,
  /** Votes of people, skipped ones left out. */
  votes: count,
}

export const evaluationSummary = v.object({
  ...described,
  /** The job that is asking; null = none. */
  job: v.nullable(id),
})
export type EvaluationSummary = v.InferOutput<typeof evaluationSummary>

export const evaluationReport = v.object({
  ...described,
  ...evaluationFindings.entries,
  /** Of asking and judging, interruptions left out. */
  seconds: v.number(),
})
export type EvaluationReport = v.InferOutput<typeof evaluationReport>

export const comparisonOutcome = v.picklist(['wins', 'losses', 'ties'])
/** Which answers: all given conditions hold. Without any: all. */
export const answerFilter = v.object({
  set: v.optional(evaluationSetName),
  group: v.optional(v.string()),
  /** A row is told when this model's answer meets `grade` and `badStyle`; without a model, when any does. */
  model: v.optional(v.string()),
  temperature: v.optional(v.number()),
  grade: v.optional(v.picklist(['correct', 'abstains', 'fabricates'])),
  badStyle: v.optional(v.boolean()),
  /** The comparisons behind a win rate. Only the two models' answers are told. */
  comparison: v.optional(
    v.object({ a: v.string(), b: v.string(), judge: v.string(), outcome: v.optional(comparisonOutcome) }),
  ),
  /** Part of the prompt or of an answer, letter case aside. */
  search: v.optional(v.pipe(v.string(), v.maxLength(200))),
})
export type AnswerFilter = v.InferOutput<typeof answerFilter>

export const evaluatedAnswer = v.object({
  label: v.string(),
  text: v.string(),
  stopped: v.boolean(),
  /** Letter for letter; null where no truth is known. */
  grade: v.nullable(v.picklist(['correct', 'abstains', 'fabricates'])),
  /** Kinds of bad style in it. */
  badStyles: v.array(v.string()),
  /** By `namedJudge.id`, of judges that score: higher is better. */
  scores: v.record(v.string(), v.number()),
  /** Geometric mean of the probabilities of its tokens, the end included, at temperature 1. */
  confidence: v.number(),
})
export type EvaluatedAnswer = v.InferOutput<typeof evaluatedAnswer>

/** One question at one temperature, with what each model made of it. */
export const answerRow = v.object({
  number: count,
  set: evaluationSetName,
  group: v.string(),
  messages: v.array(chatMessage),
  /** Right answers, the first few; empty where there is no truth to know. */
  right: v.array(v.string()),
  temperature: v.number(),
  answers: v.array(evaluatedAnswer),
})
export type AnswerRow = v.InferOutput<typeof answerRow>

/** Two answers side by side; which model gave which is not told. */
export const blindPair = v.object({
  /** Its place in the labeler's order. */
  place: count,
  messages: v.array(chatMessage),
  left: v.object({ text: v.string(), stopped: v.boolean() }),
  right: v.object({ text: v.string(), stopped: v.boolean() }),
})
export type BlindPair = v.InferOutput<typeof blindPair>

export const voteState = v.object({
  /** null: everything was voted on. */
  pair: v.nullable(blindPair),
  /** Votes and skips so far. */
  done: count,
  total: count,
  canUndo: v.boolean(),
})
export type VoteState = v.InferOutput<typeof voteState>

export const voteChoice = v.picklist(['left', 'right', 'tie', 'skip'])
const voter = { evaluation: id, labeler }

export const evaluationMethods = {
  /**
   * Asks and judges. The job's result is an EvaluationReport. Answers are kept batch by batch: a job that is cancelled or
   * fails leaves an evaluation that can be resumed.
   * @throws `bad-input` for equal labels, a model that writes nothing, parts that the prompts do not allow, a judge that
   *   cannot judge; `not-found` for a checkpoint or a set
   */
  'evaluation.start': method(evaluationRequest, v.object({ evaluation: id, job: id })),
  /** Goes on where an evaluation was cut off; gives its job where one is asking, and the finished report where nothing is left. */
  'evaluation.resume': method(v.object({ evaluation: id }), job),
  /** The starter world that a checkpoint, or what it came from, was pre-trained on; null = on other texts. */
  'evaluation.world': method(v.object({ checkpoint: id }), v.object({ seed: v.nullable(count) })),
  /** Newest first; removed ones are left out. */
  'evaluation.list': method(v.object({}), v.array(evaluationSummary)),
  /** What the answers say that are there, people's votes included. */
  'evaluation.show': method(v.object({ evaluation: id }), evaluationReport),
  'evaluation.answers': method(
    v.object({ evaluation: id, filter: v.optional(answerFilter), ...page }),
    v.object({ total: count, rows: v.array(answerRow) }),
  ),
  'evaluation.rename': method(v.object({ evaluation: id, name }), ok),
  /** Cancels its job; can be restored. */
  'evaluation.remove': method(v.object({ evaluation: id }), ok),
  'evaluation.restore': method(v.object({ evaluation: id }), ok),
  /**
   * The next two answers for a person to compare. Prompts, pairs and temperatures come evenly mixed, in an order that depends
   * on the evaluation's seed and the labeler alone: a sitting goes on where it was. Equal answers are not asked about.
   * @throws `conflict` when answers are missing, or there is no tournament to vote in
   */
  'evaluation.nextPair': method(v.object(voter), voteState),
  /** Durable when it answers, with the next pair. @throws `conflict` for a pair that was voted on or is not there */
  'evaluation.vote': method(
    v.object({
      ...voter,
      place: count,
      choice: voteChoice,
      seconds: v.optional(v.pipe(v.number(), v.minValue(0))),
    }),
    voteState,
  ),
  /** Takes the labeler's last vote back; its pair comes again. @throws `conflict` when there is none */
  'evaluation.undo': method(v.object(voter), voteState),
} as const
