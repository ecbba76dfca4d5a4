// Rows of checkpoints: which folders hold one, and what their manifest said when it was written.
import { LabError } from '../../../../src-shared/contract/errors.ts'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import type { Db } from '../open.ts'
import { statement, write } from '../statement.ts'

export interface CheckpointRow {
  id: string
  run: string
  step: number
  createdAt: string
  /** Relative to the workspace, with forward slashes. */
  folder: string
  bytes: number
  weightsSha256: string
  manifestSha256: string
  evalLoss: number | null
  fingerprint: string
  status: CheckpointSummary['status']
}

const columns = `c.id, c.run, c.step, c.created_at AS createdAt, c.folder, c.bytes, c.weights_sha256 AS weightsSha256,
  c.manifest_sha256 AS manifestSha256, c.eval_loss AS evalLoss, c.fingerprint, c.status`

/** A checkpoint of the same run and step takes the place of the older one. */
export function saveCheckpoint(db: Db, row: CheckpointRow): void {
  write(
    db,
    `INSERT INTO checkpoints
       (id, run, step, created_at, folder, bytes, weights_sha256, manifest_sha256, eval_loss, fingerprint, status)
     VALUES (@id, @run, @step, @createdAt, @folder, @bytes, @weightsSha256, @manifestSha256, @evalLoss, @fingerprint, @status)
     ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, folder = excluded.folder, bytes = excluded.bytes,
       weights_sha256 = excluded.weights_sha256, manifest_sha256 = excluded.manifest_sha256,
       eval_loss = excluded.eval_loss, fingerprint = excluded.fingerprint, status = excluded.status`,
    row,
  )
}

/** The row, or undefined. */
export function findCheckpoint(db: Db, id: string): CheckpointRow | undefined {
  return statement<CheckpointRow>(db, `SELECT ${columns} FROM checkpoints c WHERE c.id = ?`).get(id)
}

/** @throws LabError `not-found` */
export function getCheckpoint(db: Db, id: string): CheckpointRow {
  const row = findCheckpoint(db, id)
  if (!row)
    throw new LabError({
      code: 'not-found',
      what: `there is no checkpoint ${id}`,
      fix: 'list the checkpoints to see their ids',
    })
  return row
}

/** What its run is called; its id where run and checkpoint are gone. */
export function checkpointName(db: Db, id: string): string {
  const row = statement<{ name: string }>(
    db,
    'SELECT name FROM runs WHERE id = coalesce((SELECT run FROM checkpoints WHERE id = ?), ?)',
  ).get(id, id.replace(/-step-\d+$/, ''))
  return row?.name ?? id
}

export type CheckpointListRow = CheckpointRow & {
  runName: string
  phase: RunSummary['phase']
  runRemovedAt: string | null
}

/** Of one run, or of all; newest run first, newest step first. */
export function listCheckpoints(db: Db, run?: string): CheckpointListRow[] {
  const select = `SELECT ${columns}, r.name AS runName, r.phase, r.removed_at AS runRemovedAt
    FROM checkpoints c JOIN runs r ON r.id = c.run`
  const order = 'ORDER BY r.created_at DESC, c.run, c.step DESC'
  return run === undefined
    ? statement<CheckpointListRow>(db, `${select} ${order}`).all()
    : statement<CheckpointListRow>(db, `${select} WHERE c.run = ? ${order}`).all(run)
}

export function setCheckpointStatus(db: Db, id: string, status: CheckpointRow['status']): void {
  write(db, 'UPDATE checkpoints SET status = ? WHERE id = ?', status, id)
}

export function deleteCheckpoint(db: Db, id: string): void {
  write(db, 'DELETE FROM checkpoints WHERE id = ?', id)
}

/** Whether another run needs this checkpoint to go on: it started from it, or is rewarded by it. */
export function isNeeded(db: Db, id: string): boolean {
  const sql = `SELECT 1 FROM runs
    WHERE parent_checkpoint = ? OR EXISTS (
      SELECT 1 FROM json_each(runs.data, '$.ppo.rewards') WHERE json_extract(value, '$.checkpoint') = ?
    ) LIMIT 1`
  return statement(db, sql).get(id, id) !== undefined
}
