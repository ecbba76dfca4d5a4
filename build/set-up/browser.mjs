// A Chromium for the tests and, where Electron cannot be had, for the app: found, installed, or advice.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { environment, firstLine, runProgram, tool } from './project.mjs'
import { say } from './say.mjs'

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Where the browsers of this family install themselves, best first. @returns {string[]} */
function usualPlaces() {
  if (process.platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge']
    return ['/Applications', join(homedir(), 'Applications')].flatMap(folder =>
      apps.map(app => join(folder, `${app}.app`, 'Contents', 'MacOS', app)),
    )
  }
  if (process.platform === 'win32') {
    const files = [
      ['Google', 'Chrome', 'Application', 'chrome.exe'],
      ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
      ['Chromium', 'Application', 'chrome.exe'],
    ]
    const folders = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    return files.flatMap(file => folders.flatMap(folder => (folder ? [join(folder, ...file)] : [])))
  }
  const names = [
    'chromium',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
    'microsoft-edge-stable',
    'chromium-browser',
  ]
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/bin',
    '/opt/google/chrome',
    '/snap/bin',
  ]
  return names.flatMap(name => folders.filter(Boolean).map(folder => join(folder, name)))
}

/** Ubuntu's `chromium-browser` without snap is a script that only says how to install one: ask it its version. */
function works(/** @type {string} */ path) {
  // On Windows `--version` opens a window instead.
  return isExecutable(path) && (process.platform === 'win32' || firstLine(path, ['--version']) !== null)
}

/** The Chromium that Playwright keeps, when it was downloaded. @returns {string | null} */
function playwrightsOwn() {
  const { chromium } = createRequire(import.meta.url)('playwright-core')
  const path = chromium.executablePath()
  return existsSync(path) ? path : null
}

/** @returns {string | null} */
function findBrowser() {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (works(named)) return named
    say(`CHROMIUM_PATH is ${named}, which does not start; looking elsewhere.`)
  }
  return usualPlaces().find(works) ?? playwrightsOwn()
}

function isDebian() {
  if (process.platform !== 'linux' || !existsSync('/etc/os-release')) return false
  // On Ubuntu the package of that name only fetches a snap.
  return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8')) && existsSync('/usr/bin/apt-get')
}

/** Debian's own package, with the Vulkan loader that Dawn for Node needs too. Only as root: nothing asks for a password. */
async function installFromDebian() {
  if (!isDebian() || process.getuid?.() !== 0) return false
  say('Installing chromium and libvulkan1 with apt-get (once) …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = () =>
    runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'libvulkan1'], {
      env,
      timeoutMs: 600_000,
    })
  if ((await install()).code === 0) return true
  await runProgram('apt-get', ['update', '-qq'], { env, timeoutMs: 300_000 })
  const { code, output } = await install()
  if (code !== 0) say(`apt-get could not install it: ${output.trim().split('\n').at(-1)}`)
  return code === 0
}

/** @param {string} node */
async function downloadWithPlaywright(node) {
  say('Downloading the Chromium that Playwright keeps (once, about 180 MB) …')
  const { code, output } = await runProgram(node, [tool('@playwright/test'), 'install', 'chromium'], {
    env: environment(node),
    timeoutMs: 600_000,
  })
  if (code !== 0) say(`The download failed: ${output.match(/Error: .*/)?.[0] ?? 'no network?'}`)
  return code === 0
}

/**
 * Path of a browser of the Chromium family, installed if need be.
 * @param {string} node
 * @returns {Promise<string | null>} null: none can be had, and the advice was printed
 */
export async function setUpBrowser(node) {
  const found = findBrowser()
  if (found) return found
  for (const install of [installFromDebian, () => downloadWithPlaywright(node)])
    if (await install()) {
      const installed = findBrowser()
      if (installed) return installed
    }
  say(
    'No Chromium, Chrome or Edge was found and none could be installed. Install one, or set CHROMIUM_PATH to its program.',
  )
  return null
}

/**
 * A Vulkan driver that computes on the CPU, for kernel tests on a machine without a GPU: the SwiftShader that
 * Chromium ships. Only Linux lets a driver be chosen this way.
 * @param {string | null} browser
 * @returns {NodeJS.ProcessEnv} variables to set; none when a driver was chosen already or a GPU is there
 */
export function softwareVulkan(browser) {
  if (process.platform !== 'linux' || process.env.VK_ICD_FILENAMES || process.env.VK_DRIVER_FILES) return {}
  if (existsSync('/dev/dri/renderD128') || existsSync('/dev/nvidiactl')) return {}
  const folders = ['/usr/lib/chromium', '/opt/google/chrome', '/opt/microsoft/msedge']
  if (browser) folders.unshift(join(browser, '..'))
  const driver = folders.map(folder => join(folder, 'vk_swiftshader_icd.json')).find(existsSync)
  return driver ? { VK_ICD_FILENAMES: driver } : {}
}

/** Chromium refuses its sandbox to root; containers and CI run as root. */
export const browserNeedsNoSandbox = () => process.platform === 'linux' && process.getuid?.() === 0

/** Whether windows can be shown here. */
export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
