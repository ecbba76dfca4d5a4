// The newest value of each curve, for the figures beside the charts.
import type { Series } from '../../../../src-shared/contract/lab-contract.ts'

/** By metric; a curve without a value is left out. */
export const newestOf = (series: Readonly<Record<string, Series>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(series).flatMap(([name, { values }]) => {
      const last = values.at(-1)
      return last === undefined ? [] : [[name, last]]
    }),
  )
