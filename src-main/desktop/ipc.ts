// The few messages that are not on a port: a page asks for its port, and dropped files become ids. Senders are checked.
import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron'
import * as v from 'valibot'
import { channels } from '../../src-shared/contract/channels.ts'
import { LabError, sentence, toFacts } from '../../src-shared/contract/errors.ts'
import { isFrom, type Role } from './trust.ts'

/** A drop of this many files is a folder's content; a folder itself is one path. */
const paths = v.pipe(v.array(v.pipe(v.string(), v.maxLength(32_768))), v.maxLength(100_000))

export interface IpcOptions {
  roles: ReadonlyMap<number, Role>
  devServer?: string | undefined
  /** The page of a window of this role is ready for its port. */
  onConnect: Readonly<Record<Role, (contents: WebContents) => void>>
  /** @throws LabError */
  grantPath: (path: string) => string
}

export function serveIpc({ roles, devServer, onConnect, grantPath }: IpcOptions): void {
  const comesFrom = (role: Role, { sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent) =>
    isFrom(
      role,
      {
        webContentsId: sender.id,
        url: senderFrame?.url ?? null,
        isMainFrame: senderFrame !== null && senderFrame.parent === null,
      },
      roles,
      devServer,
    )
  ipcMain.on(channels.connect, event => {
    for (const role of ['ui', 'engine'] as const) if (comesFrom(role, event)) onConnect[role](event.sender)
  })
  // An error's text is all that passes contextBridge, so the reply carries it as a sentence.
  ipcMain.handle(channels.grantPaths, (event, given: unknown): { ids: string[] } | { error: string } => {
    try {
      if (!comesFrom('ui', event))
        throw new LabError({
          code: 'bad-input',
          what: 'this page may not name files',
          fix: 'use the app itself',
        })
      return {
        ids: v.parse(paths, given).map(path => {
          if (path === '')
            throw new LabError({
              code: 'bad-input',
              what: 'one of the files is not on this computer',
              got: 'something dragged out of another program',
              fix: 'save it to a folder first, then drop it from there',
            })
          return grantPath(path)
        }),
      }
    } catch (error) {
      return { error: sentence(toFacts(error)) }
    }
  })
}
