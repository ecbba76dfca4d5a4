// Whether a reward model is as often right as it is sure. Its loss is that of −log σ(r_w − r_l) on raw scores, so σ of a
// raw difference is the probability that it gives to a label; normalised scores are for comparing, not for this.
import type { RewardReport } from '../contract/reward-contract.ts'
import { winProbability } from '../preferences/bradley-terry.ts'

/** A decided pair as the model sees it. */
export interface JudgedPair {
  /** r_w − r_l of raw scores. */
  readonly rawMargin: number
  /** The same, normalised. */
  readonly margin: number
}

type ReliabilityBin = RewardReport['calibration'][number]
type MarginBin = RewardReport['byMargin'][number]

const MOST_BINS = 10
/** Fewer would show chance. */
const LEAST_PAIRS_PER_BIN = 20

/** 1 where the response put first scores higher, 0 where it scores lower; equal scores are right half the time. */
export const hitOf = (margin: number): number => (margin > 0 ? 1 : margin === 0 ? 0.5 : 0)

/**
 * Pairs by the model's confidence σ(|r_w − r_l|), in bins of about equal size (Nguyen & O'Connor 2015): its mean, .5–1,
 * and how often the label agrees.
 */
export function reliability(pairs: readonly JudgedPair[]): ReliabilityBin[] {
  const sorted = [...pairs].sort((a, b) => Math.abs(a.rawMargin) - Math.abs(b.rawMargin))
  return equalBins(sorted).map(bin => ({
    predicted: mean(bin, ({ rawMargin }) => winProbability(Math.abs(rawMargin))),
    observed: mean(bin, ({ rawMargin }) => hitOf(rawMargin)),
    pairs: bin.length,
  }))
}

/** Expected calibration error (Naeini et al. 2015; Guo et al. 2017): Σ n_b / n · |predicted − observed|; 0 without pairs. */
export const calibrationError = (bins: readonly ReliabilityBin[]): number =>
  weighted(bins, ({ predicted, observed }) => Math.abs(predicted - observed))

/**
 * The error that a perfectly calibrated model would be measured to have with as many pairs: in each bin the mean of the
 * half-normal distribution, √(2 p(1−p) / πn).
 */
export const errorByChance = (bins: readonly ReliabilityBin[]): number =>
  weighted(bins, ({ predicted, pairs }) => Math.sqrt((2 * predicted * (1 - predicted)) / (Math.PI * pairs)))

/** Mean of predicted − observed: above 0 it is surer than right. */
export const overconfidence = (bins: readonly ReliabilityBin[]): number =>
  weighted(bins, ({ predicted, observed }) => predicted - observed)

/** How often it is right where it sees so much of a difference; |margin| normalised, in bins of about equal size. */
export function accuracyByMargin(pairs: readonly JudgedPair[]): MarginBin[] {
  const sorted = [...pairs].sort((a, b) => Math.abs(a.margin) - Math.abs(b.margin))
  return equalBins(sorted).map(bin => ({
    from: Math.abs(bin[0]!.margin),
    to: Math.abs(bin.at(-1)!.margin),
    accuracy: mean(bin, ({ margin }) => hitOf(margin)),
    pairs: bin.length,
  }))
}

/** Neighbours together; sizes differ by at most one. */
function equalBins<T>(sorted: readonly T[]): T[][] {
  if (sorted.length === 0) return []
  const bins = Math.min(MOST_BINS, Math.max(1, Math.floor(sorted.length / LEAST_PAIRS_PER_BIN)))
  const edge = (bin: number) => Math.round((bin * sorted.length) / bins)
  return Array.from({ length: bins }, (_, bin) => sorted.slice(edge(bin), edge(bin + 1)))
}

const mean = <T>(of: readonly T[], value: (one: T) => number): number =>
  of.reduce((sum, one) => sum + value(one), 0) / of.length

function weighted(bins: readonly ReliabilityBin[], value: (bin: ReliabilityBin) => number): number {
  const pairs = bins.reduce((sum, bin) => sum + bin.pairs, 0)
  return pairs === 0 ? 0 : bins.reduce((sum, bin) => sum + bin.pairs * value(bin), 0) / pairs
}
