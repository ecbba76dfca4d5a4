// Every change of the schema, oldest first. Row n takes a database from version n to n + 1; a released row never changes.
// A new row: a file NNNN-name.ts here exporting `sql`, one line below, and its test.
import { sql as initial } from './0001-initial.ts'
import { sql as benchReports } from './0002-bench-reports.ts'
import { sql as demonstrations } from './0003-demonstrations.ts'
import { sql as chat } from './0004-chat.ts'
import { sql as answersRead } from './0005-answers-read.ts'
import { sql as preferences } from './0006-preferences.ts'
import { sql as chatMeasures } from './0007-chat-measures.ts'
import { sql as evaluations } from './0008-evaluations.ts'
import { sql as ppo } from './0009-ppo.ts'
import { sql as builds } from './0010-builds.ts'
import { sql as readOnce } from './0011-read-once.ts'

export interface Migration {
  readonly name: string
  readonly sql: string
}

export const migrations: readonly Migration[] = [
  { name: '0001-initial', sql: initial },
  { name: '0002-bench-reports', sql: benchReports },
  { name: '0003-demonstrations', sql: demonstrations },
  { name: '0004-chat', sql: chat },
  { name: '0005-answers-read', sql: answersRead },
  { name: '0006-preferences', sql: preferences },
  { name: '0007-chat-measures', sql: chatMeasures },
  { name: '0008-evaluations', sql: evaluations },
  { name: '0009-ppo', sql: ppo },
  { name: '0010-builds', sql: builds },
  { name: '0011-read-once', sql: readOnce },
]
