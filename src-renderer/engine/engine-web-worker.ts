// The engine in a browser's worker: WebGPU where the page has it, else TF.js's WASM.
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import wasmSimdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import wasmThreadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import { socketProtocols } from '../../src-shared/contract/loopback.ts'
import { portTransport, socketTransport } from '../../src-shared/contract/transports.ts'
import { serveEngine } from './engine.ts'

/** How the worker reaches the core. */
export type EngineChannel =
  | { port: MessagePort; socket?: undefined }
  | { socket: { address: string; token: string }; port?: undefined }

addEventListener('message', (event: MessageEvent<EngineChannel>) => {
  const { port, socket } = event.data
  const transport = port
    ? portTransport(port)
    : socketTransport(new WebSocket(socket.address, socketProtocols('engine', socket.token)))
  serveEngine(transport, {
    gpu: navigator.gpu,
    runtime: `Chromium ${/Chrome\/(\d+)/.exec(navigator.userAgent)?.[1] ?? navigator.userAgent}`,
    wasmUrls: async () => ({
      'tfjs-backend-wasm.wasm': wasmUrl,
      'tfjs-backend-wasm-simd.wasm': wasmSimdUrl,
      'tfjs-backend-wasm-threaded-simd.wasm': wasmThreadedUrl,
    }),
  })
})
