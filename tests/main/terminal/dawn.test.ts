// Dawn is tried in a process of its own: whatever a driver does there, this one lives and says why.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { probeDawn } from '../../../src-main/terminal/dawn.ts'

const folder = mkdtempSync(join(tmpdir(), 'andromeda-dawn-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A package that behaves as `webgpu` does with the driver in question. */
function packageOf(name: string, code: string): string {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, code)
  return pathToFileURL(file).href
}
const adapter = (requestDevice: string) =>
  `export const create = () => ({ requestAdapter: async () => ({ requestDevice: async () => { ${requestDevice} } }) })`

describe('the probe of Dawn', () => {
  it('says ready when a device opens', async () => {
    expect(await probeDawn(packageOf('good', adapter('return { destroy() {} }')))).toBe('ready')
  })

  it('says none without an adapter or without the package', async () => {
    expect(
      await probeDawn(
        packageOf('none', 'export const create = () => ({ requestAdapter: async () => null })'),
      ),
    ).toBe('none')
    expect(await probeDawn(null)).toBe('none')
  })

  it.skipIf(process.platform === 'win32')(
    'survives a driver that crashes, and names the signal',
    async () => {
      const crash = packageOf(
        'crash',
        adapter('process.kill(process.pid, "SIGSEGV"); await new Promise(() => {})'),
      )
      expect(await probeDawn(crash)).toEqual({ crashed: 'the driver ended with SIGSEGV' })
    },
  )

  it('says why a device does not open, or a library does not load', async () => {
    expect(await probeDawn(packageOf('limits', adapter('throw new RangeError("too many limits")')))).toEqual({
      crashed: 'RangeError: too many limits',
    })
    expect(await probeDawn(packageOf('load', 'throw new Error("libvulkan.so.1: cannot open")'))).toEqual({
      crashed: 'Error: libvulkan.so.1: cannot open',
    })
  })

  it('answers for the package itself on this machine', async () => {
    expect(await probeDawn()).toBeOneOf(['ready', 'none'])
  })
})
