// What other models say of the chat's answers: scores of reward models, KL against fine-tuned ones.
export const sql = `
CREATE TABLE chat_measures (
  answer INTEGER NOT NULL REFERENCES chat_answers(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,                                                     -- reward | kl
  checkpoint TEXT NOT NULL,                                               -- that says it
  value REAL NOT NULL,
  nats TEXT,                                                              -- JSON, kl only: of each token
  PRIMARY KEY (answer, kind, checkpoint)
) STRICT, WITHOUT ROWID;
`
