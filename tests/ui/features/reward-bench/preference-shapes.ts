// Rows of phase 3 as the core lists them, for screens and lists under test.
import type {
  BenchCard,
  PreferencePrompt,
  PreferenceSet,
  StoredRanking,
} from '../../../../src-shared/contract/preferences-contract.ts'

export const preferenceSetOf = (id: string, some: Partial<PreferenceSet> = {}): PreferenceSet => ({
  id,
  name: id,
  kind: 'bench',
  createdAt: '2026-03-01T10:00:00Z',
  removedAt: null,
  bench: null,
  prompts: 10,
  sampled: 10,
  ranked: 0,
  skipped: 0,
  allBad: 0,
  pairs: 0,
  overruled: 0,
  ties: 0,
  contradictions: 0,
  labelers: [],
  duplicates: 0,
  rejected: 0,
  notes: [],
  files: [],
  ...some,
})

export const rankingOf = (
  labeler: string,
  ranks: StoredRanking['ranks'],
  some: Partial<StoredRanking> = {},
): StoredRanking => ({
  labeler,
  pass: 0,
  outcome: 'ranked',
  ranks,
  pairs: null,
  seconds: 3,
  createdAt: '2026-03-01T10:00:00Z',
  ...some,
})

export const responsesOf = (...texts: readonly string[]): PreferencePrompt['responses'] =>
  texts.map(text => ({ text, stopped: true, origin: 'model', copies: 1 }))

export const cardOf = (texts: readonly string[], some: Partial<BenchCard> = {}): BenchCard => ({
  set: 'set-1',
  number: 0,
  pass: 0,
  messages: [{ role: 'user', content: 'Who hides?' }],
  responses: responsesOf(...texts),
  order: texts.map((_, i) => i),
  ranking: null,
  stands: null,
  ...some,
})
