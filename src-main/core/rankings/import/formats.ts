// The table of shapes that rows of comparisons have, and which of them a file's rows have.

import type { PreferenceFormat } from './formats/format.ts'
import { hhRlhf } from './formats/hh-rlhf.ts'
import { rankings } from './formats/rankings.ts'
import { trlPreference } from './formats/trl-preference.ts'

/** Where as many rows fit one as another, the first is taken. */
export const formats: readonly PreferenceFormat[] = [rankings, hhRlhf, trlPreference]

/** The format that most of some rows have; null = none has any. @param sample the first rows of a file */
export function detectFormat(sample: readonly unknown[]): PreferenceFormat | null {
  const [best, count] = formats
    .map(format => [format, sample.filter(row => format.recognises(row)).length] as const)
    .reduce((a, b) => (b[1] > a[1] ? b : a))
  return count > 0 ? best : null
}
