// Demonstrations of phase 2: sets of conversations that a person imports, writes and edits. What lists and filters look
// at stands apart from the texts, so that a page of a large set reads little.
export const sql = `
CREATE TABLE demonstration_sets (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,            -- kind: imported | written | starter-world
  created_at TEXT NOT NULL, removed_at TEXT,
  ready INTEGER NOT NULL,                                                 -- 0 until its first import has ended: nobody sees it
  next_number INTEGER NOT NULL DEFAULT 0,                                 -- rows from it on are of an import that has not ended
  duplicates INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0,
  report TEXT NOT NULL                                                    -- JSON: files, notes
) STRICT;
CREATE TABLE demonstrations (
  set_id TEXT NOT NULL REFERENCES demonstration_sets(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,                                                -- never given twice within a set
  use_case TEXT, tags TEXT NOT NULL,                                      -- tags: each with a line end, after a first line end
  file TEXT, line INTEGER, edited_at TEXT, removed_at TEXT,
  PRIMARY KEY (set_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE demonstration_messages (
  set_id TEXT NOT NULL, number INTEGER NOT NULL,
  messages TEXT NOT NULL,                                                 -- JSON: [{role, content}]
  PRIMARY KEY (set_id, number),
  FOREIGN KEY (set_id, number) REFERENCES demonstrations(set_id, number) ON DELETE CASCADE
) STRICT;
CREATE TABLE demonstration_rejections (
  set_id TEXT NOT NULL REFERENCES demonstration_sets(id) ON DELETE CASCADE,
  number INTEGER NOT NULL, file TEXT NOT NULL, line INTEGER, reason TEXT NOT NULL, preview TEXT NOT NULL,
  PRIMARY KEY (set_id, number)
) STRICT, WITHOUT ROWID;
`
