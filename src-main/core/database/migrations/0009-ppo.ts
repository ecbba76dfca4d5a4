// Phase 4: answers to held-out prompts by update, a person's blind votes on them, and the answers that updates learnt from.
export const sql = `
ALTER TABLE samples ADD COLUMN score REAL;                                -- reward of an answer of phase 4
CREATE TABLE ppo_answers (
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, step INTEGER NOT NULL,
  answers TEXT NOT NULL,                                                  -- JSON: [{text, stopped, score, kl}] in the order of the held-out prompts
  summary TEXT NOT NULL,                                                  -- JSON: src-shared/contract/ppo-contract.ts ppoEvaluation but for the person's votes
  PRIMARY KEY (run, step)
) STRICT;
CREATE TABLE ppo_votes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, step INTEGER NOT NULL, prompt INTEGER NOT NULL,
  choice TEXT NOT NULL,                                                   -- policy | reference | tie
  created_at TEXT NOT NULL,
  UNIQUE (run, step, prompt)
) STRICT;
CREATE TABLE rollouts (
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, step INTEGER NOT NULL, number INTEGER NOT NULL,
  rollout TEXT NOT NULL,                                                  -- JSON: as the engine told it, lists of numbers
  PRIMARY KEY (run, step, number)
) STRICT, WITHOUT ROWID;
`
