// How sure the model is, in words and in shades: entropy of a distribution, surprise of one token.
import { formatCount } from '../format.ts'

/** Bits of surprise of a token with this natural-log probability. */
export const surpriseBits = (logProb: number): number => Math.max(0, -logProb / Math.LN2)

/** Five shades, from expected to astonishing: below 1 bit (p > ½), 3 (⅛), 6 (1/64), 10 (1/1,024), and above. */
export function surpriseLevel(logProb: number): 0 | 1 | 2 | 3 | 4 {
  const bits = surpriseBits(logProb)
  return bits <= 1 ? 0 : bits <= 3 ? 1 : bits <= 6 ? 2 : bits <= 10 ? 3 : 4
}

export const surpriseNames = ['expected', 'likely', 'open', 'unlikely', 'astonishing'] as const

/** `5.0 bits: as unsure as a fair choice among 32 tokens`. */
export function entropySentence(bits: number): string {
  const choices = 2 ** bits
  const among =
    choices < 1.05
      ? 'practically certain'
      : `as unsure as a fair choice among ${choices < 10 ? Number(choices.toFixed(1)) : formatCount(Math.round(choices))} tokens`
  return `${bits.toFixed(1)} bits: ${among}`
}

/** `43%`, `0.8%`, `1 in 20,000`: a probability that a person can picture. */
export function probabilityText(p: number): string {
  if (!(p > 0)) return '0%'
  if (p >= 0.9995) return p >= 1 ? '100%' : '> 99.9%'
  if (p >= 0.1) return `${Math.round(p * 100)}%`
  if (p >= 0.001) return `${(p * 100).toFixed(1)}%`
  if (p < 1e-9) return '< 1 in 1B'
  const step = 10 ** Math.floor(Math.log10(1 / p) - 1)
  return `1 in ${formatCount(Math.round(1 / p / step) * step)}`
}

export interface NextToken {
  readonly probability: number
  readonly sampling: number
}

/** What the sampling filters leave of a distribution, as one sentence. */
export function filterSentence(next: readonly NextToken[], vocabularySize: number): string {
  const kept = next.filter(n => n.sampling > 0)
  const mass = kept.reduce((sum, n) => sum + n.probability, 0)
  const drawn = kept.reduce((sum, n) => sum + n.sampling, 0)
  // Sampling probabilities of all kept tokens sum to 1; when the listed ones fall short, more are kept than are listed.
  if (drawn < 0.9999 && kept.length === next.length)
    return `More than ${formatCount(kept.length)} of ${formatCount(vocabularySize)} tokens can be drawn.`
  if (kept.length === 1) return `Only 1 of ${formatCount(vocabularySize)} tokens can be drawn: the likeliest.`
  return `${formatCount(kept.length)} of ${formatCount(vocabularySize)} tokens can be drawn; the model gave them ${probabilityText(Math.min(1, mass))} together.`
}
