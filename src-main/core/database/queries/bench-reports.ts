// Benches, the newest of every device.
import * as v from 'valibot'
import { type BenchRecord, type BenchReport, benchReport } from '../../../../src-shared/bench/report.ts'
import type { Db } from '../open.ts'
import { statement } from '../statement.ts'

interface Row {
  id: number
  report: string
}

/** Kept of each device; the oldest make room. */
const KEPT = 20

export function insertBenchReport(db: Db, report: BenchReport): BenchRecord {
  const { fingerprint } = report.device
  return db.transaction(() => {
    const { lastInsertRowid } = statement(
      db,
      'INSERT INTO bench_reports (measured_at, fingerprint, report) VALUES (?, ?, ?)',
    ).run(report.measuredAt, fingerprint, JSON.stringify(report))
    statement(
      db,
      `DELETE FROM bench_reports WHERE fingerprint = ? AND id NOT IN
       (SELECT id FROM bench_reports WHERE fingerprint = ? ORDER BY id DESC LIMIT ?)`,
    ).run(fingerprint, fingerprint, KEPT)
    return { id: Number(lastInsertRowid), report }
  })()
}

/** Newest first. Reports of a form that this version does not know are passed over. */
export function listBenchReports(db: Db): BenchRecord[] {
  return statement<Row>(db, 'SELECT id, report FROM bench_reports ORDER BY id DESC').all().flatMap(read)
}

/** The newest of a device. */
export function latestBenchReport(db: Db, fingerprint: string): BenchRecord | null {
  const rows = statement<Row>(
    db,
    'SELECT id, report FROM bench_reports WHERE fingerprint = ? ORDER BY id DESC',
  ).all(fingerprint)
  return rows.flatMap(read)[0] ?? null
}

function read({ id, report }: Row): BenchRecord[] {
  const parsed = v.safeParse(benchReport, JSON.parse(report))
  return parsed.success ? [{ id, report: parsed.output }] : []
}
