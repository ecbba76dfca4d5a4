// Demonstrations of phase 2: sets of conversations that a person imports, writes and edits.
export const sql = `
CREATE TABLE demonstration_sets (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,            -- kind: imported | written | starter-world
  created_at TEXT NOT NULL, removed_at TEXT,
  duplicates INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0,
  report TEXT NOT NULL                                                    -- JSON: files, notes
) STRICT;
CREATE TABLE demonstrations (
  set_id TEXT NOT NULL REFERENCES demonstration_sets(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,                                                -- never given twice within a set
  messages TEXT NOT NULL,                                                 -- JSON: [{role, content}]
  digest BLOB NOT NULL,                                                   -- SHA-256 of messages: finds duplicates
  use_case TEXT, tags TEXT NOT NULL DEFAULT '[]',
  file TEXT, line INTEGER, edited_at TEXT, removed_at TEXT,
  PRIMARY KEY (set_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX demonstrations_by_digest ON demonstrations(set_id, digest);
CREATE TABLE demonstration_rejections (
  set_id TEXT NOT NULL REFERENCES demonstration_sets(id) ON DELETE CASCADE,
  number INTEGER NOT NULL, file TEXT NOT NULL, line INTEGER, reason TEXT NOT NULL, preview TEXT NOT NULL,
  PRIMARY KEY (set_id, number)
) STRICT, WITHOUT ROWID;
`
