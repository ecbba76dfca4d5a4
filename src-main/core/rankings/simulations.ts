// Who of a set's labelers is simulated, and by what they label.
import * as v from 'valibot'
import { type Simulation, simulation } from '../../../src-shared/contract/preferences-contract.ts'
import type { Db } from '../database/open.ts'
import { simulatedLabelers } from '../database/queries/rankings.ts'

/** By name. */
export const simulationsOf = (db: Db, set: string): ReadonlyMap<string, Simulation> =>
  new Map(
    simulatedLabelers(db, set).flatMap(({ labeler, simulation: json }) => {
      // A file may name a policy of a newer version.
      const parsed = v.safeParse(simulation, JSON.parse(json))
      return parsed.success ? [[labeler, parsed.output] as const] : []
    }),
  )
