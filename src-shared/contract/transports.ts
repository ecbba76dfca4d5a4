// The channels a peer runs over: a MessagePort (browser, worker, Node), Electron's port in the main process, a WebSocket.
// The ports are described by what is used of them, since DOM, Node and Electron each type them in their own way.
import type { Transport } from './peer.ts'
import { decodeMessage, encodeMessage } from './websocket-codec.ts'

/** `MessagePort` of the DOM and of node:worker_threads. */
export interface EventPort {
  postMessage(message: unknown): void
  addEventListener(type: 'message' | 'close' | 'messageerror', listen: (event: object) => void): void
  start(): void
  close(): void
}

/** Electron's `MessagePortMain`. */
export interface EmitterPort {
  postMessage(message: unknown): void
  on(type: 'message', listen: (event: { data: unknown }) => void): unknown
  on(type: 'close', listen: () => void): unknown
  start(): void
  close(): void
}

/** `WebSocket` of the DOM, and of the package ws. */
export interface Socket {
  binaryType: string
  readonly readyState: number
  send(bytes: Uint8Array<ArrayBuffer>): void
  addEventListener(type: 'message' | 'open' | 'close', listen: (event: object) => void): void
  close(code?: number, reason?: string): void
}

/** Whoever asks after the end is told too. */
function ending(): { ended(): void; onClose(closed: () => void): void } {
  let over = false
  const waiting: (() => void)[] = []
  return {
    ended() {
      over = true
      for (const closed of waiting.splice(0)) closed()
    },
    onClose(closed) {
      if (over) closed()
      else waiting.push(closed)
    },
  }
}

export function portTransport(port: EventPort): Transport {
  const { ended, onClose } = ending()
  // A message that cannot be cloned back would leave its caller waiting for ever.
  for (const type of ['close', 'messageerror'] as const)
    port.addEventListener(type, () => {
      port.close()
      ended()
    })
  return {
    post: message => port.postMessage(message),
    onMessage(receive) {
      port.addEventListener('message', event => receive((event as { data: unknown }).data))
      port.start()
    },
    onClose,
    close() {
      port.close()
      // The DOM tells only the other end of a port that it was closed.
      ended()
    },
  }
}

export function mainPortTransport(port: EmitterPort): Transport {
  const { ended, onClose } = ending()
  port.on('close', ended)
  return {
    post: message => port.postMessage(message),
    onMessage(receive) {
      port.on('message', event => receive(event.data))
      port.start()
    },
    onClose,
    close() {
      port.close()
      ended()
    },
  }
}

/** A close code of the application's range (RFC 6455 §7.4.2). */
const NOT_A_MESSAGE = 4400

const CONNECTING = 0
const OPEN = 1

/** @param socket may still be connecting: what is posted before it opens is sent when it does */
export function socketTransport(socket: Socket): Transport {
  const { ended, onClose } = ending()
  const early: Uint8Array<ArrayBuffer>[] = []
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('close', ended)
  if (socket.readyState > OPEN) ended()
  if (socket.readyState === CONNECTING)
    socket.addEventListener('open', () => {
      for (const bytes of early.splice(0)) socket.send(bytes)
    })
  return {
    post(message) {
      const bytes = encodeMessage(message)
      if (socket.readyState === CONNECTING) early.push(bytes)
      else if (socket.readyState === OPEN) socket.send(bytes)
    },
    onMessage(receive) {
      socket.addEventListener('message', event => {
        const { data } = event as { data: unknown }
        let message: unknown
        try {
          if (!(data instanceof ArrayBuffer)) throw new TypeError('not binary')
          message = decodeMessage(new Uint8Array(data))
        } catch {
          // Nobody to answer to: the other side does not speak our format.
          socket.close(NOT_A_MESSAGE, 'not a message')
          return
        }
        receive(message)
      })
    },
    onClose,
    close() {
      socket.close()
      ended()
    },
  }
}
