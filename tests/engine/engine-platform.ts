// The platform that the engine's tests run on: Node, WASM from the package, Dawn on a software driver where asked for.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { EnginePlatform, WasmFile } from '../../src-renderer/engine/device.ts'

const wasmFolder = dirname(
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'),
)
const dataUrl = (file: WasmFile) =>
  `data:application/wasm;base64,${readFileSync(join(wasmFolder, file)).toString('base64')}`

export const nodePlatform: EnginePlatform = {
  gpu: undefined,
  runtime: `Node ${process.versions.node}`,
  wasmUrls: async () => ({
    'tfjs-backend-wasm.wasm': dataUrl('tfjs-backend-wasm.wasm'),
    'tfjs-backend-wasm-simd.wasm': dataUrl('tfjs-backend-wasm-simd.wasm'),
    'tfjs-backend-wasm-threaded-simd.wasm': dataUrl('tfjs-backend-wasm-threaded-simd.wasm'),
  }),
}
