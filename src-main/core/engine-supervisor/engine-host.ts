// Where the engine lives is the host's business: a hidden window, a page's iframe, a worker thread. The core only
// asks for a channel to it.
import type { Transport } from '../../../src-shared/contract/peer.ts'

export interface EngineHost {
  /** For messages: `hidden window`, `browser page`, `Node worker`. */
  readonly name: string
  /** Starts a fresh engine, or waits for one to connect; an earlier one is ended first. */
  start(): Promise<Transport>
  stop(): Promise<void>
  /**
   * Asked after the channel has closed: whether who held the engine went away, a page that was closed or reloaded. That
   * is no failure of the engine, and a fresh one is awaited at once. Absent: it never happens.
   */
  heldByNobody?(): Promise<boolean>
}
