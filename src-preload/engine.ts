// Preload of the hidden engine window: brings the page its port to the core, nothing else.
import { ipcRenderer } from 'electron'
import { channels } from '../src-shared/contract/channels.ts'

ipcRenderer.on(channels.port, event => window.postMessage(channels.enginePort, '*', [...event.ports]))

// By then the page's module has run and listens.
window.addEventListener('DOMContentLoaded', () => ipcRenderer.send(channels.connect), { once: true })
