// The two windows, and the only place where windows are made: hardened, known by role, loaded from our own scheme.
import { join } from 'node:path'
import {
  BrowserWindow,
  MessageChannelMain,
  nativeTheme,
  type WebContents,
  type WebPreferences,
} from 'electron'
import { channels } from '../../src-shared/contract/channels.ts'
import type { Transport } from '../../src-shared/contract/peer.ts'
import { mainPortTransport } from '../../src-shared/contract/transports.ts'
import { pageUrl } from './app-scheme.ts'
import type { EnginePage } from './engine-window.ts'
import type { Role } from './trust.ts'
import { MINIMUM_SIZE, type WindowState } from './window-state.ts'

const rolesByContents = new Map<number, Role>()
/** webContents id → role, of every window that is open. */
export const roles: ReadonlyMap<number, Role> = rolesByContents

const preferences = (role: Role): WebPreferences => ({
  preload: join(import.meta.dirname, '..', 'preload', `${role}.cjs`),
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  webviewTag: false,
})

function enrol(window: BrowserWindow, role: Role): void {
  const { id } = window.webContents
  rolesByContents.set(id, role)
  window.webContents.once('destroyed', () => rolesByContents.delete(id))
}

/** Shown once it has something to show. */
export function openUiWindow(state: WindowState, devServer?: string): BrowserWindow {
  const window = new BrowserWindow({
    ...state.bounds,
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    show: false,
    title: 'Andromeda',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff',
    autoHideMenuBar: true,
    webPreferences: preferences('ui'),
  })
  enrol(window, 'ui')
  if (state.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  void window.loadURL(pageUrl('index', devServer))
  return window
}

export function openEnginePage(devServer?: string): EnginePage {
  const window = new BrowserWindow({
    show: false,
    title: 'Andromeda engine',
    webPreferences: { ...preferences('engine'), backgroundThrottling: false, disableDialogs: true },
  })
  enrol(window, 'engine')
  return {
    webContentsId: window.webContents.id,
    load: () => window.loadURL(pageUrl('engine', devServer)),
    onGone(gone) {
      window.webContents.once('render-process-gone', (_, { reason }) => gone(`its process ended (${reason})`))
      window.once('closed', () => gone('it was closed'))
    },
    sendPort: () => sendPort(window.webContents),
    destroy() {
      if (!window.isDestroyed()) window.destroy()
    },
  }
}

/** Gives a page one end of a new channel; the answer is the other. */
export function sendPort(contents: WebContents): Transport {
  const { port1, port2 } = new MessageChannelMain()
  contents.postMessage(channels.port, null, [port2])
  return mainPortTransport(port1)
}
