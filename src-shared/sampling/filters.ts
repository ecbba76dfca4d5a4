// Temperature, top-k and top-p: the one definition that the engine samples by and the screen shows.

export interface SamplingFilters {
  /** 0 = greedy: all probability on the likeliest token. */
  readonly temperature: number
  /** Keep the k likeliest; 0 = all. */
  readonly topK: number
  /** Keep the smallest set whose probabilities reach p (Holtzman et al. 2020); 1 = all. */
  readonly topP: number
}

/**
 * The distribution that is sampled from: temperature first, then top-k, then top-p on what is left.
 * @param logits (V) logits or log-probs, in nats
 * @returns (V) probabilities summing to 1; ties go to the lower id
 */
export function filteredProbabilities(
  logits: Float32Array,
  { temperature, topK, topP }: SamplingFilters,
): Float64Array {
  const probabilities = new Float64Array(logits.length)
  let best = 0
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id
  if (temperature === 0) {
    probabilities[best] = 1
    return probabilities
  }
  const highest = logits[best]!
  for (let id = 0; id < logits.length; id++)
    probabilities[id] = Math.exp((logits[id]! - highest) / temperature)
  if ((topK > 0 && topK < logits.length) || topP < 1) {
    const order = Uint32Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b)
    const kept = topK > 0 ? Math.min(topK, order.length) : order.length
    let total = 0
    for (let i = 0; i < kept; i++) total += probabilities[order[i]!]!
    let reached = 0
    let end = 0
    // The token that reaches p is kept too, so at least one always is.
    while (end < kept && (end === 0 || reached < topP * total)) reached += probabilities[order[end++]!]!
    for (let i = end; i < order.length; i++) probabilities[order[i]!] = 0
  }
  let sum = 0
  for (let id = 0; id < probabilities.length; id++) sum += probabilities[id]!
  for (let id = 0; id < probabilities.length; id++) probabilities[id]! /= sum
  return probabilities
}
