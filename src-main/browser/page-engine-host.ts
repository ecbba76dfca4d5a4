// The engine in a page of the browser: one page is told to mount the hidden engine frame, and the frame connects back.
import { LabError } from '../../src-shared/contract/errors.ts'
import type { Transport } from '../../src-shared/contract/peer.ts'
import type { EngineHost } from '../core/engine-supervisor/engine-host.ts'

/** Time in which both connections of a page that is left are closed. */
const LEAVING_MS = 1000

/** Tells one page to put a fresh engine frame in the place of any earlier one, or to take it away. */
export type FrameOrder = (order: { mount: boolean; number: number }) => void

export class PageEngineHost implements EngineHost {
  readonly name = 'browser page'
  /** Open pages, oldest first. */
  private readonly pages: FrameOrder[] = []
  /** The page that has the frame, or is to have it. */
  private mounted: FrameOrder | null = null
  private engine: Transport | null = null
  private waiting: PromiseWithResolvers<Transport> | null = null
  private orders = 0
  /** The page with the engine that connected last, and when it goes. */
  private holder: FrameOrder | null = null
  private holderGone = Promise.withResolvers<true>()

  /** Resolves when an engine connects: at once on an open page, else when a page is opened. */
  async start(): Promise<Transport> {
    this.end()
    this.waiting = Promise.withResolvers()
    this.mountSomewhere()
    return this.waiting.promise
  }

  async stop(): Promise<void> {
    this.end()
  }

  /** A page was opened; the answer is called when it goes. */
  addPage(page: FrameOrder): () => void {
    this.pages.push(page)
    if (this.waiting && !this.mounted) this.mountSomewhere()
    return () => {
      this.pages.splice(this.pages.indexOf(page), 1)
      if (this.holder === page) this.holderGone.resolve(true)
      if (this.mounted !== page) return
      this.mounted = null
      // Its engine, if it had connected, is lost by itself: the frame's own connection closes.
      if (this.waiting) this.mountSomewhere()
    }
  }

  /** Whether an engine that connects now is the one that was asked for. */
  get expectsEngine(): boolean {
    return this.waiting !== null
  }

  /** An engine connected. @param transport only given away while `expectsEngine` */
  addEngine(transport: Transport): void {
    this.engine = transport
    this.holder = this.mounted
    this.holderGone = Promise.withResolvers()
    this.waiting?.resolve(transport)
    this.waiting = null
  }

  /** A page that is left closes its own connection and its engine's in any order, a moment apart. */
  async heldByNobody(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<false>()
    const timer = setTimeout(() => resolve(false), LEAVING_MS)
    try {
      return await Promise.race([this.holderGone.promise, promise])
    } finally {
      clearTimeout(timer)
    }
  }

  /** Without a pause, so that a stop right after a start finds it. */
  private end(): void {
    this.waiting?.reject(
      new LabError({
        code: 'engine-lost',
        what: 'the engine was ended before it connected',
        fix: 'start it again',
      }),
    )
    this.waiting = null
    this.engine?.close()
    this.engine = null
    this.mounted?.({ mount: false, number: ++this.orders })
    this.mounted = null
  }

  private mountSomewhere(): void {
    this.mounted = this.pages[0] ?? null
    this.mounted?.({ mount: true, number: ++this.orders })
  }
}
