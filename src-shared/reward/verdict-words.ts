// How the verdict writes its figures.
import type { ShareWithInterval } from '../contract/preferences-contract.ts'

export const percent = (share: number): string => `${Math.round(100 * share)} %`

/** With two decimals and a real minus. */
export const signed = (value: number): string => value.toFixed(2).replace('-', '−')

export const whole = (count: number): string => count.toLocaleString('en-US')

/** “72 % of 400 pairs (68–76 %)”, with what the pairs are called. */
export const shareOfMany = ({ share, low, high, n }: ShareWithInterval, things: string): string =>
  `${percent(share)} of ${whole(n)} ${things} (95 % interval ${Math.round(100 * low)}–${percent(high)})`

/** “a, b and c”. */
export const inAWord = (things: readonly string[], last: 'and' | 'or'): string =>
  things.length < 2 ? things.join('') : `${things.slice(0, -1).join(', ')} ${last} ${things.at(-1)}`
