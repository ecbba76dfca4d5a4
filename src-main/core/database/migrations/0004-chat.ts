// Conversations as trees of turns, the answers of their columns, votes as comparisons, and exhibits.
export const sql = `
CREATE TABLE conversations (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, removed_at TEXT,
  system TEXT NOT NULL, columns TEXT NOT NULL,                            -- JSON: checkpoint, mode, sampling of each
  linked INTEGER NOT NULL, blind INTEGER NOT NULL,
  turn INTEGER                                                            -- last turn of the branch that is shown
) STRICT;
CREATE TABLE chat_turns (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  parent INTEGER REFERENCES chat_turns(id), prompt TEXT NOT NULL, seed INTEGER NOT NULL, created_at TEXT NOT NULL,
  vote TEXT                                                               -- JSON: outcome, blind
) STRICT;
CREATE INDEX chat_turns_by_conversation ON chat_turns(conversation, parent);
CREATE TABLE chat_answers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  turn INTEGER NOT NULL REFERENCES chat_turns(id) ON DELETE CASCADE,
  column_number INTEGER NOT NULL, attempt INTEGER NOT NULL, chosen INTEGER NOT NULL,
  checkpoint TEXT NOT NULL, mode TEXT NOT NULL, sampling TEXT NOT NULL, seed INTEGER NOT NULL,
  state TEXT NOT NULL,                                                    -- waiting | loading | writing | done | failed
  text TEXT NOT NULL, tokens TEXT NOT NULL,                               -- JSON: pieces, log-probs, alternatives
  stopped TEXT, tokens_per_second REAL, cut_off INTEGER NOT NULL DEFAULT 0, swapped INTEGER NOT NULL DEFAULT 0,
  error TEXT, created_at TEXT NOT NULL,
  UNIQUE (turn, column_number, attempt)
) STRICT;
CREATE TABLE comparisons (
  id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT NOT NULL,
  source TEXT NOT NULL,                                                   -- chat
  turn INTEGER REFERENCES chat_turns(id) ON DELETE SET NULL,
  prompt TEXT NOT NULL,                                                   -- JSON: messages up to the answers
  a TEXT NOT NULL, a_checkpoint TEXT NOT NULL, b TEXT NOT NULL, b_checkpoint TEXT NOT NULL,
  outcome TEXT NOT NULL,                                                  -- a | b | tie | both-bad
  blind INTEGER NOT NULL
) STRICT;
CREATE TABLE exhibits (
  id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT NOT NULL,
  exhibit TEXT NOT NULL                                                   -- JSON: src-shared/contract/sft-contract.ts
) STRICT;
`
