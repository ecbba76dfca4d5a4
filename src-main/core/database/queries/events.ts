// What happened to a run, in order: started, paused, resumed, checkpoint, warning …
import type { RunEvent } from '../../../../src-shared/contract/lab-contract.ts'
import type { Db } from '../open.ts'
import { statement, write } from '../statement.ts'

export function addEvent(db: Db, run: string, event: RunEvent): void {
  write(
    db,
    'INSERT INTO events (run, at, step, kind, text) VALUES (?, ?, ?, ?, ?)',
    run,
    event.at,
    event.step,
    event.kind,
    event.text,
  )
}

/** In the order in which they happened, whatever the clock did. */
export function listEvents(db: Db, run: string): RunEvent[] {
  return statement<RunEvent>(db, 'SELECT at, step, kind, text FROM events WHERE run = ? ORDER BY id').all(run)
}
