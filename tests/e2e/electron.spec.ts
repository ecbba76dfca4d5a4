// The desktop shell in a real Electron: what no other host can show. Skipped where Electron's binary cannot be had.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ElectronApplication, _electron as electron, expect, type Page, test } from '@playwright/test'
import { browserNeedsNoSandbox, hasDisplay } from '../../build/set-up/browser.mjs'
import { findElectron, sandboxProblem } from '../../build/set-up/electron.mjs'

const program = findElectron()
const noSandbox = browserNeedsNoSandbox()

test.skip(
  program === null,
  'Electron’s binary is not here: its download from github.com failed or was not tried',
)
test.skip(!hasDisplay(), 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY)')
test.skip(
  program !== null && sandboxProblem(program) !== null,
  'this system forbids Electron its sandbox (unprivileged user namespaces)',
)

test.describe.configure({ mode: 'serial' })

let folder: string
let app: ElectronApplication
let ui: Page

const engineOf = () => app.windows().find(page => page.url().endsWith('/engine.html'))

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'andromeda-electron-'))
  app = await electron.launch({
    executablePath: program!,
    args: [
      ...(noSandbox ? ['--no-sandbox'] : []),
      '.',
      `--user-data-dir=${join(folder, 'user')}`,
      `--workspace=${join(folder, 'workspace')}`,
    ],
  })
  await expect
    .poll(() =>
      app
        .windows()
        .map(page => new URL(page.url()).pathname)
        .sort(),
    )
    .toEqual(['/engine.html', '/index.html'])
  ui = app.windows().find(page => page.url().endsWith('/index.html'))!
})

test.afterAll(async () => {
  await app?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('opens one visible window, titled Andromeda, and draws the app in it', async () => {
  await expect(ui).toHaveTitle(/Andromeda/)
  await expect(ui.locator('#root > *').first()).toBeAttached()
  const visible = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(window => ({ title: window.getTitle(), visible: window.isVisible() })),
  )
  expect(visible.filter(window => window.visible)).toHaveLength(1)
  expect(visible).toHaveLength(2)
})

test('both pages come from app://lab and are cross-origin isolated', async () => {
  for (const page of [ui, engineOf()!]) {
    expect(page.url()).toMatch(/^app:\/\/lab\//)
    expect(await page.evaluate(() => crossOriginIsolated && typeof SharedArrayBuffer === 'function')).toBe(
      true,
    )
  }
})

test('pages have neither Node nor Electron, only the two functions of the preload', async () => {
  for (const page of [ui, engineOf()!])
    expect(
      await page.evaluate(() =>
        ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter(
          name => name in globalThis,
        ),
      ),
    ).toEqual([])
  expect(await ui.evaluate(() => Object.keys((window as { andromeda?: object }).andromeda ?? {}))).toEqual([
    'connect',
    'grantFiles',
  ])
})

test('every window is sandboxed and isolated', async () => {
  const preferences = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map(contents => {
      const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = (
        contents as unknown as { getLastWebPreferences(): Electron.WebPreferences }
      ).getLastWebPreferences()
      return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag }
    }),
  )
  expect(preferences).toHaveLength(2)
  for (const one of preferences)
    expect(one).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    })
})

test('no request leaves the app, not even from a page without a policy of its own', async () => {
  let requests = 0
  const server = createServer((_, response) => {
    requests++
    response.end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await fetch(url)
  expect(requests).toBe(1)
  const ask = `fetch(${JSON.stringify(url)}, { mode: 'no-cors' }).then(() => 'answered', () => 'refused')`
  const bare = await app.evaluate(async ({ BrowserWindow }, script) => {
    const window = new BrowserWindow({ show: false })
    await window.loadURL('data:text/html,hello')
    const outcome = await window.webContents.executeJavaScript(script)
    window.destroy()
    return outcome
  }, ask)
  expect(bare).toBe('refused')
  expect(await ui.evaluate(ask)).toBe('refused')
  expect(requests).toBe(1)
  server.close()
})

test('the window can neither be led away nor open another', async () => {
  const before = ui.url()
  await ui.evaluate(() => {
    location.href = 'https://example.com/'
  })
  expect(await ui.evaluate(() => window.open('https://example.com/'))).toBe(null)
  await ui.waitForTimeout(500)
  expect(ui.url()).toBe(before)
  expect(app.windows()).toHaveLength(2)
})

test('permissions are refused', async () => {
  const state = await ui.evaluate(() =>
    navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'granted',
      (error: Error) => error.name,
    ),
  )
  expect(state).toMatch(/NotAllowedError|NotFoundError/)
})

test('the engine answers: the status line names the device that computes', async () => {
  const status = await ui.evaluate(async () => {
    const body = document.body
    for (let i = 0; i < 100 && !/WebGPU|WASM|CPU/i.test(body.innerText); i++)
      await new Promise(resolve => setTimeout(resolve, 200))
    return body.innerText
  })
  expect(status).toMatch(/WebGPU|WASM|CPU/i)
})

test('a second start leaves the first alone and ends', async () => {
  const exitCode = await app.evaluate(async ({ app: main }) => {
    const { spawn } = process.getBuiltinModule('node:child_process')
    const child = spawn(
      process.execPath,
      process.argv.slice(1).filter(arg => !arg.startsWith('--remote')),
      {
        stdio: 'ignore',
        cwd: main.getAppPath(),
      },
    )
    return await new Promise<number | null>(resolve => child.on('exit', resolve))
  })
  expect(exitCode).toBe(0)
  await expect(ui).toHaveTitle(/Andromeda/)
})
