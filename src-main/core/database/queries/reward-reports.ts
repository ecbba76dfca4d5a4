// What reward models were measured to judge: a report per checkpoint.
import * as v from 'valibot'
import { type RewardReport, rewardReport } from '../../../../src-shared/contract/reward-contract.ts'
import type { Db } from '../open.ts'
import { statement, transaction } from '../statement.ts'

/** Takes the place of an older report on the same checkpoint; those on checkpoints that are gone are forgotten. */
export function saveRewardReport(db: Db, report: RewardReport): void {
  transaction(db, () => {
    statement(db, 'DELETE FROM reward_reports WHERE checkpoint NOT IN (SELECT id FROM checkpoints)').run()
    statement(
      db,
      `INSERT INTO reward_reports (checkpoint, created_at, report) VALUES (?, ?, ?)
       ON CONFLICT (checkpoint) DO UPDATE SET created_at = excluded.created_at, report = excluded.report`,
    ).run(report.checkpoint, report.createdAt, JSON.stringify(report))
  })
}

/** null: it was not measured, or by a version whose reports have another form. */
export function findRewardReport(db: Db, checkpoint: string): RewardReport | null {
  const row = statement<{ report: string }>(db, 'SELECT report FROM reward_reports WHERE checkpoint = ?').get(
    checkpoint,
  )
  const parsed = v.safeParse(rewardReport, row && JSON.parse(row.report))
  return parsed.success ? parsed.output : null
}
