// Win rates are counted when an evaluation is read; of phase 4's evaluations it is kept how many answers can be compared: those
// that differ from the fine-tuned model's, but for outer white space.
export const sql = `
ALTER TABLE evaluations DROP COLUMN win_rates;
UPDATE ppo_answers SET summary = json_set(summary, '$.pairs', (
  SELECT count(*) FROM ppo_answers AS before, json_each(before.answers) AS b, json_each(ppo_answers.answers) AS a
  WHERE before.run = ppo_answers.run AND before.step = 0 AND a.key = b.key
    AND trim(a.value ->> 'text', char(9, 10, 13, 32)) <> trim(b.value ->> 'text', char(9, 10, 13, 32))
));
`
