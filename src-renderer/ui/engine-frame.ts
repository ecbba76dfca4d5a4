// Browser host only: the engine lives in a hidden frame of this page, put there and taken away as the core orders.
import { onConnected, subscribe } from './lab.ts'

const FRAME_ID = 'engine-frame'

export function followEngineFrame(): void {
  const remove = () => document.getElementById(FRAME_ID)?.remove()
  // A core that has just (re)started orders its own frame; one of the core before it has nobody to talk to.
  onConnected(remove)
  subscribe('engineFrame', ({ mount }) => {
    remove()
    if (!mount) return
    const frame = document.createElement('iframe')
    frame.id = FRAME_ID
    frame.hidden = true
    frame.title = 'Engine'
    frame.src = `engine.html${location.hash}`
    document.body.append(frame)
  })
}

/** Whether closing this page would take the engine away. */
export const engineIsHere = (): boolean => document.getElementById(FRAME_ID) !== null
