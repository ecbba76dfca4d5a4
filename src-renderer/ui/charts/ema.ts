// Smoothing of noisy curves: the debiased exponential moving average that TensorBoard draws.

/**
 * Debiased EMA: m ← w·m + (1 − w)·y, drawn as m / (1 − wⁿ), so that the start is not pulled towards 0
 * (Kingma & Ba 2015 §3). A value that is not finite is passed through and does not enter the mean.
 * @param weight 0 (no smoothing) to .999
 */
export function debiasedEma(values: Float64Array, weight: number): Float64Array {
  if (weight <= 0) return values
  const smoothed = new Float64Array(values.length)
  let mean = 0
  let share = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!Number.isFinite(value)) {
      smoothed[i] = value
      continue
    }
    mean = weight * mean + (1 - weight) * value
    share = weight * share + (1 - weight)
    smoothed[i] = mean / share
  }
  return smoothed
}
