// Preferences of phase 3: prompts with two or more responses, rankings of them, and what reward models were measured to
// judge. A ranking is one row, whole; pairs are derived. What lists and pages look at stands apart from the texts.
export const sql = `
CREATE TABLE preference_sets (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,            -- kind: bench | imported
  created_at TEXT NOT NULL, removed_at TEXT,
  ready INTEGER NOT NULL,                                                 -- 0 until its first import has ended: nobody sees it
  next_number INTEGER NOT NULL DEFAULT 0,                                 -- prompts from it on are of an import that has not ended
  bench TEXT,                                                             -- JSON: src-shared/contract/preferences-contract.ts benchRecipe; NULL = imported
  duplicates INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0,
  report TEXT NOT NULL                                                    -- JSON: files, notes
) STRICT;
CREATE TABLE preference_prompts (
  set_id TEXT NOT NULL REFERENCES preference_sets(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,                                                -- never given twice within a set
  key TEXT NOT NULL,                                                      -- of the prompt alone: equal prompts stand on the same side of the split
  sampled INTEGER NOT NULL,                                               -- how many responses it has; 0 until they are there
  file TEXT, line INTEGER, removed_at TEXT,
  PRIMARY KEY (set_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX preference_prompts_by_key ON preference_prompts(set_id, key);
CREATE TABLE preference_texts (
  set_id TEXT NOT NULL, number INTEGER NOT NULL,
  messages TEXT NOT NULL,                                                 -- JSON: [{role, content}], the last one the user's
  responses TEXT NOT NULL,                                                -- JSON: [{text, stopped, origin, copies}]
  task TEXT,                                                              -- JSON: the starter world's task, for simulated labelers; NULL = none
  PRIMARY KEY (set_id, number),
  FOREIGN KEY (set_id, number) REFERENCES preference_prompts(set_id, number) ON DELETE CASCADE
) STRICT;
CREATE TABLE rankings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  set_id TEXT NOT NULL, number INTEGER NOT NULL,
  labeler TEXT NOT NULL, pass INTEGER NOT NULL,                           -- pass: 1 where the prompt came back
  outcome TEXT NOT NULL,                                                  -- ranked | skipped | all-bad
  ranks TEXT NOT NULL,                                                    -- JSON: of each response, 1 = best, null = left out
  pairs TEXT,                                                             -- JSON: [[winner, loser]] where judged one by one; NULL = what the ranks say
  seconds REAL, created_at TEXT NOT NULL,
  UNIQUE (set_id, number, labeler, pass),
  FOREIGN KEY (set_id, number) REFERENCES preference_prompts(set_id, number) ON DELETE CASCADE
) STRICT;
CREATE INDEX rankings_by_labeler ON rankings(set_id, labeler, id);        -- a labeler's sitting, and its latest ranking
CREATE TABLE preference_labelers (
  set_id TEXT NOT NULL REFERENCES preference_sets(id) ON DELETE CASCADE,
  labeler TEXT NOT NULL, simulation TEXT NOT NULL,                        -- JSON: policy, noise, seed. Simulated ones only
  PRIMARY KEY (set_id, labeler)
) STRICT, WITHOUT ROWID;
CREATE TABLE preference_rejections (
  set_id TEXT NOT NULL REFERENCES preference_sets(id) ON DELETE CASCADE,
  number INTEGER NOT NULL, file TEXT NOT NULL, line INTEGER, reason TEXT NOT NULL, preview TEXT NOT NULL,
  PRIMARY KEY (set_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE reward_reports (
  checkpoint TEXT PRIMARY KEY, created_at TEXT NOT NULL,
  report TEXT NOT NULL                                                    -- JSON: src-shared/contract/reward-contract.ts
) STRICT;
`
