// Corpora, tokenizers, runs with their metrics, samples, events and checkpoints, and settings.
export const sql = `
CREATE TABLE corpora (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,            -- kind: imported | starter-world
  created_at TEXT NOT NULL, removed_at TEXT,                              -- removed ones stay while a run names them
  hash TEXT NOT NULL,                                                     -- SHA-256 over the documents' hashes in order
  documents INTEGER NOT NULL, validation_documents INTEGER NOT NULL,
  bytes INTEGER NOT NULL, validation_bytes INTEGER NOT NULL,              -- UTF-8 bytes of text
  duplicates INTEGER NOT NULL, rejected INTEGER NOT NULL,
  split TEXT NOT NULL,                                                    -- document-hash | tail
  report TEXT NOT NULL                                                    -- JSON: files, encodings, notes
) STRICT;
CREATE TABLE corpus_rejections (
  corpus TEXT NOT NULL REFERENCES corpora(id) ON DELETE CASCADE,
  number INTEGER NOT NULL, file TEXT NOT NULL, line INTEGER, reason TEXT NOT NULL, preview TEXT NOT NULL,
  PRIMARY KEY (corpus, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE tokenizers (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,            -- kind: bpe | character
  vocabulary_size INTEGER NOT NULL, hash TEXT NOT NULL, created_at TEXT NOT NULL, removed_at TEXT,
  report TEXT NOT NULL                                                    -- JSON: corpora, seconds, bytes per token
) STRICT;
CREATE TABLE runs (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, phase TEXT NOT NULL,
  status TEXT NOT NULL,                                                   -- queued | running | paused | interrupted | finished | stopped | failed
  reason TEXT,                                                            -- why it paused or failed, one sentence
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, removed_at TEXT,
  parent_checkpoint TEXT, tokenizer TEXT,
  model TEXT NOT NULL, config TEXT NOT NULL, data TEXT NOT NULL,          -- JSON: resolved model, phase config, sources with weights and hashes
  step INTEGER NOT NULL DEFAULT 0, steps INTEGER NOT NULL, tokens INTEGER NOT NULL DEFAULT 0,
  seconds REAL NOT NULL DEFAULT 0,                                        -- time spent training
  best_eval_loss REAL, fingerprint TEXT, tags TEXT NOT NULL DEFAULT '[]', notes TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE metrics (
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  name TEXT NOT NULL, step INTEGER NOT NULL, tokens INTEGER NOT NULL, seconds REAL NOT NULL, value REAL,
  PRIMARY KEY (run, name, step)                                           -- a redone step overwrites itself
) STRICT, WITHOUT ROWID;
CREATE TABLE samples (
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  step INTEGER NOT NULL, prompt INTEGER NOT NULL, prompt_text TEXT NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (run, step, prompt)
) STRICT, WITHOUT ROWID;
CREATE TABLE events (
  id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  at TEXT NOT NULL, step INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_run ON events(run, id);
CREATE TABLE checkpoints (
  id TEXT PRIMARY KEY, run TEXT NOT NULL REFERENCES runs(id), step INTEGER NOT NULL, created_at TEXT NOT NULL,
  folder TEXT NOT NULL,                                                   -- relative to the workspace
  bytes INTEGER NOT NULL, weights_sha256 TEXT NOT NULL, manifest_sha256 TEXT NOT NULL,
  eval_loss REAL, fingerprint TEXT NOT NULL,
  status TEXT NOT NULL,                                                   -- verified | missing | damaged
  UNIQUE (run, step)
) STRICT;
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`
