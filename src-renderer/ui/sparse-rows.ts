// Rows of a list of any length, of which only the pages in view are fetched, wherever it is scrolled to. A new question
// starts anew; late answers are dropped.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type LabErrorFacts, toFacts } from '../../src-shared/contract/errors.ts'

export interface Page<Row> {
  readonly total: number
  readonly rows: readonly Row[]
}
export interface SparseRows<Row> {
  /** As long as the list; undefined = not fetched yet. */
  readonly rows: readonly (Row | undefined)[]
  /** Null until the first page is there. */
  readonly total: number | null
  readonly error: LabErrorFacts | null
  /** The rows in view, first and last: what is missing there is fetched. */
  readonly show: (first: number, last: number) => void
  /** Fetches anew what is in view; until it comes, what is known stays. */
  readonly refresh: () => void
}

/** A scrollbar that is dragged passes rows that nobody will look at. */
const SETTLE_MS = 60
const AROUND = 30

/** The pages that hold the rows from `first` to `last` and some around them. */
export function pagesOf(first: number, last: number, pageRows: number): number[] {
  const from = Math.max(0, Math.floor((first - AROUND) / pageRows))
  const to = Math.floor((last + AROUND) / pageRows)
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

interface State<Row> {
  readonly total: number | null
  readonly pages: ReadonlyMap<number, readonly Row[]>
  readonly error: LabErrorFacts | null
}
const nothing: State<never> = { total: null, pages: new Map(), error: null }

/**
 * @param key stands for the question: when it changes, the list starts anew
 * @param fetchPage rows [offset, offset + limit) and the total
 */
export function useSparseRows<Row>(
  key: string,
  fetchPage: (offset: number, limit: number) => Promise<Page<Row>>,
  pageRows = 200,
): SparseRows<Row> {
  const [state, setState] = useState<State<Row>>(nothing)
  const latest = useRef({ fetchPage, state })
  latest.current = { fetchPage, state }
  /** Counts questions and refreshes, so that an answer to an earlier one is dropped. */
  const question = useRef(0)
  const pending = useRef(new Set<number>())
  const inView = useRef<readonly [number, number]>([0, 0])
  const settling = useRef<ReturnType<typeof setTimeout>>(undefined)

  const fetchInView = useCallback(
    async (anew: boolean) => {
      if (anew) {
        question.current++
        pending.current.clear()
      }
      const asked = question.current
      const { pages: known, total } = latest.current.state
      const wanted = pagesOf(...inView.current, pageRows).filter(
        page =>
          anew ||
          (!known.has(page) && !pending.current.has(page) && (total === null || page * pageRows < total)),
      )
      if (wanted.length === 0) return
      for (const page of wanted) pending.current.add(page)
      try {
        const answers = await Promise.all(
          wanted.map(page => latest.current.fetchPage(page * pageRows, pageRows)),
        )
        if (asked !== question.current) return
        setState(now => ({
          total: answers.at(-1)!.total,
          pages: new Map([
            ...(anew ? [] : now.pages),
            ...answers.map(({ rows }, i) => [wanted[i]!, rows] as const),
          ]),
          error: null,
        }))
      } catch (error) {
        if (asked === question.current) setState(now => ({ ...now, error: toFacts(error) }))
      } finally {
        if (asked === question.current) for (const page of wanted) pending.current.delete(page)
      }
    },
    [pageRows],
  )
  const show = useCallback(
    (first: number, last: number) => {
      inView.current = [first, last]
      clearTimeout(settling.current)
      settling.current = setTimeout(() => void fetchInView(false), SETTLE_MS)
    },
    [fetchInView],
  )
  const refresh = useCallback(() => void fetchInView(true), [fetchInView])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the question
  useEffect(() => {
    setState(nothing)
    inView.current = [0, 0]
    refresh()
    return () => clearTimeout(settling.current)
  }, [key, refresh])

  const rows = useMemo(() => {
    const all: (Row | undefined)[] = new Array(state.total ?? 0).fill(undefined)
    for (const [page, known] of state.pages)
      for (const [i, row] of known.entries())
        if (page * pageRows + i < all.length) all[page * pageRows + i] = row
    return all
  }, [state, pageRows])
  return { rows, total: state.total, error: state.error, show, refresh }
}
