// The engine in a worker thread of this process.
import { MessageChannel, Worker } from 'node:worker_threads'
import { LabError } from '../../src-shared/contract/errors.ts'
import type { Transport } from '../../src-shared/contract/peer.ts'
import { portTransport } from '../../src-shared/contract/transports.ts'
import type { EngineHost } from '../core/engine-supervisor/engine-host.ts'
import { workerUrl } from '../core/jobs/worker.ts'

export class NodeEngineHost implements EngineHost {
  readonly name = 'Node worker'
  private worker: Worker | null = null
  private readonly url: URL

  constructor(url = workerUrl('engine-worker', new URL('./engine-worker.ts', import.meta.url))) {
    this.url = url
  }

  /** @throws LabError `unsupported` when the worker cannot even load: starting it again would not help */
  async start(): Promise<Transport> {
    await this.stop()
    const { port1, port2 } = new MessageChannel()
    const worker = new Worker(this.url, { workerData: { port: port2 }, transferList: [port2] })
    this.worker = worker
    const transport = portTransport(port1)
    await new Promise<void>((resolve, reject) => {
      const cannotLoad = (reason: string, cause?: Error) => {
        transport.close()
        reject(
          new LabError(
            {
              code: 'unsupported',
              what: `the engine does not load: ${reason}`,
              fix: 'install the app again',
              ...(cause?.stack ? { details: cause.stack } : {}),
            },
            { cause },
          ),
        )
      }
      worker.once('message', () => resolve())
      worker.once('error', error => cannotLoad(error.message, error))
      worker.once('exit', code => cannotLoad(`its thread ended with code ${code}`))
    })
    // From now on the closed port tells the supervisor; why is told here, where it can still be seen.
    worker.on('error', error => process.stderr.write(`The engine failed: ${error.stack ?? error.message}\n`))
    worker.once('exit', () => transport.close())
    return transport
  }

  async stop(): Promise<void> {
    const worker = this.worker
    this.worker = null
    await worker?.terminate()
  }
}

/** For commands that compute nothing: the engine is never started. */
export const noEngineHost: EngineHost = {
  name: 'terminal',
  start: () => new Promise<Transport>(() => {}),
  stop: async () => {},
}
