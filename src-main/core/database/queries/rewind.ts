// Going back to a checkpoint: what the run reported after it is redone, so its traces go first.
import type { Db } from '../open.ts'
import { statement } from '../statement.ts'

/** Forgets metrics and samples of steps after `step`, in one transaction. */
export function rewindRun(db: Db, run: string, step: number): void {
  db.transaction(() => {
    statement(db, 'DELETE FROM metrics WHERE run = ? AND step > ?').run(run, step)
    statement(db, 'DELETE FROM samples WHERE run = ? AND step > ?').run(run, step)
  })()
}
