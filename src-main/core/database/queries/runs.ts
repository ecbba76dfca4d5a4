// Runs: what was asked for, how far it came, and how it stands.
import { LabError } from '../../../../src-shared/contract/errors.ts'
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import type { Db } from '../open.ts'
import { statement, transaction, write } from '../statement.ts'
import { latestMetrics, type MetricPoint, saveMetrics } from './metrics.ts'

/** A run as stored; what a summary adds (parameters, speed, time left) follows from it. */
export type Run = Omit<RunSummary, 'parameters' | 'asked' | 'tokensPerSecond' | 'etaSeconds'>

export type NewRun = Pick<
  Run,
  | 'id'
  | 'name'
  | 'phase'
  | 'status'
  | 'parentCheckpoint'
  | 'tokenizer'
  | 'model'
  | 'config'
  | 'data'
  | 'steps'
> &
  Partial<Pick<Run, 'createdAt' | 'tags' | 'notes' | 'reason' | 'fingerprint'>>

interface Row {
  id: string
  name: string
  phase: Run['phase']
  status: Run['status']
  reason: string | null
  created_at: string
  updated_at: string
  removed_at: string | null
  parent_checkpoint: string | null
  tokenizer: string | null
  model: string
  config: string
  data: string
  step: number
  steps: number
  tokens: number
  seconds: number
  best_eval_loss: number | null
  fingerprint: string | null
  tags: string
  notes: string
}

const fromRow = (db: Db, row: Row): Run => ({
  id: row.id,
  name: row.name,
  phase: row.phase,
  status: row.status,
  reason: row.reason,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  removedAt: row.removed_at,
  parentCheckpoint: row.parent_checkpoint,
  tokenizer: row.tokenizer,
  model: JSON.parse(row.model),
  config: JSON.parse(row.config),
  data: JSON.parse(row.data),
  step: row.step,
  steps: row.steps,
  tokens: row.tokens,
  seconds: row.seconds,
  bestEvalLoss: row.best_eval_loss,
  latest: latestMetrics(db, row.id),
  fingerprint: row.fingerprint,
  tags: JSON.parse(row.tags),
  notes: row.notes,
})

export function insertRun(db: Db, run: NewRun): void {
  const now = new Date().toISOString()
  write(
    db,
    `INSERT INTO runs (id, name, phase, status, reason, created_at, updated_at, parent_checkpoint, tokenizer,
       model, config, data, steps, fingerprint, tags, notes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    run.id,
    run.name,
    run.phase,
    run.status,
    run.reason ?? null,
    run.createdAt ?? now,
    now,
    run.parentCheckpoint,
    run.tokenizer,
    JSON.stringify(run.model),
    JSON.stringify(run.config),
    JSON.stringify(run.data),
    run.steps,
    run.fingerprint ?? null,
    JSON.stringify(run.tags ?? []),
    run.notes ?? '',
  )
}

/** The run, or undefined. */
export function findRun(db: Db, id: string): Run | undefined {
  const row = statement<Row>(db, 'SELECT * FROM runs WHERE id = ?').get(id)
  return row && fromRow(db, row)
}

/** @throws LabError `not-found` */
export function getRun(db: Db, id: string): Run {
  const run = findRun(db, id)
  if (!run) throw noRun(id)
  return run
}

/** Newest first, removed ones included (see `removedAt`). */
export function listRuns(db: Db): Run[] {
  return statement<Row>(db, 'SELECT * FROM runs ORDER BY created_at DESC, rowid DESC')
    .all()
    .map(row => fromRow(db, row))
}

const columns = {
  name: 'name',
  status: 'status',
  reason: 'reason',
  steps: 'steps',
  step: 'step',
  tokens: 'tokens',
  seconds: 'seconds',
  bestEvalLoss: 'best_eval_loss',
  fingerprint: 'fingerprint',
  config: 'config',
  data: 'data',
  tags: 'tags',
  notes: 'notes',
  removedAt: 'removed_at',
} as const

export type RunChange = Partial<Pick<Run, keyof typeof columns>>

/** Changes the fields given and leaves the others. @throws LabError `not-found` */
export function updateRun(db: Db, id: string, change: RunChange): void {
  const set: string[] = ['updated_at = ?']
  const values: unknown[] = [new Date().toISOString()]
  for (const [field, column] of Object.entries(columns)) {
    const value = change[field as keyof RunChange]
    if (value === undefined) continue
    set.push(`${column} = ?`)
    values.push(typeof value === 'object' && value !== null ? JSON.stringify(value) : value)
  }
  const { changes } = write(db, `UPDATE runs SET ${set.join(', ')} WHERE id = ?`, ...values, id)
  if (changes === 0) throw noRun(id)
}

/** Hides a run; its rows and files stay. */
export const removeRun = (db: Db, id: string): void =>
  updateRun(db, id, { removedAt: new Date().toISOString() })

export const restoreRun = (db: Db, id: string): void => updateRun(db, id, { removedAt: null })

/** How far a run is, and the metrics that belong to it: both or neither. */
export function recordProgress(
  db: Db,
  id: string,
  progress: Pick<RunChange, 'step' | 'tokens' | 'seconds' | 'bestEvalLoss'>,
  points: readonly MetricPoint[],
): void {
  transaction(db, () => {
    updateRun(db, id, progress)
    saveMetrics(db, id, points)
  })
}

/** At start: what is still called running or queued was cut off. @returns ids of the runs */
export function markInterrupted(db: Db): string[] {
  return statement<{ id: string }>(
    db,
    `UPDATE runs SET status = 'interrupted', updated_at = ?,
       reason = 'Andromeda ended while this run was active; it can go on from its last checkpoint.'
     WHERE status IN ('running', 'queued') RETURNING id`,
  )
    .all(new Date().toISOString())
    .map(row => row.id)
}

const noRun = (id: string): LabError =>
  new LabError({ code: 'not-found', what: `there is no run ${id}`, fix: 'list the runs to see their ids' })
