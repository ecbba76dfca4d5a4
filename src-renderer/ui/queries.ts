// What the core knows, kept on this side for as long as a screen looks at it. A query is a method and its input; it is
// asked once for all who look, asked again when the core says `changed`, and patched in place by live topics.
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { type LabErrorFacts, toFacts } from '../../src-shared/contract/errors.ts'
import type { LabMethods } from '../../src-shared/contract/lab-contract.ts'
import type { InputOf, OutputOf } from '../../src-shared/contract/method.ts'
import { conversationWithNews, withKnownTurns } from './chat-news.ts'
import { call, onConnected, subscribe } from './lab.ts'

type MethodName = keyof LabMethods & string
type Answer<K extends MethodName> = OutputOf<LabMethods[K]>

export interface Query<T> {
  readonly data: T | undefined
  readonly error: LabErrorFacts | null
  readonly loading: boolean
}
const IDLE: Query<never> = { data: undefined, error: null, loading: false }

interface Slot {
  readonly method: MethodName
  readonly input: unknown
  state: Query<unknown>
  stale: boolean
  /** Counts requests, so that a late answer never overwrites a newer one. */
  asked: number
  readonly listeners: Set<() => void>
}
const slots = new Map<string, Slot>()
const FORGET_AFTER_MS = 60_000

const keyOf = (method: string, input: unknown): string => `${method} ${JSON.stringify(input)}`

function slotFor(method: MethodName, input: unknown): Slot {
  const key = keyOf(method, input)
  let slot = slots.get(key)
  if (!slot) {
    slot = { method, input, state: { ...IDLE, loading: true }, stale: true, asked: 0, listeners: new Set() }
    slots.set(key, slot)
  }
  return slot
}

function publish(slot: Slot, state: Query<unknown>): void {
  slot.state = state
  for (const listener of slot.listeners) listener()
}

async function ask(slot: Slot): Promise<void> {
  const number = ++slot.asked
  slot.stale = false
  if (!slot.state.loading) publish(slot, { ...slot.state, loading: true })
  try {
    const answer = await call(slot.method, slot.input as never)
    const data =
      slot.method === 'chat.show' ? withKnownTurns(slot.state.data as never, answer as never) : answer
    if (number === slot.asked) publish(slot, { data, error: null, loading: false })
  } catch (error) {
    if (number === slot.asked) publish(slot, { data: slot.state.data, error: toFacts(error), loading: false })
  }
}

function watch(slot: Slot, listener: () => void): () => void {
  slot.listeners.add(listener)
  if (slot.stale) void ask(slot)
  return () => {
    slot.listeners.delete(listener)
    if (slot.listeners.size > 0) return
    setTimeout(() => {
      const key = keyOf(slot.method, slot.input)
      if (slot.listeners.size === 0 && slots.get(key) === slot) slots.delete(key)
    }, FORGET_AFTER_MS)
  }
}

/**
 * The answer of `method`, live. `null` as input asks nothing (yet).
 * With `keepPrevious`, data stays the previous input's answer until the new one arrives.
 */
export function useQuery<K extends MethodName>(
  method: K,
  input: InputOf<LabMethods[K]> | null,
  { keepPrevious = false } = {},
): Query<Answer<K>> & { refetch: () => void } {
  const key = input === null ? null : keyOf(method, input)
  // The key stands for the input: callers may build the object anew at every render.
  // biome-ignore lint/correctness/useExhaustiveDependencies: key covers method and input
  const listen = useCallback(
    (listener: () => void) => (key === null ? () => {} : watch(slotFor(method, input), listener)),
    [key],
  )
  const state = useSyncExternalStore(
    listen,
    () => (key === null ? IDLE : slotFor(method, input).state),
    () => IDLE,
  ) as Query<Answer<K>>
  const previous = useRef<Answer<K> | undefined>(undefined)
  useEffect(() => {
    if (state.data !== undefined) previous.current = state.data
  }, [state.data])
  // biome-ignore lint/correctness/useExhaustiveDependencies: key covers method and input
  const refetch = useCallback(() => {
    if (key !== null) void ask(slotFor(method, input))
  }, [key])
  const data = state.data ?? (keepPrevious ? previous.current : undefined)
  return { data, error: state.error, loading: state.loading, refetch }
}

/** The same for several inputs at once; the array keeps its identity while no answer changes. */
export function useQueries<K extends MethodName>(
  method: K,
  inputs: readonly InputOf<LabMethods[K]>[],
): readonly Query<Answer<K>>[] {
  const key = JSON.stringify(inputs)
  const last = useRef<readonly Query<unknown>[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: key covers the inputs
  const listen = useCallback(
    (listener: () => void) => {
      const stops = inputs.map(input => watch(slotFor(method, input), listener))
      return () => {
        for (const stop of stops) stop()
      }
    },
    [method, key],
  )
  const snapshot = () => {
    const states = inputs.map(input => slotFor(method, input).state)
    const same =
      states.length === last.current.length && states.every((state, i) => state === last.current[i])
    if (!same) last.current = states
    return last.current
  }
  return useSyncExternalStore(listen, snapshot, snapshot) as readonly Query<Answer<K>>[]
}

/** Asks one query again; resolves when the answer (or its error) is there. */
export const refetchQuery = <K extends MethodName>(method: K, input: InputOf<LabMethods[K]>): Promise<void> =>
  ask(slotFor(method, input))

/** Changes what is known of one query without asking: for pushes and for answers that are already in hand. */
export function patchQuery<K extends MethodName>(
  method: K,
  input: InputOf<LabMethods[K]>,
  change: (data: Answer<K>) => Answer<K>,
): void {
  const slot = slots.get(keyOf(method, input))
  if (slot?.state.data !== undefined)
    publish(slot, { ...slot.state, data: change(slot.state.data as Answer<K>) })
}

/** Asks again every query for which `concerns` holds: at once if someone looks, else when someone does. */
export function invalidate(concerns: (method: MethodName) => boolean): void {
  for (const slot of slots.values()) {
    if (!concerns(slot.method)) continue
    slot.stale = true
    if (slot.listeners.size > 0) void ask(slot)
  }
}

/** A list whose change another answer is made from. */
const madeFrom: Partial<Record<MethodName, readonly string[]>> = {
  'chat.list': ['conversations'],
  'chat.show': ['conversations'],
  'chat.measures': ['runs', 'checkpoints', 'settings'],
  'corpora.sources': ['corpora', 'tokenizers'],
  'pretrain.estimate': ['corpora', 'tokenizers'],
  'sft.estimate': ['demonstrations', 'checkpoints'],
  'sft.refused': ['demonstrations', 'checkpoints'],
  'exhibit.latest': ['exhibits'],
  'build.show': ['settings', 'runs', 'checkpoints'],
  'build.report': ['evaluations'],
  'evaluation.list': ['evaluations'],
  'evaluation.show': ['evaluations'],
  'evaluation.answers': ['evaluations'],
  'evaluation.nextPair': ['evaluations'],
  'reward.report': ['reward-reports', 'runs'],
  // The chat's votes are a set of their own.
  'preferences.list': ['conversations'],
  'ranking.state': ['preferences'],
  'reward.estimate': ['preferences', 'checkpoints'],
  'reward.refused': ['preferences', 'checkpoints'],
  'ppo.estimate': ['demonstrations', 'checkpoints'],
  'ppo.evaluations': ['ppo-evaluations'],
  'ppo.rollouts': ['ppo-evaluations'],
  // Names the runs, and leaves out what belongs to removed ones.
  'checkpoints.list': ['runs'],
}
const upsert = <T extends { id: string }>(list: readonly T[], row: T): T[] =>
  list.some(other => other.id === row.id)
    ? list.map(other => (other.id === row.id ? row : other))
    : [row, ...list]

/** Joins the cache to the topics; called once, before the first screen. */
export function followTopics(): void {
  onConnected(() => invalidate(() => true))
  subscribe('changed', ({ what }) =>
    invalidate(method => method.startsWith(`${what}.`) || (madeFrom[method]?.includes(what) ?? false)),
  )
  subscribe('engine', status => patchQuery('engine.status', {}, () => status))
  subscribe('build', build => patchQuery('build.show', {}, shown => ({ ...shown, build })))
  subscribe('job', status => patchQuery('jobs.list', {}, list => upsert(list, status)))
  subscribe('run', run => {
    patchQuery('runs.list', {}, list => upsert(list, run))
    patchQuery('runs.show', { run: run.id }, () => run)
  })
  subscribe('chat', news =>
    patchQuery('chat.show', { conversation: news.conversation }, conversation => {
      const changed = conversationWithNews(conversation, news)
      if (!changed) void refetchQuery('chat.show', { conversation: news.conversation })
      return changed ?? conversation
    }),
  )
  subscribe('sample', ({ run, sample }) => patchQuery('runs.samples', { run }, list => [...list, sample]))
  subscribe('runEvent', ({ run, event }) => patchQuery('runs.events', { run }, list => [...list, event]))
}

/** An action a person starts: its error stays beside the button that caused it, `busy` disables that button. */
export function useAction<A extends unknown[], R>(
  act: (...args: A) => Promise<R>,
): {
  run: (...args: A) => Promise<R | undefined>
  busy: boolean
  error: LabErrorFacts | null
  clear: () => void
} {
  const [state, setState] = useState<{ busy: boolean; error: LabErrorFacts | null }>({
    busy: false,
    error: null,
  })
  const run = async (...args: A): Promise<R | undefined> => {
    setState({ busy: true, error: null })
    try {
      const result = await act(...args)
      setState({ busy: false, error: null })
      return result
    } catch (error) {
      setState({ busy: false, error: toFacts(error) })
      return undefined
    }
  }
  return { run, ...state, clear: () => setState({ busy: false, error: null }) }
}

/** Hears a topic while the component is on screen; `hear` may be a new function at every render. */
export function useTopic<K extends Parameters<typeof subscribe>[0]>(
  topic: K,
  hear: Parameters<typeof subscribe<K>>[1],
): void {
  const latest = useRef(hear)
  useEffect(() => {
    latest.current = hear
  })
  useEffect(() => subscribe(topic, payload => latest.current(payload)), [topic])
}
