// Sets of preferences. Their prompts are in preference-prompts.ts, what was said of them in rankings.ts.
import type { PreferenceSet } from '../../../../src-shared/contract/preferences-contract.ts'
import type { Db } from '../open.ts'
import { write } from '../statement.ts'
import { EMPTY_REPORT, rowSetQueries, type SetRow, type StoredRowSet, storedSet } from './row-sets.ts'

/** A set without what its prompts and rankings say. */
export type StoredSet = StoredRowSet<PreferenceSet['kind']> & Pick<PreferenceSet, 'bench'>

export const preferenceSetQueries = rowSetQueries(
  { sets: 'preference_sets', rows: 'preference_prompts', rejections: 'preference_rejections' },
  ({ bench, ...row }: SetRow<PreferenceSet['kind']> & { bench: string | null }): StoredSet => ({
    ...storedSet(row),
    bench: bench === null ? null : (JSON.parse(bench) as PreferenceSet['bench']),
  }),
)
export const { deleteSet, endImport, findSet, listSets } = preferenceSetQueries

/** Nobody sees it until `endImport`. */
export function insertSet(
  db: Db,
  {
    id,
    name,
    kind,
    createdAt,
    bench = null,
  }: Pick<PreferenceSet, 'id' | 'name' | 'kind' | 'createdAt'> & Partial<Pick<PreferenceSet, 'bench'>>,
): void {
  write(
    db,
    'INSERT INTO preference_sets (id, name, kind, created_at, ready, bench, report) VALUES (?, ?, ?, ?, 0, ?, ?)',
    id,
    name,
    kind,
    createdAt,
    bench && JSON.stringify(bench),
    EMPTY_REPORT,
  )
}
