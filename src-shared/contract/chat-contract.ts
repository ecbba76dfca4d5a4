// UI ↔ core: the chat. A conversation is a tree of turns; a turn is one prompt and the answers of up to four checkpoints.
// Every column reads the prompts before and its own answers to them.
import * as v from 'valibot'
import { sampling, stopReason } from './engine-contract.ts'
import { labErrorFacts } from './errors.ts'
import { count, id, method, name } from './method.ts'
import { ok, tokenPiece } from './shapes.ts'

export const chatMode = v.picklist(['template', 'raw'])
/** `template`: through the chat template. `raw`: the prompts and answers as plain text to be continued. */
export type ChatMode = v.InferOutput<typeof chatMode>

const { seed: _, ...samplingEntries } = sampling.entries
/** Without the seed, which belongs to the turn. */
export const chatSampling = v.object(samplingEntries)
export type ChatSampling = v.InferOutput<typeof chatSampling>

export const chatColumn = v.object({ checkpoint: id, mode: chatMode, sampling: chatSampling })
export type ChatColumn = v.InferOutput<typeof chatColumn>
const columns = v.pipe(v.array(chatColumn), v.minLength(1), v.maxLength(4))

export const tokenChoice = v.object({ piece: tokenPiece, logProb: v.number() })

/** A token of an answer. Log-probs in nats at temperature 1, unfiltered. */
export const writtenToken = v.object({
  piece: tokenPiece,
  logProb: v.number(),
  /** The likeliest tokens at this place, best first. */
  alternatives: v.array(tokenChoice),
})
export type WrittenToken = v.InferOutput<typeof writtenToken>

/** What another model says of an answer. */
export const answerMeasure = v.object({
  /** The checkpoint that says it. */
  by: id,
  /** Of its run. */
  name: v.string(),
  /** null = not measured yet, or not to be had: see `error`. */
  value: v.nullable(v.number()),
  error: v.nullable(labErrorFacts),
})
export type AnswerMeasure = v.InferOutput<typeof answerMeasure>

export const answerState = v.picklist(['waiting', 'loading', 'writing', 'done', 'failed'])

export const chatAnswer = v.object({
  id: count,
  turn: count,
  column: count,
  /** 1 for the first, one more for every regeneration in this column. */
  attempt: count,
  attempts: count,
  /** Ids of all attempts, oldest first: what `chat.choose` takes. */
  attemptIds: v.array(count),
  checkpoint: id,
  /** Of the run, for its header and for export. */
  checkpointName: v.string(),
  mode: chatMode,
  sampling: chatSampling,
  seed: count,
  state: answerState,
  text: v.string(),
  /** Those so far while it is being written. Afterwards empty: a long conversation would be megabytes of alternatives; see `chat.tokens`. */
  tokens: v.array(writtenToken),
  tokenCount: count,
  stopped: v.nullable(stopReason),
  tokensPerSecond: v.nullable(v.number()),
  /** Tokens of the conversation that did not fit the context and were not read. */
  cutOff: count,
  /** Whether another checkpoint had to make room for this one. */
  swapped: v.boolean(),
  error: v.nullable(labErrorFacts),
  /** Normalised score of a reward model; null = turned off, there is none, or no token to be scored. */
  reward: v.nullable(answerMeasure),
  /**
   * Σ over the answer's tokens, its end included, of log π(token) − log π_SFT(token), in nats at temperature 1, unfiltered:
   * k1 of algorithms §2.6. Over answers drawn that way its mean is the KL divergence; one answer may be below 0. Both read
   * what the answer was written after. null = nothing was fine-tuned from the answer's base, or no token.
   */
  kl: v.nullable(answerMeasure),
})
export type ChatAnswer = v.InferOutput<typeof chatAnswer>

export const chatVote = v.object({
  /** Column of the best answer, or `tie`, or `all-bad`. */
  outcome: v.union([count, v.picklist(['tie', 'all-bad'])]),
  blind: v.boolean(),
})
export type ChatVote = v.InferOutput<typeof chatVote>

export const chatTurn = v.object({
  id: count,
  parent: v.nullable(count),
  prompt: v.string(),
  seed: count,
  /** All turns with the same parent, oldest first: the branches at this place. */
  branches: v.array(count),
  /** The chosen attempt of every column. */
  answers: v.array(chatAnswer),
  vote: v.nullable(chatVote),
})
export type ChatTurn = v.InferOutput<typeof chatTurn>

export const conversationSummary = v.object({
  id,
  title: v.string(),
  createdAt: v.string(),
  updatedAt: v.string(),
  removedAt: v.nullable(v.string()),
  turns: count,
})
export type ConversationSummary = v.InferOutput<typeof conversationSummary>

export const conversation = v.object({
  ...conversationSummary.entries,
  system: v.string(),
  columns: v.array(chatColumn),
  /** One set of sampling settings for all columns. */
  linked: v.boolean(),
  /** Names hidden and places shuffled until voted. */
  blind: v.boolean(),
  /** From the first turn to the last of the branch that is shown. */
  turns: v.array(chatTurn),
})
export type Conversation = Omit<v.InferOutput<typeof conversation>, 'turns'> & { turns: ChatTurn[] }

/** `auto`: the reward model that the RLHF run in the conversation was trained with, else the newest of phase 3. */
export const rewardChoice = v.union([v.picklist(['auto', 'off']), id])
export type RewardChoice = v.InferOutput<typeof rewardChoice>

const text = v.pipe(v.string(), v.maxLength(100_000))

export const chatMethods = {
  /** Newest first; `search` looks into titles, prompts and answers. */
  'chat.list': method(
    v.object({ search: v.optional(v.pipe(v.string(), v.maxLength(1000))) }),
    v.array(conversationSummary),
  ),
  'chat.create': method(
    v.object({
      columns,
      title: v.optional(name),
      system: v.optional(text),
      linked: v.optional(v.boolean()),
      blind: v.optional(v.boolean()),
    }),
    v.object({ conversation: id }),
  ),
  'chat.show': method(v.object({ conversation: id }), conversation),
  /** `turn`: show the branch that this turn is on. */
  'chat.change': method(
    v.object({
      conversation: id,
      title: v.optional(name),
      system: v.optional(text),
      columns: v.optional(columns),
      linked: v.optional(v.boolean()),
      blind: v.optional(v.boolean()),
      turn: v.optional(count),
    }),
    ok,
  ),
  /** The next start deletes it for good; votes stay as comparisons. */
  'chat.remove': method(v.object({ conversation: id }), ok),
  'chat.restore': method(v.object({ conversation: id }), ok),
  /** A new turn after `parent` (null = a new beginning): an edited prompt is a branch with the same parent. Answers stream on the topic `chat`. */
  'chat.send': method(
    v.object({
      conversation: id,
      parent: v.nullable(count),
      prompt: v.pipe(text, v.minLength(1)),
      seed: count,
    }),
    v.object({ turn: count }),
  ),
  /** The tokens of an answer with their alternatives, the one that ended it included. */
  'chat.tokens': method(v.object({ answer: count }), v.object({ tokens: v.array(writtenToken) })),
  /** What the answers of such columns are measured by: a reward model, and for each the fine-tuned model that KL is against. */
  'chat.measures': method(
    v.object({ checkpoints: v.pipe(v.array(id), v.maxLength(4)) }),
    v.object({ choice: rewardChoice, reward: v.nullable(id), references: v.array(v.nullable(id)) }),
  ),
  /** For all conversations. */
  'chat.chooseReward': method(v.object({ choice: rewardChoice }), ok),
  /** Measures what the shown answers lack, once nothing is being written; `again`: also what could not be had before. */
  'chat.measure': method(v.object({ conversation: id, again: v.optional(v.boolean()) }), ok),
  /** Of each token of an answer, as `chat.tokens` lists them: log π − log π_SFT, in nats. */
  'chat.kl': method(v.object({ answer: count, reference: id }), v.object({ nats: v.array(v.number()) })),
  /** Another attempt in one column. */
  'chat.regenerate': method(
    v.object({ turn: count, column: count, seed: count }),
    v.object({ answer: count }),
  ),
  /** Shows and goes on from this attempt. */
  'chat.choose': method(v.object({ answer: count }), ok),
  /** Stops one column or all of a turn; what was written stays. */
  'chat.stop': method(v.object({ turn: count, column: v.optional(count) }), ok),
  /** The chosen answers of a turn as comparisons for phase 3; voting again replaces the vote, null takes it back. */
  'chat.vote': method(
    v.object({ turn: count, vote: v.nullable(chatVote) }),
    v.object({ comparisons: count }),
  ),
  /** The branch that is shown, under exports/ and as text; as JSON lines of messages, one line a column. */
  'chat.export': method(
    v.object({ conversation: id, format: v.picklist(['markdown', 'json', 'jsonl']) }),
    v.object({ path: v.string(), fileName: v.string(), text: v.string() }),
  ),
  /** How many checkpoints are kept in memory at once: null = as many as fit. */
  'chat.residency': method(
    v.object({ models: v.optional(v.nullable(v.pipe(count, v.minValue(1), v.maxValue(4)))) }),
    v.object({ models: v.nullable(count) }),
  ),
} as const

export const chatTopics = {
  /** An answer changed: its state, or new tokens after those the screen has. */
  chat: v.object({
    conversation: id,
    turn: count,
    answer: count,
    column: count,
    state: answerState,
    /** Tokens from index `from` on, and the text from its UTF-16 unit `textFrom` on: a screen may have some of both already. */
    from: count,
    tokens: v.array(writtenToken),
    textFrom: count,
    text: v.string(),
    tokensPerSecond: v.nullable(v.number()),
    stopped: v.nullable(stopReason),
    swapped: v.boolean(),
    error: v.nullable(labErrorFacts),
  }),
} as const
