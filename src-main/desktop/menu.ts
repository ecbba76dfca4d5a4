// The application menu: what people expect of any program; the app's own commands are in its window (Ctrl+K).
import type { MenuItemConstructorOptions } from 'electron'

export function menuTemplate(options: {
  platform: NodeJS.Platform
  developerTools: boolean
  /** Absent when the GPU is in use anyway. */
  retryGpu?: (() => void) | undefined
}): MenuItemConstructorOptions[] {
  const { platform, developerTools, retryGpu } = options
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ]
  if (retryGpu) view.push({ type: 'separator' }, { label: 'Try the GPU Again', click: retryGpu })
  if (developerTools) view.push({ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' })
  return [
    ...(platform === 'darwin'
      ? [{ role: 'appMenu' as const }]
      : [{ label: '&File', submenu: [{ role: 'quit' as const }] }]),
    { role: 'editMenu' },
    { label: '&View', submenu: view },
    { role: 'windowMenu' },
  ]
}
