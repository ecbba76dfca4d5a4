// How this window reaches the core: the port that the Electron preload hands over, else the WebSocket of the loopback
// host, whose token stands in the address after the #.
import { channels } from '../../src-shared/contract/channels.ts'
import { LabError } from '../../src-shared/contract/errors.ts'
import { SOCKET_PATH, socketProtocols, tokenOf } from '../../src-shared/contract/loopback.ts'
import type { Transport } from '../../src-shared/contract/peer.ts'
import { portTransport, socketTransport } from '../../src-shared/contract/transports.ts'

/** What the preload exposes (src-preload/ui.ts). */
export interface DesktopBridge {
  /** Asks for a port; it arrives as a window message `channels.port` with one transferred port. */
  connect(): void
  /** Opaque file ids for what was dropped or picked; the paths stay in the main process. */
  grantFiles(files: File[]): Promise<string[]>
}
declare global {
  interface Window {
    readonly andromeda?: DesktopBridge
  }
}

const OPEN_TIMEOUT_MS = 10_000

/** @throws LabError `unsupported` when the page has no lab behind it, `engine-lost` when the lab does not answer */
export async function openTransport(): Promise<Transport> {
  const bridge = window.andromeda
  if (bridge) return portTransport(await requestPort(bridge))
  const token = tokenOf(location.hash)
  if (!token)
    throw new LabError({
      code: 'unsupported',
      what: 'this page was opened without the token of a running lab',
      fix: 'start the app with npm start and use the address that it prints',
    })
  return socketTransport(await openSocket(token))
}

const noAnswer = (what: string): LabError =>
  new LabError({
    code: 'engine-lost',
    what,
    fix: 'start the app again if it does not come back by itself; a browser needs the new address',
  })

function requestPort(bridge: DesktopBridge): Promise<MessagePort> {
  const { promise, resolve, reject } = Promise.withResolvers<MessagePort>()
  const timer = setTimeout(() => reject(noAnswer('the main process gave no port')), OPEN_TIMEOUT_MS)
  const take = (event: MessageEvent) => {
    const port = event.ports[0]
    if (event.source === window && event.data === channels.port && port) resolve(port)
  }
  window.addEventListener('message', take)
  bridge.connect()
  return promise.finally(() => {
    clearTimeout(timer)
    window.removeEventListener('message', take)
  })
}

function openSocket(token: string): Promise<WebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>()
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = new WebSocket(`${scheme}://${location.host}${SOCKET_PATH}`, socketProtocols('ui', token))
  const timer = setTimeout(() => reject(noAnswer('the lab does not answer')), OPEN_TIMEOUT_MS)
  socket.addEventListener('open', () => resolve(socket), { once: true })
  socket.addEventListener('close', () => reject(noAnswer('the lab is not running')), { once: true })
  return promise.finally(() => clearTimeout(timer))
}
