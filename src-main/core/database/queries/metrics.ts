// A run's curves: one row per (run, name, step), so that a redone step overwrites itself.
import type { Series } from '../../../../src-shared/contract/lab-contract.ts'
import type { Db } from '../open.ts'
import { statement, transaction } from '../statement.ts'

/** All metrics of one step. `tokens` and `seconds`: read and spent in training so far. */
export interface MetricPoint {
  readonly step: number
  readonly tokens: number
  readonly seconds: number
  readonly values: Readonly<Record<string, number>>
}

/** Writes many steps in one transaction (one sync of the disk). NaN is stored as NULL and read as NaN again. */
export function saveMetrics(db: Db, run: string, points: readonly MetricPoint[]): void {
  const upsert = statement(
    db,
    `INSERT INTO metrics (run, name, step, tokens, seconds, value) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (run, name, step) DO UPDATE SET
       tokens = excluded.tokens, seconds = excluded.seconds, value = excluded.value`,
  )
  transaction(db, () => {
    for (const { step, tokens, seconds, values } of points)
      for (const [name, value] of Object.entries(values)) upsert.run(run, name, step, tokens, seconds, value)
  })
}

/** Newest value of every metric of a run that is a number. */
export function latestMetrics(db: Db, run: string): Record<string, number> {
  // Names are found by jumping along the primary key, so that the cost is per metric, not per step.
  const rows = statement<{ name: string; value: number | null }>(
    db,
    `WITH RECURSIVE names(name) AS (
       SELECT min(name) FROM metrics WHERE run = :run
       UNION ALL
       SELECT (SELECT min(name) FROM metrics WHERE run = :run AND name > names.name) FROM names WHERE name NOT NULL
     )
     SELECT name, (
       SELECT value FROM metrics m WHERE m.run = :run AND m.name = names.name AND value NOT NULL
       ORDER BY step DESC LIMIT 1
     ) AS value FROM names WHERE name NOT NULL`,
  ).all({ run })
  return Object.fromEntries(rows.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])))
}

type RawPoint = [step: number, tokens: number, seconds: number, value: number | null]

export interface SeriesRange {
  /** Most points wanted, at least 2. */
  readonly points: number
  readonly fromStep?: number
  readonly toStep?: number
}

/**
 * One metric over the steps. Longer series keep their first and last point and, of every stretch between, the lowest and
 * the highest, so that spikes stay visible; values that are not numbers only stand where a stretch has nothing else.
 */
export function readSeries(db: Db, run: string, name: string, range: SeriesRange): Series {
  const where = 'FROM metrics WHERE run = ? AND name = ? AND step BETWEEN ? AND ?'
  const given = [run, name, range.fromStep ?? 0, range.toStep ?? Number.MAX_SAFE_INTEGER]
  const total = statement<number>(db, `SELECT count(*) ${where}`)
    .pluck()
    .get(...given)!
  const rows = statement<RawPoint>(db, `SELECT step, tokens, seconds, value ${where} ORDER BY step`)
    .raw()
    .iterate(...given)
  return toSeries(total <= range.points ? [...rows] : extremes(rows, total, range.points))
}

function extremes(rows: Iterable<RawPoint>, total: number, points: number): RawPoint[] {
  const buckets = Math.floor((points - 2) / 2)
  const kept: RawPoint[] = []
  let bucket = -1
  let low: RawPoint | undefined
  let high: RawPoint | undefined
  const flush = () => {
    if (low && high) kept.push(...(low === high ? [low] : low[0] < high[0] ? [low, high] : [high, low]))
    low = high = undefined
  }
  let index = 0
  for (const row of rows) {
    if (index === 0 || index === total - 1) {
      flush()
      kept.push(row)
    } else if (buckets > 0) {
      const next = Math.floor(((index - 1) * buckets) / (total - 2))
      if (next !== bucket) flush()
      bucket = next
      const value = row[3]
      if (!low || low[3] === null || (value !== null && value < low[3])) low = row
      if (!high || high[3] === null || (value !== null && value > high[3])) high = row
    }
    index++
  }
  return kept
}

function toSeries(rows: readonly RawPoint[]): Series {
  const column = (index: number) => Float64Array.from(rows, row => row[index] ?? Number.NaN)
  return { steps: column(0), tokens: column(1), seconds: column(2), values: column(3) }
}
