// Builds of the whole pipeline.
import * as v from 'valibot'
import type { BuildPhase, BuildSize, BuildStatus } from '../../../../src-shared/contract/build-contract.ts'
import { LabError, type LabErrorFacts } from '../../../../src-shared/contract/errors.ts'
import { type DemoMade, demoMade, type StepName } from '../../demo/step.ts'
import type { Db } from '../open.ts'
import { statement, write } from '../statement.ts'

export interface Build {
  readonly id: string
  readonly createdAt: string
  readonly seed: number
  readonly size: BuildSize
  readonly phases: readonly BuildPhase[]
  readonly state: BuildStatus['state']
  readonly made: DemoMade
  readonly seconds: Readonly<Partial<Record<StepName, number>>>
  readonly error: LabErrorFacts | null
}

interface Row {
  id: string
  createdAt: string
  seed: number
  size: BuildSize
  phases: string
  state: BuildStatus['state']
  made: string
  seconds: string
  error: string | null
}

const COLUMNS = 'id, created_at AS createdAt, seed, size, phases, state, made, seconds, error'

/** A new one, or what has become of one. */
export function saveBuild(db: Db, { id, createdAt, seed, size, phases, state, made, seconds, error }: Build) {
  write(
    db,
    `INSERT INTO builds (id, created_at, seed, size, phases, state, made, seconds, error)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       state = excluded.state, made = excluded.made, seconds = excluded.seconds, error = excluded.error`,
    id,
    createdAt,
    seed,
    size,
    JSON.stringify(phases),
    state,
    JSON.stringify(made),
    JSON.stringify(seconds),
    error && JSON.stringify(error),
  )
}

/** @throws LabError `not-found` */
export function getBuild(db: Db, id: string): Build {
  const row = statement<Row>(db, `SELECT ${COLUMNS} FROM builds WHERE id = ?`).get(id)
  if (row) return read(row)
  throw new LabError({
    code: 'not-found',
    what: `there is no build ${id}`,
    fix: 'choose one of the earlier builds, or start a new one',
  })
}

/** Newest first. */
export const allBuilds = (db: Db): Build[] =>
  statement<Row>(db, `SELECT ${COLUMNS} FROM builds ORDER BY created_at DESC, rowid DESC`).all().map(read)

/** null before the first. */
export function newestBuild(db: Db): Build | null {
  const row = statement<Row>(
    db,
    `SELECT ${COLUMNS} FROM builds ORDER BY created_at DESC, rowid DESC LIMIT 1`,
  ).get()
  return row ? read(row) : null
}

/** Those that an earlier start left in the middle can be gone on with. */
export const pauseLeftBuilds = (db: Db): void =>
  void write(db, "UPDATE builds SET state = 'paused' WHERE state = 'running'")

const read = ({ phases, made, seconds, error, ...row }: Row): Build => ({
  ...row,
  phases: JSON.parse(phases),
  made: v.parse(demoMade, JSON.parse(made)),
  seconds: JSON.parse(seconds),
  error: error && JSON.parse(error),
})
