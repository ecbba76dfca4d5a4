// What other models say of the chat's answers.
import { LabError } from '../../../../src-shared/contract/errors.ts'
import type { Db } from '../open.ts'
import { statement, write } from '../statement.ts'

export type MeasureKind = 'reward' | 'kl'

/** What is said of one answer by one checkpoint. */
export interface Measured {
  readonly answer: number
  readonly kind: MeasureKind
  /** The checkpoint that says it. */
  readonly by: string
}

export type Measure = Measured & { readonly value: number }

/** Takes the place of an older one of the same. @param nats of each token, for `kl` */
export function saveMeasure(
  db: Db,
  { answer, kind, by, value }: Measure,
  nats: readonly number[] | null = null,
): void {
  write(
    db,
    `INSERT INTO chat_measures (answer, kind, checkpoint, value, nats) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value, nats = excluded.nats`,
    answer,
    kind,
    by,
    value,
    nats && JSON.stringify(nats),
  )
}

/** All that is said of some answers. */
export const measuresOf = (db: Db, answers: readonly number[]): Measure[] =>
  statement<Measure>(
    db,
    `SELECT answer, kind, checkpoint AS "by", value FROM chat_measures
     WHERE answer IN (SELECT value FROM json_each(?))`,
  ).all(JSON.stringify(answers))

/** KL of each token of an answer. @throws LabError `not-found` where it is not measured */
export function natsOf(db: Db, answer: number, reference: string): number[] {
  const row = statement<{ nats: string }>(
    db,
    "SELECT nats FROM chat_measures WHERE answer = ? AND kind = 'kl' AND checkpoint = ?",
  ).get(answer, reference)
  if (row) return JSON.parse(row.nats)
  throw new LabError({
    code: 'not-found',
    what: `the KL of answer ${answer} against this checkpoint is not measured`,
    where: reference,
    fix: 'open the conversation anew',
  })
}

/** Where a run came from and what it was rewarded by, for who looks up what an answer is measured by. */
export interface RunOrigin {
  readonly run: string
  readonly parentCheckpoint: string | null
  readonly tokenizer: string | null
  /** The reward model of a phase-4 run. */
  readonly rewardModel: string | null
}

/** Of all runs, removed ones too. */
export const runOrigins = (db: Db): RunOrigin[] =>
  statement<RunOrigin>(
    db,
    `SELECT id AS run, parent_checkpoint AS parentCheckpoint, tokenizer,
       (SELECT each.value ->> 'checkpoint' FROM json_each(runs.data, '$.ppo.rewards') each
        WHERE each.value ->> 'kind' = 'reward-model' LIMIT 1) AS rewardModel
     FROM runs`,
  ).all()
