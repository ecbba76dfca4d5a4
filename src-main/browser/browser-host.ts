// The lab in a browser: the built pages and one WebSocket per page, on this machine only.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { LabError } from '../../src-shared/contract/errors.ts'
import { labMethods, labTopics } from '../../src-shared/contract/lab-contract.ts'
import {
  type LoopbackRole,
  readProtocols,
  SOCKET_PATH,
  tokenFragment,
} from '../../src-shared/contract/loopback.ts'
import { createPeer } from '../../src-shared/contract/peer.ts'
import { socketTransport } from '../../src-shared/contract/transports.ts'
import { MAX_MESSAGE_BYTES } from '../../src-shared/contract/websocket-codec.ts'
import type { Lab } from '../core/lab.ts'
import { listPages } from '../core/pages/built-pages.ts'
import { isOurOwn, isToken } from './access.ts'
import type { PageEngineHost } from './page-engine-host.ts'
import { pathOf, serveFile } from './static-files.ts'

/** Open TCP connections; a browser uses about six for files and one per socket. */
const MAX_CONNECTIONS = 128
const MAX_PAGES = 16
/** A connection that has not sent its whole request after this long is dropped. */
const REQUEST_SECONDS = 5
/** A socket that answers no ping for this long, or reads none of what waits for it, is dropped. */
const PING_SECONDS = 15
const MAX_WAITING_BYTES = 4 * MAX_MESSAGE_BYTES

export interface BrowserHostOptions {
  lab: Pick<Lab, 'handlers' | 'subscribe'>
  /** out/renderer. */
  rendererFolder: string
  /** 0 or absent: any free port. */
  port?: number
  /** Where the engine is to run in a page, the host that the lab was opened with; absent: no page may be an engine. */
  pageEngine?: PageEngineHost
}

export interface BrowserHost {
  /** With the token in its fragment: whoever has it has the lab. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/** @throws LabError `not-found` when the pages are not built, `conflict` when the port is taken */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const { lab, rendererFolder, pageEngine } = options
  const pages = listPages(rendererFolder)
  const token = randomBytes(32).toString('base64url')

  const server = createServer(
    {
      maxHeaderSize: 8192,
      headersTimeout: REQUEST_SECONDS * 1000,
      requestTimeout: REQUEST_SECONDS * 1000,
      keepAliveTimeout: REQUEST_SECONDS * 1000,
      connectionsCheckingInterval: 1000,
    },
    (request, response) => {
      if (!isOurOwn(request.headers, port, 'file'))
        return response.writeHead(403, { Connection: 'close' }).end()
      serveFile(pages, request, response).catch(() => response.destroy())
    },
  )
  server.maxConnections = MAX_CONNECTIONS
  const port = await listen(server, options.port ?? 0)

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: protocols => [...protocols][0] ?? false,
  })
  server.on('upgrade', (request, stream, head) => {
    const access = admit(request)
    if (typeof access === 'number') return refuseUpgrade(stream, access)
    sockets.handleUpgrade(request, stream, head, socket => {
      keepAlive(socket)
      if (access === 'ui') servePage(socket)
      else pageEngine!.addEngine(socketTransport(socket))
    })
  })

  /** The role of a socket that may open, or the status that refuses it. */
  function admit({ url, method, headers }: IncomingMessage): LoopbackRole | number {
    if (!isOurOwn(headers, port, 'socket')) return 403
    if (method !== 'GET' || pathOf(url ?? '') !== SOCKET_PATH) return 404
    const asked = readProtocols(headers['sec-websocket-protocol'] ?? '')
    if (!asked || !isToken(asked.token, token)) return 401
    if (asked.role === 'engine') return pageEngine?.expectsEngine ? 'engine' : 409
    return openPages < MAX_PAGES ? 'ui' : 503
  }

  let openPages = 0
  function servePage(socket: WebSocket): void {
    openPages++
    const peer = createPeer({
      transport: socketTransport(socket),
      local: labMethods,
      handlers: lab.handlers,
      remote: {},
      incoming: {},
      outgoing: labTopics,
      onTopic: () => {},
    })
    const unsubscribe = lab.subscribe((topic, payload) => peer.publish(topic, payload))
    const removePage = pageEngine?.addPage(order => peer.publish('engineFrame', order))
    void peer.closed.then(() => {
      openPages--
      unsubscribe()
      removePage?.()
    })
  }

  const alive = new WeakSet<WebSocket>()
  function keepAlive(socket: WebSocket): void {
    alive.add(socket)
    socket.on('pong', () => alive.add(socket))
    // A malformed frame or a reset connection; `close` follows and is what everyone listens to.
    socket.on('error', () => socket.terminate())
  }
  const pinging = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!alive.delete(socket) || socket.bufferedAmount > MAX_WAITING_BYTES) socket.terminate()
      else socket.ping()
    }
  }, PING_SECONDS * 1000)

  return {
    url: `http://127.0.0.1:${port}/${tokenFragment(token)}`,
    port,
    async close() {
      clearInterval(pinging)
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new LabError(
          error.code === 'EADDRINUSE' || error.code === 'EACCES'
            ? {
                code: 'conflict',
                what: `port ${port} ${error.code === 'EACCES' ? 'is reserved by the system' : 'is in use'}`,
                fix: 'choose another --port, or none to get a free one',
              }
            : { code: 'internal', what: `the page cannot be served: ${error.message}`, fix: 'try again' },
          { cause: error },
        ),
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

function refuseUpgrade(stream: Duplex, status: number): void {
  stream.on('error', () => stream.destroy())
  stream.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    stream.destroy(),
  )
}
