// The real engine in the test's own thread: no build is needed, and the test can take it away.
import { MessageChannel } from 'node:worker_threads'
import type { EngineHost } from '../../../src-main/core/engine-supervisor/engine-host.ts'
import { serveEngine } from '../../../src-renderer/engine/engine.ts'
import type { Transport } from '../../../src-shared/contract/peer.ts'
import { portTransport } from '../../../src-shared/contract/transports.ts'
import { nodePlatform } from '../../engine/engine-platform.ts'

export class EngineHere implements EngineHost {
  readonly name = 'test'
  private transport: Transport | null = null

  async start(): Promise<Transport> {
    await this.stop()
    const { port1, port2 } = new MessageChannel()
    serveEngine(portTransport(port2), nodePlatform)
    this.transport = portTransport(port1)
    return this.transport
  }

  /** As when its window or process dies. */
  async stop(): Promise<void> {
    this.transport?.close()
    this.transport = null
  }
}
