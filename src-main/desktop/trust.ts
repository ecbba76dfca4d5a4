// Whom the main process believes: which pages are ours, who may send on a channel, where a request may go, what a page
// may ask for. Pure, so that every answer is tested.
import { APP_HOST, APP_SCHEME, type PageName, pageUrl } from './app-scheme.ts'

export type Role = 'ui' | 'engine'
const pageOf: Record<Role, PageName> = { ui: 'index', engine: 'engine' }

const parts = (url: string) => {
  const parsed = URL.parse(url)
  // `origin` is "null" for schemes that Node does not know.
  return parsed && { origin: `${parsed.protocol}//${parsed.host}`, path: parsed.pathname }
}

/** @param devServer address of the Vite server, only while developing */
export function isOwnPage(url: string, role: Role, devServer?: string): boolean {
  const given = parts(url)
  const own = parts(pageUrl(pageOf[role], devServer))!
  return given !== null && given.origin === own.origin && given.path === own.path
}

export interface Sender {
  readonly webContentsId: number
  /** Address of the sending frame; null when the frame is gone. */
  readonly url: string | null
  readonly isMainFrame: boolean
}

/**
 * @param windows the roles of the windows that we opened ourselves
 * @returns true when the message comes from the main frame of our own page, in the window of that role
 */
export function isFrom(
  role: Role,
  sender: Sender,
  windows: ReadonlyMap<number, Role>,
  devServer?: string,
): boolean {
  return (
    windows.get(sender.webContentsId) === role &&
    sender.isMainFrame &&
    sender.url !== null &&
    isOwnPage(sender.url, role, devServer)
  )
}

/** Nothing leaves this machine: only our own pages, what they made themselves, and the developer tools may be loaded. */
export function mayRequest(url: string, devServer?: string): boolean {
  const given = URL.parse(url)
  if (!given) return false
  if (given.protocol === `${APP_SCHEME}:`) return given.host === APP_HOST
  if (['data:', 'blob:', 'devtools:'].includes(given.protocol)) return true
  const server = devServer ? URL.parse(devServer) : null
  return (
    server !== null && given.host === server.host && [server.protocol, 'ws:', 'wss:'].includes(given.protocol)
  )
}

/** Copying text, and telling that a run is done. */
export const mayHave = (permission: string, role: Role | undefined): boolean =>
  role === 'ui' && ['clipboard-sanitized-write', 'notifications'].includes(permission)
