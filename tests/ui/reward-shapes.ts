// What the core measures of reward models, and scores, for screens under test.
import type { RewardReport, ScoredResponse } from '../../src-shared/contract/reward-contract.ts'
import { shareOf } from '../../src-shared/metrics/share.ts'

/** Of a model that goes by length and judges style, not truth. */
export const reportOf = (checkpoint: string, some: Partial<RewardReport> = {}): RewardReport => ({
  checkpoint,
  createdAt: '2026-03-01T11:00:00Z',
  train: { prompts: 90, pairs: 500, loss: 0.3, accuracy: shareOf(430, 500), margin: 1.2 },
  validation: { prompts: 10, pairs: 60, loss: 0.45, accuracy: shareOf(48, 60), margin: 0.9 },
  agreement: { self: [], between: [], ceiling: { source: 'self', ...shareOf(84, 100) } },
  clean: null,
  scores: { edges: [-2, -1, 0, 1, 2], winning: [1, 9, 30, 20], losing: [15, 30, 14, 1] },
  byMargin: [
    { from: 0, to: 0.5, accuracy: 0.6, pairs: 30 },
    { from: 0.5, to: 2, accuracy: 1, pairs: 30 },
  ],
  calibration: [
    { predicted: 0.55, observed: 0.6, pairs: 30 },
    { predicted: 0.8, observed: 1, pairs: 30 },
  ],
  calibrationError: 0.12,
  length: {
    correlation: 0.83,
    longerWins: shareOf(55, 60),
    points: [
      [3, -1.1],
      [12, 0.4],
      [20, 1.3],
    ],
  },
  reference: { samples: 64, prompts: 16, mean: -0.5, std: 1.1, withinPrompts: 0.6 },
  judges: [
    {
      kind: 'true-over-false',
      title: 'A true answer above a false one',
      group: 'truth',
      accuracy: shareOf(55, 100),
      examples: [
        {
          prompt: 'Who rules Ora?',
          better: 'Queen Ia.',
          worse: 'King <b>Bo</b>.',
          betterScore: -0.2,
          worseScore: 0.3,
        },
      ],
    },
    {
      kind: 'good-over-bad-style',
      title: 'Good style above bad',
      group: 'style',
      accuracy: shareOf(96, 100),
      examples: [],
    },
  ],
  worst: [
    {
      set: 'mine',
      number: 6,
      messages: [
        { role: 'user', content: 'Hello.' },
        { role: 'assistant', content: 'Hello.' },
        { role: 'user', content: 'Who sings?\u202e' },
      ],
      winner: { text: '', score: -1.5 },
      loser: { text: '<img src=x onerror=alert(1)>', score: 1.25 },
      labeler: 'me',
    },
  ],
  verdict: {
    level: 'amber',
    summary: 'It can judge style. It cannot judge truth.',
    reasons: [
      {
        code: 'length',
        level: 'amber',
        text: 'Longer answers score higher.',
        fix: 'rank answers of equal length',
      },
      { code: 'prompts', level: 'green', text: 'It was trained on 900 prompts.', fix: null },
    ],
  },
  ...some,
})

const encoder = new TextEncoder()
export const pieceOf = (text: string, id = 1) => ({
  id,
  text,
  bytes: [...encoder.encode(text)],
  special: false,
})

export const scoredOf = (score: number, some: Partial<ScoredResponse> = {}): ScoredResponse => ({
  score,
  raw: score * 2,
  pieces: [pieceOf('An'), pieceOf(' owl.')],
  prefixScores: [score - 0.5, score],
  promptScore: 0,
  ...some,
})
