// UI ↔ core: phase 4. Its start, what it is judged by as it goes, and the answers that it learns from, token by token.
import * as v from 'valibot'
import { chatMessage } from './demonstrations-contract.ts'
import { count, id, method, name } from './method.ts'
import { promptSource, shareWithInterval } from './preferences-contract.ts'
import { estimate, ok, page, tokenPiece } from './shapes.ts'

const weight = v.pipe(v.number(), v.finite(), v.minValue(-1000), v.maxValue(1000))

/**
 * What an answer is rewarded for; several are added up. Each gives a number that is multiplied by its weight:
 *
 * - `reward-model`: its score, of mean 0 and standard deviation 1 over fresh answers of the model that it came from; less where
 *   its raw scores hardly differ
 * - `truth`: the starter world's own judge: 1 right, 0 “I don’t know.” to a question of fact, −1 anything else
 * - `abstention`: 1 for “I don’t know.”, and nothing else said
 * - `exact`: 1 where the answer is one of those that the prompt came with, letter for letter
 * - `regex`: how often the pattern is found, at most `most` times
 * - `length`: −|tokens − target| / target
 */
export const rewardSource = v.variant('kind', [
  v.object({ kind: v.literal('reward-model'), checkpoint: id, weight }),
  v.object({ kind: v.literal('truth'), weight }),
  v.object({ kind: v.literal('abstention'), weight }),
  v.object({ kind: v.literal('exact'), weight }),
  v.object({
    kind: v.literal('regex'),
    pattern: v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(200, 'has more than 200 characters')),
    most: v.pipe(count, v.minValue(1), v.maxValue(1000)),
    weight,
  }),
  v.object({ kind: v.literal('length'), target: v.pipe(count, v.minValue(1), v.maxValue(4096)), weight }),
])
export type RewardSource = v.InferOutput<typeof rewardSource>
export type RewardKind = RewardSource['kind']

export const ppoRequest = {
  /** The fine-tuned model: where the policy starts, and the reference that it is held to. */
  checkpoint: id,
  prompts: promptSource,
  /** At most one `reward-model`. */
  rewards: v.pipe(v.array(rewardSource), v.minLength(1, 'at least one is needed'), v.maxLength(10)),
  /** Fields of ppoFields; what is left out takes its default. */
  config: v.record(v.string(), v.unknown()),
}

/** What the chosen prompts become with this checkpoint's tokenizer and context. */
export const ppoPrompts = v.object({
  train: count,
  /** Held out: of the starter world's development split, or a share of the prompts. */
  validation: count,
  /** Too long for the context to leave room for an answer. */
  refused: count,
  longest: count,
  /** How often every prompt is answered in the whole run. */
  epochs: v.number(),
})
export type PpoPrompts = v.InferOutput<typeof ppoPrompts>

/** What a run of phase 4 keeps of how it was started. */
export const ppoData = v.object({
  prompts: v.object({
    from: v.picklist(['text', 'demonstrations', 'files', 'starter-world']),
    /** SHA-256 of the file datasets/<hash>.jsonl. */
    hash: v.string(),
    /** Of the held-out ones. */
    validationHash: v.string(),
    train: count,
    validation: count,
    refused: count,
    /** The starter world that the prompts are from; null = nobody here knows what is true. */
    world: v.nullable(count),
  }),
  rewards: v.array(rewardSource),
  /** Of the reward model, where there is one: its run's name, and mean and standard deviation of its raw scores. */
  rewardModel: v.nullable(v.object({ name: v.string(), mean: v.number(), std: v.number() })),
  /** Who compares answers to held-out prompts by itself; null = only the person in A/B breaks. Never the reward model. */
  judge: v.nullable(v.literal('oracle')),
})
export type PpoData = v.InferOutput<typeof ppoData>

/** Wins of the policy over the fine-tuned model; ties are in neither, `share` is wins / (wins + losses). */
export const winRate = v.object({ wins: count, losses: count, ties: count, ...shareWithInterval.entries })
export type WinRate = v.InferOutput<typeof winRate>

/** Answers of the policy to the held-out prompts after update `step`; 0 = of the fine-tuned model itself. */
export const ppoEvaluation = v.object({
  step: count,
  answers: count,
  /** Mean reward of the sources, without KL charge. */
  score: v.number(),
  /** Mean nats per answer against the fine-tuned model. */
  kl: v.number(),
  /** Shares: “I don’t know.” and nothing else; ended by itself; in bad style, where the starter world judges. */
  abstains: v.number(),
  stopped: v.number(),
  badStyle: v.nullable(v.number()),
  /** By the starter world's oracle; null where it cannot judge, and at step 0. */
  oracle: v.nullable(winRate),
  /** Prompts whose answer is another than the fine-tuned model's, but for outer white space: what can be compared. */
  pairs: count,
  /** By the person's votes in A/B breaks; null before the first. */
  person: v.nullable(winRate),
})
export type PpoEvaluation = v.InferOutput<typeof ppoEvaluation>

/** Two answers to be compared blind: which is the policy's is told after the vote. */
export const breakPair = v.object({
  step: count,
  /** Of the held-out prompts. */
  prompt: count,
  messages: v.array(chatMessage),
  a: v.string(),
  b: v.string(),
  /** Votes of this step, and pairs that it has. */
  voted: count,
  pairs: count,
})
export type BreakPair = v.InferOutput<typeof breakPair>

/** One answer that an update learnt from. All lists have an entry per token of the response. */
export const rollout = v.object({
  step: count,
  index: count,
  prompt: v.array(tokenPiece),
  response: v.array(tokenPiece),
  stopped: v.boolean(),
  /** Reward of the sources with the missing-end penalty, before the KL charge. */
  score: v.number(),
  /** β in this update. */
  klCoef: v.number(),
  /** Nats: under the policy that wrote it, and under the reference. */
  logProbs: v.array(v.number()),
  refLogProbs: v.array(v.number()),
  /** Predicted before the token; and reward of the token: −β·KL, with the score at the last, whitened if so configured. */
  values: v.array(v.number()),
  rewards: v.array(v.number()),
  /** Whitened over the update's tokens. */
  advantages: v.array(v.number()),
  returns: v.array(v.number()),
  /** New over old probability as the update last read the token, and whether clipping stopped its gradient then. */
  ratios: v.array(v.number()),
  clipped: v.array(v.boolean()),
})
export type Rollout = v.InferOutput<typeof rollout>

export const ppoMethods = {
  'ppo.estimate': method(
    v.object(ppoRequest),
    v.object({ ...estimate.entries, prompts: v.nullable(ppoPrompts) }),
  ),
  'ppo.start': method(v.object({ ...ppoRequest, name: v.optional(name) }), v.object({ run: id })),
  /** By step. */
  'ppo.evaluations': method(v.object({ run: id }), v.array(ppoEvaluation)),
  /** Prompts with the fine-tuned model's answer and the policy's at `step`. */
  'ppo.answers': method(
    v.object({ run: id, step: count, ...page }),
    v.object({
      total: count,
      rows: v.array(
        v.object({
          prompt: count,
          messages: v.array(chatMessage),
          reference: v.object({ text: v.string(), score: v.number() }),
          policy: v.object({ text: v.string(), score: v.number(), kl: v.number() }),
          /** By the oracle: the policy's answer is better, worse or as good; null = not judged. */
          oracle: v.nullable(v.picklist(['win', 'loss', 'tie'])),
        }),
      ),
    }),
  ),
  /** The next pair of this step that the person has not compared, equal answers left out; null = none is left. */
  'ppo.breakPair': method(v.object({ run: id, step: count }), v.nullable(breakPair)),
  'ppo.vote': method(
    v.object({ run: id, step: count, prompt: count, choice: v.picklist(['a', 'b', 'tie']) }),
    v.object({ policy: v.picklist(['a', 'b']) }),
  ),
  /** Takes the last vote of this step back. */
  'ppo.undoVote': method(v.object({ run: id, step: count }), ok),
  /** Updates whose answers are kept, and how many of each. */
  'ppo.rollouts': method(v.object({ run: id }), v.array(v.object({ step: count, rollouts: count }))),
  'ppo.rollout': method(v.object({ run: id, step: count, index: count }), rollout),
} as const
