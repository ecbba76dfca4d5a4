// Our own export: a prompt a line with its responses and whole rankings of them (src-shared/preferences/preference-row.ts).
import * as v from 'valibot'
import { simulation } from '../../../../../src-shared/contract/preferences-contract.ts'
import { type PreferenceRow, preferenceRow } from '../../../../../src-shared/preferences/preference-row.ts'
import type { NewRanking } from '../../../database/queries/rankings.ts'
import type { Reading } from '../../../demonstrations/conversation.ts'
import { field } from '../../../demonstrations/formats/format.ts'
import { rowFault } from '../row-fault.ts'
import type { PreferenceFormat } from './format.ts'

/** Lists of rankings, in them objects, in these lists of pairs. */
const NUMBERS_DEPTH = 6

export const rankings: PreferenceFormat = {
  name: 'rankings',
  title: 'Rankings of several responses, as Andromeda exports them',
  recognises: row => field(row, 'responses') !== undefined && field(row, 'rankings') !== undefined,
  read(row) {
    const parsed = v.safeParse(preferenceRow, plainNumbers(row), { abortEarly: true })
    if (!parsed.success) return { rejected: rowFault(parsed.issues[0]) }
    const { prompt, responses, rankings, task = null } = parsed.output
    if (!isWritable(task)) return { rejected: '"task" cannot be written as JSON' }
    const read: NewRanking[] = []
    for (const [i, ranking] of rankings.entries()) {
      const one = readRanking(ranking)
      if ('rejected' in one) return { rejected: `ranking ${i + 1}: ${one.rejected}` }
      read.push(one)
    }
    return {
      messages: prompt,
      responses: responses.map(({ text, stopped = true, origin = 'file', copies = 1 }) => ({
        text,
        stopped,
        origin,
        copies,
      })),
      rankings: read,
      task,
    }
  },
}

function readRanking(ranking: PreferenceRow['rankings'][number]): Reading<NewRanking> {
  const { labeler, pass = 0, outcome = 'ranked', ranks, pairs = null, seconds = null } = ranking
  const { createdAt } = ranking
  if (createdAt !== undefined && !isTime(createdAt)) return { rejected: '"createdAt" is no time' }
  const simulated = v.safeParse(v.optional(simulation), ranking.simulation, { abortEarly: true })
  if (!simulated.success) return { rejected: `"simulation": ${rowFault(simulated.issues[0])}` }
  return {
    ...{ labeler, pass, outcome, ranks, pairs, seconds },
    ...(createdAt !== undefined && { createdAt }),
    ...(simulated.output && { simulation: simulated.output }),
  }
}

const isTime = (text: string): boolean => text.length <= 40 && !Number.isNaN(Date.parse(text))

/** Parquet gives whole numbers as bigints. */
function plainNumbers(value: unknown, depth = NUMBERS_DEPTH): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (depth === 0) return value
  if (Array.isArray(value)) return value.map(inner => plainNumbers(inner, depth - 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, plainNumbers(inner, depth - 1)]),
  )
}

/** What is read at any depth cannot be written at any depth. */
function isWritable(task: unknown): boolean {
  try {
    JSON.stringify(task)
    return true
  } catch {
    return false
  }
}
