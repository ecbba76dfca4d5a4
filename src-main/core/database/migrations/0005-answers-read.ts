// What an answer of a chat was written after: system messages are changed and other attempts chosen later, and a vote is
// on what the answer answers.
export const sql = `
ALTER TABLE chat_answers ADD COLUMN reads TEXT;                           -- JSON: system message, ids of the answers before; NULL = not known
`
