// Curves of runs, live: at most SERIES_POINTS buckets per metric from the core, new points appended as they are pushed,
// asked again in full before the tail grows long. A zoomed range is asked for in its own detail.
import { useThrottledCallback } from '@mantine/hooks'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { LabTopics, Series } from '../../src-shared/contract/lab-contract.ts'
import type { TopicPayload } from '../../src-shared/contract/method.ts'
import { refetchQuery, useQueries, useTopic } from './queries.ts'

export type LivePoint = TopicPayload<LabTopics, 'points'>['points'][number]

const SERIES_POINTS = 400
/** So long a tail of single steps makes a curve uneven: it is asked for anew, in buckets. */
const TAIL_POINTS = 400
/** Drawing costs more than measuring: curves grow once a second, however fast the run is. */
const SHOW_EVERY_MS = 1000

/** `series` followed by those pushed points that carry `name` and lie behind its end. */
export function appendPoints(series: Series, name: string, points: readonly LivePoint[]): Series {
  const end = series.steps.at(-1) ?? -1
  const fresh = points.filter(point => point.step > end && point.values[name] !== undefined)
  if (fresh.length === 0) return series
  const joined = (before: Float64Array, after: (point: LivePoint) => number): Float64Array<ArrayBuffer> => {
    const all = new Float64Array(before.length + fresh.length)
    all.set(before)
    for (const [i, point] of fresh.entries()) all[before.length + i] = after(point)
    return all
  }
  return {
    steps: joined(series.steps, point => point.step),
    tokens: joined(series.tokens, point => point.tokens),
    seconds: joined(series.seconds, point => point.seconds),
    values: joined(series.values, point => point.values[name]!),
  }
}

const emptySeries: Series = {
  steps: new Float64Array(),
  tokens: new Float64Array(),
  seconds: new Float64Array(),
  values: new Float64Array(),
}

/** Steps [from, to] of a run; null = the whole run. */
export type StepRange = readonly [number, number] | null

/**
 * The named series of each run, in the order of `runs`.
 * @param ranges by run: what is zoomed into; a run without a range is shown whole
 * @param points most values per series: longer ones are thinned to their extremes
 */
export function useRunSeries(
  runs: readonly string[],
  names: readonly string[],
  ranges: Readonly<Record<string, StepRange>> = whole,
  points = SERIES_POINTS,
): readonly Readonly<Record<string, Series>>[] {
  const [tails, setTails] = useState<Readonly<Record<string, readonly LivePoint[]>>>({})
  const arrived = useRef(new Map<string, LivePoint[]>())
  const refreshing = useRef(new Set<string>())
  const joined = useRef(new Map<string, { known: Series; live: Series }>())
  const inputFor = (run: string) => {
    const range = ranges[run]
    const detail = range ? { fromStep: range[0], toStep: range[1] } : {}
    return { run, names: [...names], points, ...detail }
  }
  const answers = useQueries('runs.series', runs.map(inputFor))

  /** Continues what was drawn before: a line without new points stays the same object. */
  function live(
    run: string,
    name: string,
    known: Series = emptySeries,
    tail: readonly LivePoint[] = [],
  ): Series {
    const key = `${run} ${name}`
    const before = joined.current.get(key)
    const grown = appendPoints(before?.known === known ? before.live : known, name, tail)
    joined.current.set(key, { known, live: grown })
    return grown
  }

  async function refresh(run: string): Promise<void> {
    refreshing.current.add(run)
    await refetchQuery('runs.series', inputFor(run))
    refreshing.current.delete(run)
    setTails(before => ({ ...before, [run]: (before[run] ?? []).slice(TAIL_POINTS) }))
  }
  const showArrived = useThrottledCallback(() => {
    const fresh = [...arrived.current]
    arrived.current.clear()
    setTails(before => {
      const grown = fresh.map(([run, points]) => [run, [...(before[run] ?? []), ...points]] as const)
      return { ...before, ...Object.fromEntries(grown) }
    })
    for (const [run, points] of fresh)
      if ((tails[run]?.length ?? 0) + points.length >= TAIL_POINTS && !refreshing.current.has(run))
        void refresh(run)
  }, SHOW_EVERY_MS)
  useTopic('points', ({ run, points }) => {
    if (!runs.includes(run) || ranges[run]) return
    arrived.current.set(run, [...(arrived.current.get(run) ?? []), ...points])
    showArrived()
  })

  const runsKey = runs.join(' ')
  const namesKey = names.join(' ')
  // What was pushed while no chart looked is in no tail: a cached answer would leave a gap.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key covers runs
  useEffect(() => {
    for (const run of runs) void refetchQuery('runs.series', inputFor(run))
  }, [runsKey])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys cover lists that callers build anew
  return useMemo(
    () =>
      runs.map((run, i) => {
        const known = answers[i]?.data
        const tail = ranges[run] ? [] : (tails[run] ?? [])
        return Object.fromEntries(names.map(name => [name, live(run, name, known?.[name], tail)]))
      }),
    [runsKey, namesKey, ranges, answers, tails],
  )
}
const whole: Readonly<Record<string, StepRange>> = {}
