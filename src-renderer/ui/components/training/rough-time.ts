// The figures of an estimate in words: no finer than what is known.
import { formatCompact } from '../../format.ts'

/** Minutes as an estimate deserves: `40 s`, `5 min`, `1.9 h`, `3 d`, `4.6 y`. */
export function roughTime(minutes: number): string {
  if (minutes < 1) return `${Math.max(1, Math.round(minutes * 60))} s`
  if (minutes < 100) return `${Math.round(minutes)} min`
  if (minutes < 48 * 60) return `${Number((minutes / 60).toPrecision(2))} h`
  if (minutes < 366 * 1440) return `${Math.round(minutes / 1440)} d`
  return `${formatCompact(Number((minutes / 525_960).toPrecision(2)))} y`
}

/** Hoffmann et al. 2022: about 20 training tokens per parameter use a given amount of compute best. */
export function tokensPerParameterRemark(ratio: number): { word: string; sentence: string } {
  const best = 'About 20 tokens per parameter are compute-optimal (Hoffmann et al. 2022).'
  if (ratio < 10)
    return {
      word: 'too few',
      sentence: `${best} These are fewer: a smaller model would learn more in the same time, or give it more steps.`,
    }
  if (ratio <= 40) return { word: 'balanced', sentence: `${best} These are near it.` }
  return {
    word: 'more than needed',
    sentence: `${best} These are more: small for its reading and quick to run, but a larger model would reach a lower loss in the same time.`,
  }
}
