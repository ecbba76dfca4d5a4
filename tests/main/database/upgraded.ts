// A database as an older version of the app left it, opened by this one.
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { migrations } from '../../../src-main/core/database/migrations/migrations.ts'
import { type Db, openDatabase } from '../../../src-main/core/database/open.ts'
import { temporaryFolder } from '../workspace/temporary-folder.ts'

/** @param fill writes what was in it, in the tables of that version */
export function upgraded(version: number, fill: (older: Db) => void): Db {
  const path = join(temporaryFolder(), 'andromeda.db')
  const older = openDatabase(path, migrations.slice(0, version)).db
  fill(older)
  older.close()
  const { db } = openDatabase(path)
  onTestFinished(() => void db.close())
  return db
}
