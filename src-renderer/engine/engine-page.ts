// Entry of engine.html, the hidden page of the engine. It does nothing but start the worker that computes and hand it
// its channel to the core: the port that the desktop's preload brings, or the address of the loopback host's socket.
import { channels } from '../../src-shared/contract/channels.ts'
import { SOCKET_PATH, tokenOf } from '../../src-shared/contract/loopback.ts'
import type { EngineChannel } from './engine-web-worker.ts'

const worker = new Worker(new URL('./engine-web-worker.ts', import.meta.url), { type: 'module' })

const token = tokenOf(location.hash)
if (token) {
  const address = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${SOCKET_PATH}`
  worker.postMessage({ socket: { address, token } } satisfies EngineChannel)
} else {
  // The preload passes the core's port on to this world, once.
  addEventListener('message', function receive(event) {
    const [port] = event.ports
    if ((event.source as unknown) !== globalThis || event.data !== channels.enginePort || !port) return
    removeEventListener('message', receive)
    worker.postMessage({ port } satisfies EngineChannel, [port])
  })
}
