// Pages of a corpus' documents, as a list shows them, all or those that hold a text.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { LabMethods } from '../../../src-shared/contract/lab-contract.ts'
import type { OutputOf } from '../../../src-shared/contract/method.ts'
import {
  readDocument,
  SPLITS,
  type Split,
  type StoredDocument,
  storedCount,
  storedDocuments,
} from './document-store.ts'

type Page = OutputOf<LabMethods['corpora.documents']>
type Row = Page['rows'][number]

const EXCERPT_CHARACTERS = 300
/** How long a search may hold the event loop. */
const TURN_MS = 20

/** @throws LabError `cancelled` when `signal` aborts, `damaged` */
export async function documentPage(
  folder: string,
  { offset, limit, search }: { offset: number; limit: number; search?: string },
  signal: AbortSignal,
): Promise<Page> {
  if (search) return await foundDocuments(folder, offset, limit, search, signal)
  const total = SPLITS.reduce((sum, split) => sum + storedCount(folder, split), 0)
  const rows: Row[] = []
  for (let number = offset; number < Math.min(total, offset + limit); number++) {
    const document = readDocument(folder, number)
    rows.push(documentRow(document, number, document.split, 0))
  }
  return { total, rows }
}

/** Reads everything: there is no index of words. Letter case does not matter. */
async function foundDocuments(
  folder: string,
  offset: number,
  limit: number,
  search: string,
  signal: AbortSignal,
): Promise<Page> {
  const wanted = new RegExp(search.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu')
  const rows: Row[] = []
  let total = 0
  let number = 0
  let turn = performance.now()
  for (const split of SPLITS)
    for (const document of storedDocuments(folder, split)) {
      const at = document.text.search(wanted)
      if (at >= 0) {
        if (total >= offset && rows.length < limit) rows.push(documentRow(document, number, split, at))
        total++
      }
      number++
      if (performance.now() - turn < TURN_MS) continue
      await nextTurn()
      if (signal.aborted)
        throw new LabError({
          code: 'cancelled',
          what: 'a newer search took the place of this one',
          fix: 'wait for the newer one',
        })
      turn = performance.now()
    }
  return { total, rows }
}

/** @param at where the excerpt is to be about */
function documentRow({ file, line, text }: StoredDocument, number: number, split: Split, at: number): Row {
  const start = Math.max(0, at - EXCERPT_CHARACTERS / 3)
  const excerpt = text.slice(start, start + EXCERPT_CHARACTERS)
  return {
    number,
    file,
    line,
    split,
    bytes: Buffer.byteLength(text),
    excerpt: (start > 0 ? `…${excerpt}` : excerpt).toWellFormed(),
  }
}
