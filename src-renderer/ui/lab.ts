// The only door to the contract: one connection to the core, its calls and its topics. Everything else in the UI asks
// here. When the connection breaks it is opened again with back-off, and `useConnection` tells every screen.
import type { InferOutput } from 'valibot'
import { create } from 'zustand'
import { LabError } from '../../src-shared/contract/errors.ts'
import {
  type LabMethods,
  type LabTopics,
  labMethods,
  labTopics,
} from '../../src-shared/contract/lab-contract.ts'
import type { Caller } from '../../src-shared/contract/method.ts'
import { createPeer, type Peer } from '../../src-shared/contract/peer.ts'
import { openTransport } from './lab-transport.ts'

export interface Connection {
  state: 'connecting' | 'open' | 'lost'
  /** When the next attempt starts, in ms since the epoch. */
  retryAt: number | null
  /** Why the last attempt failed. */
  reason: string | null
}
export const useConnection = create<Connection>(() => ({ state: 'connecting', retryAt: null, reason: null }))

type TopicName = keyof LabTopics & string
type Payload<K extends TopicName> = InferOutput<LabTopics[K]>
const subscribers = new Map<string, Set<(payload: never) => void>>()

/** Hears a topic until the returned function is called; survives reconnection. */
export function subscribe<K extends TopicName>(topic: K, hear: (payload: Payload<K>) => void): () => void {
  const set = subscribers.get(topic) ?? new Set()
  subscribers.set(topic, set)
  set.add(hear)
  return () => set.delete(hear)
}

let peer: Peer<LabMethods, Record<never, never>> | null = null
const reconnected = new Set<() => void>()

/** Called after every connection, the first included: what was known may be out of date. */
export function onConnected(hear: () => void): () => void {
  reconnected.add(hear)
  return () => reconnected.delete(hear)
}

/** Calls the core. @throws LabError as the core gave it, or `engine-lost` while there is no connection */
export const call: Caller<LabMethods> = async (name, input) => {
  if (!peer)
    throw new LabError({
      code: 'engine-lost',
      what: 'the lab is not connected',
      fix: 'wait until the connection is back, then try again',
    })
  return peer.call(name, input)
}

const BACK_OFF_MS = [250, 500, 1000, 2000, 5000, 10_000]
let attempt = 0
let timer: ReturnType<typeof setTimeout> | undefined

/** Opens the connection and keeps it open for as long as the window lives. */
export async function connect(): Promise<void> {
  clearTimeout(timer)
  useConnection.setState(before => ({ ...before, retryAt: null }))
  try {
    const transport = await openTransport()
    const opened = createPeer({
      transport,
      local: {},
      handlers: {},
      remote: labMethods,
      incoming: labTopics,
      outgoing: {},
      onTopic: (topic, payload) => {
        for (const hear of subscribers.get(topic) ?? []) hear(payload as never)
      },
    })
    peer = opened
    attempt = 0
    useConnection.setState({ state: 'open', retryAt: null, reason: null })
    for (const hear of reconnected) hear()
    await opened.closed
    retryLater('the connection closed')
  } catch (error) {
    retryLater(error instanceof Error ? error.message : String(error))
  }
}

function retryLater(reason: string): void {
  peer = null
  const wait = BACK_OFF_MS[Math.min(attempt++, BACK_OFF_MS.length - 1)]!
  useConnection.setState({ state: 'lost', retryAt: Date.now() + wait, reason })
  timer = setTimeout(() => void connect(), wait)
}
