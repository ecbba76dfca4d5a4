// The engine in a hidden window: a window that is never shown computes unthrottled, on the GPU process of the browser.
import { LabError } from '../../src-shared/contract/errors.ts'
import type { Transport } from '../../src-shared/contract/peer.ts'
import type { EngineHost } from '../core/engine-supervisor/engine-host.ts'

/** One hidden window with engine.html, as windows.ts makes it. */
export interface EnginePage {
  readonly webContentsId: number
  /** Rejects when the page cannot be loaded. */
  load(): Promise<void>
  /** Its process ended, or somebody closed it. */
  onGone(gone: (reason: string) => void): void
  /** Gives the page one end of a new channel; the answer is the other. */
  sendPort(): Transport
  destroy(): void
}

export class EngineWindow implements EngineHost {
  readonly name = 'hidden window'
  private readonly open: () => EnginePage
  private page: EnginePage | null = null
  private transport: Transport | null = null
  private waiting: PromiseWithResolvers<Transport> | null = null

  constructor(open: () => EnginePage) {
    this.open = open
  }

  /** @throws LabError `engine-lost` when the window goes before its page has connected */
  async start(): Promise<Transport> {
    await this.stop()
    const waiting = Promise.withResolvers<Transport>()
    this.waiting = waiting
    const page = this.open()
    this.page = page
    page.onGone(reason => this.gone(page, reason))
    page.load().catch((error: Error) => this.gone(page, error.message))
    return waiting.promise
  }

  async stop(): Promise<void> {
    if (this.page) this.gone(this.page, 'it was ended')
  }

  /** The page in this window is ready for its port. */
  connect(webContentsId: number): void {
    if (!this.page || !this.waiting || this.page.webContentsId !== webContentsId) return
    this.transport = this.page.sendPort()
    this.waiting.resolve(this.transport)
    this.waiting = null
  }

  private gone(page: EnginePage, reason: string): void {
    // A window that was replaced still reports its own end.
    if (page !== this.page) return
    this.page = null
    this.waiting?.reject(
      new LabError({
        code: 'engine-lost',
        what: `the engine's window could not start: ${reason}`,
        fix: 'try again',
      }),
    )
    this.waiting = null
    this.transport?.close()
    this.transport = null
    page.destroy()
  }
}
