// Rows of a long list, fetched page by page as it is scrolled. A new question starts anew; late answers are dropped.
import { useCallback, useEffect, useRef, useState } from 'react'
import { type LabErrorFacts, toFacts } from '../../src-shared/contract/errors.ts'

export const PAGE_ROWS = 200

export interface PagedRows<Row> {
  readonly rows: readonly Row[]
  /** Null until the first page is there. */
  readonly total: number | null
  readonly error: LabErrorFacts | null
  readonly loading: boolean
  /** Fetches the next page, if there is one and none is on its way. */
  readonly more: () => void
  /** Starts anew. */
  readonly reload: () => void
}

/**
 * @param key stands for the question: when it changes, the list starts anew
 * @param fetchPage rows [offset, offset + limit) and the total
 */
export function usePagedRows<Row>(
  key: string,
  fetchPage: (offset: number, limit: number) => Promise<{ total: number; rows: Row[] }>,
): PagedRows<Row> {
  const [state, setState] = useState<Omit<PagedRows<Row>, 'more' | 'reload'>>({
    rows: [],
    total: null,
    error: null,
    loading: true,
  })
  const latest = useRef(fetchPage)
  latest.current = fetchPage
  /** Counts questions, so that an answer to an earlier one is dropped. */
  const question = useRef(0)
  const pending = useRef(false)

  const fetchFrom = useCallback(async (offset: number) => {
    const asked = question.current
    pending.current = true
    setState(now => ({ ...now, loading: true, error: null }))
    try {
      const page = await latest.current(offset, PAGE_ROWS)
      if (asked !== question.current) return
      setState(now => ({
        rows: [...now.rows.slice(0, offset), ...page.rows],
        total: page.total,
        error: null,
        loading: false,
      }))
    } catch (error) {
      if (asked === question.current) setState(now => ({ ...now, error: toFacts(error), loading: false }))
    } finally {
      if (asked === question.current) pending.current = false
    }
  }, [])

  const reload = useCallback(() => {
    question.current++
    void fetchFrom(0)
  }, [fetchFrom])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the question
  useEffect(() => {
    setState({ rows: [], total: null, error: null, loading: true })
    reload()
  }, [key, reload])

  const { rows, total, error } = state
  const more = useCallback(() => {
    if (!pending.current && error === null && total !== null && rows.length < total)
      void fetchFrom(rows.length)
  }, [rows.length, total, error, fetchFrom])
  return { ...state, more, reload }
}
