// The whole pipeline as one action: what each build has made so far, so that it goes on wherever it was cut off.
export const sql = `
CREATE TABLE builds (
  id TEXT PRIMARY KEY, created_at TEXT NOT NULL, seed INTEGER NOT NULL,
  size TEXT NOT NULL,                                                     -- standard | smallest
  phases TEXT NOT NULL,                                                   -- JSON: in order, the evaluation always last
  state TEXT NOT NULL,                                                    -- running | paused | failed | finished
  made TEXT NOT NULL,                                                     -- JSON: src-main/core/demo/step.ts demoMade
  seconds TEXT NOT NULL,                                                  -- JSON: seconds by step, interruptions left out
  error TEXT                                                              -- JSON: the facts of what it failed with
) STRICT;
`
