// Preload of the UI's window: brings the port to the core, and turns dropped files into ids without showing their paths.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { channels } from '../src-shared/contract/channels.ts'

// A MessagePort cannot pass contextBridge; a message to this very window can carry it into the page's world.
ipcRenderer.on(channels.port, event => window.postMessage(channels.port, '*', [...event.ports]))

contextBridge.exposeInMainWorld('andromeda', {
  connect: () => ipcRenderer.send(channels.connect),
  grantFiles: async (files: File[]): Promise<string[]> => {
    const paths = files.map(file => webUtils.getPathForFile(file))
    const reply: { ids: string[] } | { error: string } = await ipcRenderer.invoke(channels.grantPaths, paths)
    if ('error' in reply) throw new Error(reply.error)
    return reply.ids
  },
})
