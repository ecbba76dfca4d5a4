// Phase 4: answers to held-out prompts, votes on them, and what updates learnt from.
import type { PpoEvaluation } from '../../../../src-shared/contract/ppo-contract.ts'
import type { Db } from '../open.ts'
import { statement, write } from '../statement.ts'

export interface HeldOutAnswer {
  readonly text: string
  readonly stopped: boolean
  /** Reward, and nats against the fine-tuned model. */
  readonly score: number
  readonly kl: number
}
export type EvaluationSummary = Omit<PpoEvaluation, 'person'>
export type PpoChoice = 'policy' | 'reference' | 'tie'

/** A redone step overwrites what it said. */
export function saveHeldOutAnswers(
  db: Db,
  run: string,
  summary: EvaluationSummary,
  answers: readonly HeldOutAnswer[],
): void {
  write(
    db,
    `INSERT INTO ppo_answers (run, step, answers, summary) VALUES (?, ?, ?, ?)
     ON CONFLICT (run, step) DO UPDATE SET answers = excluded.answers, summary = excluded.summary`,
    run,
    summary.step,
    JSON.stringify(answers),
    JSON.stringify(summary),
  )
}

/** Undefined where that step was not evaluated. */
export function heldOutAnswers(db: Db, run: string, step: number): HeldOutAnswer[] | undefined {
  const row = statement<{ answers: string }>(
    db,
    'SELECT answers FROM ppo_answers WHERE run = ? AND step = ?',
  ).get(run, step)
  return row && JSON.parse(row.answers)
}

/** By step. */
export function evaluationSummaries(db: Db, run: string): EvaluationSummary[] {
  return statement<{ summary: string }>(db, 'SELECT summary FROM ppo_answers WHERE run = ? ORDER BY step')
    .all(run)
    .map(({ summary }) => JSON.parse(summary))
}

export interface PpoVote {
  readonly step: number
  readonly prompt: number
  readonly choice: PpoChoice
}

/** A second vote on the same pair takes the place of the first. */
export function saveVote(db: Db, run: string, { step, prompt, choice }: PpoVote): void {
  write(
    db,
    'INSERT OR REPLACE INTO ppo_votes (run, step, prompt, choice, created_at) VALUES (?, ?, ?, ?, ?)',
    run,
    step,
    prompt,
    choice,
    new Date().toISOString(),
  )
}

/** @returns whether there was one */
export const deleteLatestVote = (db: Db, run: string, step: number): boolean =>
  write(
    db,
    'DELETE FROM ppo_votes WHERE id = (SELECT max(id) FROM ppo_votes WHERE run = ? AND step = ?)',
    run,
    step,
  ).changes > 0

export const listVotes = (db: Db, run: string): PpoVote[] =>
  statement<PpoVote>(db, 'SELECT step, prompt, choice FROM ppo_votes WHERE run = ? ORDER BY id').all(run)

export function saveRollout(db: Db, run: string, step: number, number: number, rollout: object): void {
  write(
    db,
    `INSERT INTO rollouts (run, step, number, rollout) VALUES (?, ?, ?, ?)
     ON CONFLICT (run, step, number) DO UPDATE SET rollout = excluded.rollout`,
    run,
    step,
    number,
    JSON.stringify(rollout),
  )
}

/** Undefined where none is kept. */
export function findRollout(db: Db, run: string, step: number, number: number): unknown {
  const row = statement<{ rollout: string }>(
    db,
    'SELECT rollout FROM rollouts WHERE run = ? AND step = ? AND number = ?',
  ).get(run, step, number)
  return row && JSON.parse(row.rollout)
}

/** By step. */
export const rolloutCounts = (db: Db, run: string): { step: number; rollouts: number }[] =>
  statement<{ step: number; rollouts: number }>(
    db,
    'SELECT step, count(*) AS rollouts FROM rollouts WHERE run = ? GROUP BY step ORDER BY step',
  ).all(run)
