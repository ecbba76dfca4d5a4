// Evaluations: what was asked of which checkpoints, every answer, what reward models say of it, and people's votes. What
// they amount to is counted from the answers.
export const sql = `
CREATE TABLE evaluations (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at TEXT NOT NULL, removed_at TEXT,
  setting TEXT NOT NULL,                                                  -- JSON: models, prompts, parts, temperatures, judges, seed, maxTokens
  planned INTEGER NOT NULL,                                               -- answers that there will be
  seconds REAL NOT NULL DEFAULT 0,
  win_rates TEXT                                                          -- JSON: over all groups; NULL = to be counted anew
) STRICT;
CREATE TABLE evaluation_questions (
  evaluation_id TEXT NOT NULL REFERENCES evaluations(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  question TEXT NOT NULL,                                                 -- JSON: src-shared/evaluation/questions.ts
  PRIMARY KEY (evaluation_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE evaluation_answers (
  evaluation_id TEXT NOT NULL REFERENCES evaluations(id) ON DELETE CASCADE,
  model INTEGER NOT NULL, temperature REAL NOT NULL, number INTEGER NOT NULL,
  text TEXT NOT NULL, stopped INTEGER NOT NULL,
  log_prob REAL NOT NULL,                                                 -- mean of its tokens', nats
  PRIMARY KEY (evaluation_id, model, temperature, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE evaluation_scores (
  evaluation_id TEXT NOT NULL REFERENCES evaluations(id) ON DELETE CASCADE,
  judge TEXT NOT NULL, model INTEGER NOT NULL, temperature REAL NOT NULL, number INTEGER NOT NULL,
  score REAL,                                                             -- NULL = the judge cannot read the answer
  PRIMARY KEY (evaluation_id, judge, model, temperature, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE evaluation_votes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  evaluation_id TEXT NOT NULL REFERENCES evaluations(id) ON DELETE CASCADE,
  labeler TEXT NOT NULL, place INTEGER NOT NULL,                          -- place: in the labeler's order
  number INTEGER NOT NULL, temperature REAL NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL,
  choice TEXT NOT NULL,                                                   -- a | b | tie | skip
  seconds REAL, created_at TEXT NOT NULL,
  UNIQUE (evaluation_id, labeler, place)
) STRICT;
`
