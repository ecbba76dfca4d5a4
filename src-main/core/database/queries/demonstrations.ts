// Sets of demonstrations. Their rows are in demonstration-rows.ts.
import type { DemonstrationSet } from '../../../../src-shared/contract/demonstrations-contract.ts'
import type { Db } from '../open.ts'
import { write } from '../statement.ts'
import { EMPTY_REPORT, rowSetQueries, type StoredRowSet, storedSet } from './row-sets.ts'

/** A set without what its rows say. */
export type StoredSet = StoredRowSet<DemonstrationSet['kind']>

export const demonstrationSetQueries = rowSetQueries(
  { sets: 'demonstration_sets', rows: 'demonstrations', rejections: 'demonstration_rejections' },
  storedSet<DemonstrationSet['kind']>,
)
export const { deleteSet, endImport, findSet } = demonstrationSetQueries

/** @param ready false: nobody sees it until `endImport` */
export function insertSet(
  db: Db,
  { id, name, kind, createdAt }: Pick<DemonstrationSet, 'id' | 'name' | 'kind' | 'createdAt'>,
  ready: boolean,
): void {
  write(
    db,
    'INSERT INTO demonstration_sets (id, name, kind, created_at, ready, report) VALUES (?, ?, ?, ?, ?, ?)',
    id,
    name,
    kind,
    createdAt,
    ready ? 1 : 0,
    EMPTY_REPORT,
  )
}
