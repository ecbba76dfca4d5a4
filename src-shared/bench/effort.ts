// How much a bench measures when nobody says: minutes for figures that can be quoted, seconds for a first idea.
import * as v from 'valibot'
import type { BenchSizeName } from './sizes.ts'

export interface BenchEffort {
  readonly sizes: readonly BenchSizeName[]
  readonly rounds: number
  readonly turnMs: number
  /** A contender that would take longer for one unit is left out. */
  readonly patienceMs: number
  /** The same for writing without a cache, which is done once. */
  readonly uncachedMs: number
}

export const benchEffortName = v.picklist(['full', 'quick'])
export type BenchEffortName = v.InferOutput<typeof benchEffortName>

export const benchEfforts = {
  full: {
    sizes: ['small', 'medium', 'large'],
    rounds: 3,
    turnMs: 1500,
    patienceMs: 12_000,
    uncachedMs: 60_000,
  },
  quick: { sizes: ['small'], rounds: 1, turnMs: 300, patienceMs: 3000, uncachedMs: 3000 },
} as const satisfies Record<BenchEffortName, BenchEffort>

/** What sizes are measured on a device where none is named. @param software a GPU emulated on the CPU */
export const defaultSizes = (effort: BenchEffort, software: boolean): readonly BenchSizeName[] =>
  software ? ['minimal'] : effort.sizes
