// The engine in a browser's worker: WebGPU where the page has it, else the CPU cores.

import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import wasmSimdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import wasmThreadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import plainUrl from '../../out/kernels/plain.wasm?url'
import plainSharedUrl from '../../out/kernels/plain-shared.wasm?url'
import relaxedUrl from '../../out/kernels/relaxed.wasm?url'
import relaxedSharedUrl from '../../out/kernels/relaxed-shared.wasm?url'
import { socketProtocols } from '../../src-shared/contract/loopback.ts'
import { portTransport, socketTransport } from '../../src-shared/contract/transports.ts'
import { serveEngine } from './engine.ts'
import type { SimdBuild } from './kernels/simd/simd-module.ts'
import type { KernelThread, ThreadStart } from './kernels/simd/thread.ts'

const kernelUrls = {
  plain: plainUrl,
  'plain-shared': plainSharedUrl,
  relaxed: relaxedUrl,
  'relaxed-shared': relaxedSharedUrl,
}

async function simdModule(build: SimdBuild): Promise<ArrayBuffer> {
  const response = await fetch(kernelUrls[build])
  if (!response.ok) throw new Error(`the CPU kernels could not be loaded: ${response.status}, ${build}`)
  return response.arrayBuffer()
}

function startThread(start: ThreadStart): Promise<KernelThread> {
  const worker = new Worker(new URL('./kernels/simd/thread-web-worker.ts', import.meta.url), {
    type: 'module',
  })
  return new Promise((resolve, reject) => {
    worker.onerror = event => reject(new Error(`a kernel thread does not start: ${event.message}`))
    worker.onmessage = () => resolve(worker)
    worker.postMessage(start)
  })
}

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
    // Memory can only be shared between threads where the page is isolated from other sites.
    cores: crossOriginIsolated ? navigator.hardwareConcurrency : 1,
    simdModule,
    startThread,
  })
})
