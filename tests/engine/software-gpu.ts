// Dawn on the software driver that Chromium ships: a WebGPU device on every machine with a Chromium.
import { existsSync } from 'node:fs'
import { afterAll, beforeAll } from 'vitest'

export const SWIFTSHADER = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
].find(path => existsSync(path))

/** What a describe says of it. */
export const onSoftwareGpu = `on Dawn with SwiftShader${SWIFTSHADER ? '' : ' (not installed here)'}`

/** For the tests of a describe: `use` is given Dawn before them. */
export function withSoftwareGpu(use: (gpu: GPU) => void): void {
  const before = process.env.VK_ICD_FILENAMES
  beforeAll(async () => {
    process.env.VK_ICD_FILENAMES = SWIFTSHADER
    const { create, globals } = await import('webgpu')
    Object.assign(globalThis, globals)
    use(create([]))
  })
  afterAll(() => {
    if (before === undefined) delete process.env.VK_ICD_FILENAMES
    else process.env.VK_ICD_FILENAMES = before
  })
}
