// A test with its own lab: the built app served over an empty workspace, open in a page that is watched. Whatever the
// test looks at, it fails when the page logs an error, breaks its policy, or asks anything of another host.
import { test as base, expect, type Page } from '@playwright/test'
import { type Backend, type LabProcess, startLab } from './lab-process.ts'

/** Software WebGPU compiles each shader for a good part of a second, and other programs may hold the cores. */
export const ENGINE_TIMEOUT = 120_000

interface Fixtures {
  backend: Backend
  /** One that is there already, and stays; undefined = a new and empty one. */
  workspace: string | undefined
  lab: LabProcess
}

export const test = base.extend<Fixtures>({
  backend: ['wasm', { option: true }],
  workspace: [undefined, { option: true }],
  lab: async ({ page, backend, workspace }, use) => {
    const lab = await startLab(backend, workspace)
    const complaints = watch(page, lab)
    try {
      await page.goto(lab.url)
      await expect(statusLine(page)).toContainText(backendNames[backend], { timeout: ENGINE_TIMEOUT })
      await use(lab)
      expect(complaints, 'what the page logged or asked of others').toEqual([])
    } finally {
      await page.close()
      await lab.stop()
    }
  },
})

const backendNames = { webgpu: 'WebGPU', wasm: 'WASM' } as const

export const statusLine = (page: Page) => page.getByRole('contentinfo')

/** Grows as the page does what it must not. */
function watch(page: Page, lab: LabProcess): string[] {
  const complaints: string[] = []
  const hosts = new Set<string>()
  const ask = (url: string) => {
    const { protocol, host } = new URL(url)
    hosts.add(new URL(lab.url).host)
    if (!hosts.has(host) && protocol !== 'data:' && protocol !== 'blob:') complaints.push(`asked for ${url}`)
  }
  page.on('request', request => ask(request.url()))
  page.on('websocket', socket => ask(socket.url()))
  page.on('console', message => {
    // The browser's own word for a lab that was killed; the page tells the person in its own.
    const refused = message.text().includes('ERR_CONNECTION_REFUSED')
    if (message.type() === 'error' && !refused) complaints.push(`logged: ${message.text()}`)
  })
  page.on('pageerror', error => complaints.push(`threw: ${error.stack}`))
  page.on('dialog', dialog => {
    // The browser's own question, when a page that trains is left.
    if (dialog.type() === 'beforeunload') return void dialog.accept()
    complaints.push(`opened a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('popup', popup => complaints.push(`opened ${popup.url()}`))
  return complaints
}
