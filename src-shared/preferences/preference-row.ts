// A line of a preference file: a prompt with its responses and whole rankings. What is exported and imported, and what a
// run reads as datasets/<SHA-256>.jsonl.
import * as v from 'valibot'
import { chatMessage } from '../contract/demonstrations-contract.ts'
import { count } from '../contract/method.ts'
import { rankingOutcome } from '../contract/preferences-contract.ts'
import { countingJudgements } from './agreement.ts'

export const preferenceRow = v.object({
  /** Messages up to the responses. */
  prompt: v.array(chatMessage),
  responses: v.array(
    v.object({
      text: v.string(),
      /** Absent = true: it ended by itself. */
      stopped: v.optional(v.boolean()),
      origin: v.optional(v.picklist(['model', 'labeler', 'file'])),
      copies: v.optional(count),
    }),
  ),
  rankings: v.array(
    v.object({
      labeler: v.string(),
      pass: v.optional(count),
      outcome: v.optional(rankingOutcome),
      /** Of each response: 1 = best, equal = tie, null = left out. */
      ranks: v.array(v.nullable(count)),
      /** [winner, loser], where pairs were judged one by one. */
      pairs: v.optional(v.array(v.tuple([count, count]))),
      seconds: v.optional(v.nullable(v.number())),
      createdAt: v.optional(v.string()),
      /** Of a simulated labeler. */
      simulation: v.optional(v.object({ policy: v.string(), noise: v.number(), seed: count })),
    }),
  ),
  /** The starter world's task (starter-world/preferences.ts), for its labelers. */
  task: v.optional(v.unknown()),
  /** Where it stands in the workspace that a run read it from. */
  set: v.optional(v.string()),
  number: v.optional(count),
})
export type PreferenceRow = v.InferOutput<typeof preferenceRow>

/** The rankings of a row in its order, what it leaves out filled in. */
export const judgementsOfRow = ({ rankings }: Pick<PreferenceRow, 'rankings'>) =>
  rankings.map(({ pass = 0, outcome = 'ranked', pairs = null, ...ranking }) => ({
    ...ranking,
    pass,
    outcome,
    pairs,
  }))

/** Those of them that are learnt from: see `countingJudgements`. */
export const countingRankings = (row: Pick<PreferenceRow, 'rankings'>) =>
  countingJudgements(judgementsOfRow(row), ({ simulation }) => simulation !== undefined)
