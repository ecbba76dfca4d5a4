// What computes: the device that an engine has opened. Runs keep its fingerprint, benches the whole.
import * as v from 'valibot'
import { count } from './method.ts'

export const backendChoice = v.picklist(['auto', 'webgpu', 'wasm', 'cpu'])
export type BackendChoice = v.InferOutput<typeof backendChoice>

/** FLOP/s of a small training step on both, and which was taken. */
export const calibration = v.object({
  /** What was compared: GPU, threads, runtime. Another is calibrated anew. */
  hardware: v.string(),
  webgpu: v.number(),
  wasm: v.number(),
  chosen: v.picklist(['webgpu', 'wasm']),
  /** With a wider model, where the CPU won: starting kernels may be all that a GPU's time went to. */
  wide: v.optional(v.object({ webgpu: v.number(), wasm: v.number() })),
})
export type Calibration = v.InferOutput<typeof calibration>

export const deviceInfo = v.object({
  backend: v.picklist(['webgpu', 'wasm', 'cpu']),
  kernels: v.picklist(['composed', 'simd', 'fused']),
  /** What a person recognises: `Apple M3`, `SwiftShader (software)`, `CPU, 1 thread`. */
  adapter: v.string(),
  /** Why this backend: `no WebGPU adapter was found` … */
  reason: v.string(),
  /** A GPU emulated on the CPU: slower than the CPU itself. */
  software: v.boolean(),
  features: v.array(v.string()),
  limits: v.record(v.string(), v.number()),
  /** Bits are only promised between equal fingerprints: adapter, driver, TF.js, kernels, and runtime but for CPU kernels. */
  fingerprint: v.string(),
  /** Where the engine runs: `Chromium 156`, `Node 24.21.0`. */
  runtime: v.string(),
  /** CPU threads that compute; 1 where a GPU does. They change no bit. */
  threads: count,
  /** How `auto` chose between a GPU and the CPU cores, where it had to. */
  calibration: v.optional(calibration),
})
export type DeviceInfo = v.InferOutput<typeof deviceInfo>
