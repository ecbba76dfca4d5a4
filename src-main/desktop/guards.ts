// Electron's doors, all shut by what trust.ts decides: requests, permissions, navigation, new windows, webviews.
import { readFile } from 'node:fs/promises'
import { app, type Session } from 'electron'
import { APP_SCHEME, answerFor } from './app-scheme.ts'
import { isOwnPage, mayHave, mayRequest, type Role } from './trust.ts'

/** @param pages URL path → file, what app://lab/ serves */
export function guardSession(
  session: Session,
  pages: ReadonlyMap<string, string>,
  roles: ReadonlyMap<number, Role>,
  devServer?: string,
): void {
  session.protocol.handle(APP_SCHEME, async ({ method, url }) => {
    const answer = answerFor(pages, method, url)
    if (answer.status !== 200) return new Response(null, { status: answer.status })
    const body = method === 'HEAD' ? null : await readFile(answer.file)
    return new Response(body, { headers: answer.headers })
  })
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayRequest(url, devServer) }))
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(mayHave(permission, roles.get(contents.id))),
  )
  session.setPermissionCheckHandler(
    (contents, permission) => contents !== null && mayHave(permission, roles.get(contents.id)),
  )
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_, answer) => answer(null))
}

/** Holds for every page that is ever made, ours or not. */
export function guardPages(roles: ReadonlyMap<number, Role>, devServer?: string): void {
  app.on('web-contents-created', (_, contents) => {
    const stay = (event: { url: string; preventDefault(): void }) => {
      const role = roles.get(contents.id)
      if (!role || !isOwnPage(event.url, role, devServer)) event.preventDefault()
    }
    contents.on('will-navigate', stay)
    contents.on('will-frame-navigate', stay)
    contents.on('will-redirect', stay)
    contents.on('will-attach-webview', event => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}
