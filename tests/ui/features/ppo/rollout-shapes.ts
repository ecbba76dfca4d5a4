// An answer of three tokens and what happened to it, for screens under test.
import type { PpoEvaluation, Rollout, WinRate } from '../../../../src-shared/contract/ppo-contract.ts'
import { shareOf } from '../../../../src-shared/metrics/share.ts'
import { pieceOf } from '../../reward-shapes.ts'

export const rolloutOf = (some: Partial<Rollout> = {}): Rollout => ({
  step: 7,
  index: 0,
  prompt: [pieceOf('Who sings?')],
  response: [pieceOf('<b>'), pieceOf('\u202e owl'), { ...pieceOf('<|assistant_end|>'), special: true }],
  stopped: true,
  score: 0.75,
  klCoef: 0.1,
  logProbs: [-0.5, -1.25, -0.25],
  refLogProbs: [-1, -1, -0.25],
  values: [0.1, 0.2, 0.4],
  rewards: [-0.05, 0.025, 0.75],
  advantages: [1.5, -0.5, 0],
  returns: [0.6, 0.65, 0.7],
  ratios: [1.35, 0.9, 1],
  clipped: [true, false, false],
  ...some,
})

export const winsOf = (wins: number, losses: number, ties = 0): WinRate => ({
  wins,
  losses,
  ties,
  ...shareOf(wins, wins + losses),
})

export const evaluationOf = (step: number, some: Partial<PpoEvaluation> = {}): PpoEvaluation => ({
  step,
  answers: 64,
  score: step / 50,
  kl: step / 20,
  abstains: 0.1,
  stopped: 0.95,
  badStyle: 0.05,
  oracle: null,
  pairs: 40,
  person: null,
  ...some,
})
