// Win rates are counted when an evaluation is read; of phase 4's evaluations it is kept how many answers can be compared, of
// older ones at most.
export const sql = `
ALTER TABLE evaluations DROP COLUMN win_rates;
UPDATE ppo_answers SET summary = json_set(summary, '$.pairs', json_extract(summary, '$.answers'))
  WHERE json_extract(summary, '$.pairs') IS NULL;
`
