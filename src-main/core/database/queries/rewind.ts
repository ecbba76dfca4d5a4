// Going back to a checkpoint: what the run reported after it is redone, so its traces go first.
import type { Db } from '../open.ts'
import { transaction, write } from '../statement.ts'

/** Forgets metrics, samples and answers of steps after `step`, in one transaction. A person's votes stay: the steps come again. */
export function rewindRun(db: Db, run: string, step: number): void {
  transaction(db, () => {
    write(db, 'DELETE FROM metrics WHERE run = ? AND step > ?', run, step)
    write(db, 'DELETE FROM samples WHERE run = ? AND step > ?', run, step)
    write(db, 'DELETE FROM ppo_answers WHERE run = ? AND step > ?', run, step)
    write(db, 'DELETE FROM rollouts WHERE run = ? AND step > ?', run, step)
  })
}
