// What the model wrote for each fixed prompt as it learned.
import type { Sample } from '../../../../src-shared/contract/lab-contract.ts'
import type { Db } from '../open.ts'
import { statement, write } from '../statement.ts'

/** A redone step overwrites its sample. */
export function saveSample(db: Db, run: string, sample: Sample): void {
  write(
    db,
    `INSERT INTO samples (run, step, prompt, prompt_text, text, score) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (run, step, prompt)
     DO UPDATE SET prompt_text = excluded.prompt_text, text = excluded.text, score = excluded.score`,
    run,
    sample.step,
    sample.prompt,
    sample.promptText,
    sample.text,
    sample.score ?? null,
  )
}

/** By step, then prompt. */
export function listSamples(db: Db, run: string): Sample[] {
  return statement<Sample & { score: number | null }>(
    db,
    'SELECT step, prompt, prompt_text AS promptText, text, score FROM samples WHERE run = ? ORDER BY step, prompt',
  )
    .all(run)
    .map(({ score, ...sample }) => (score === null ? sample : { ...sample, score }))
}
