// WebGPU in Node: Dawn, from the npm package webgpu. It is native code, and a driver that crashes in it would take the
// whole program along. So it is loaded only when an adapter is asked for, and only after a process of its own has opened
// a device and come back alive; that process also keeps the noise that Vulkan loaders print where there is no GPU.
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const PROBE_TIMEOUT_MS = 20_000
/** Run by the probing process, which is given the package's address. */
const probe = `
  const { create } = await import(process.argv[1])
  const gpu = create([])
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  const device = await adapter?.requestDevice()
  device?.destroy()
  process.exit(device ? 0 : 3)
`
const NO_ADAPTER = 3

/** `ready`, `none` (no adapter, or no package for this system), or what went wrong. */
export type DawnProbe = 'ready' | 'none' | { readonly crashed: string }

/** @param packageUrl of the package's entry; null = it is not installed */
export function probeDawn(packageUrl: string | null = dawnUrl()): Promise<DawnProbe> {
  if (packageUrl === null) return Promise.resolve('none')
  return new Promise(resolve => {
    execFile(
      process.execPath,
      ['--input-type=module', '--eval', probe, packageUrl],
      { timeout: PROBE_TIMEOUT_MS },
      (error, _, stderr) => {
        if (!error) resolve('ready')
        else if (error.code === NO_ADAPTER) resolve('none')
        else if (error.killed) resolve({ crashed: `it gave no device in ${PROBE_TIMEOUT_MS / 1000} s` })
        else if (error.signal) resolve({ crashed: `the driver ended with ${error.signal}` })
        else resolve({ crashed: stderr.match(/^\w*Error: .*/m)?.[0] ?? `it ended with code ${error.code}` })
      },
    )
  })
}

function dawnUrl(): string | null {
  try {
    return pathToFileURL(createRequire(import.meta.url).resolve('webgpu')).href
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null
    throw error
  }
}

// Dawn forgets its instance, and every device of it, when this is collected.
let dawn: GPU | undefined

/** `navigator.gpu` for the engine; no adapter where Dawn cannot be used. */
export const lazyDawn: Pick<GPU, 'requestAdapter'> = {
  async requestAdapter(options) {
    if (!dawn) {
      const probed = await probeDawn()
      if (typeof probed === 'object')
        process.stderr.write(`WebGPU is not used: ${probed.crashed}. The CPU is used instead.\n`)
      if (probed !== 'ready') return null
      const { create, globals } = await import('webgpu')
      Object.assign(globalThis, globals)
      dawn = create([]) as GPU
    }
    return dawn.requestAdapter(options)
  },
}
