// What happens when the UI's window or the GPU process dies. The engine's window is not here: the core's supervisor
// starts lost engines again, in every host.
export interface Losses {
  /** When each was lost, in ms on one monotonic clock, oldest first. */
  readonly ui: readonly number[]
  readonly gpu: readonly number[]
}
export const noLosses: Losses = { ui: [], gpu: [] }

export type Answer =
  | { act: 'reload'; afterMs: number }
  /** The window dies again and again: a person must decide. */
  | { act: 'ask' }
  /** Chromium starts its GPU process again by itself. */
  | { act: 'wait' }
  /** The GPU process cannot live with this driver: the next start leaves the GPU alone. */
  | { act: 'safe-mode' }

const WINDOW_MS = 5 * 60_000
const RELOADS = 3
/** The first reload is at once; a page that dies while it loads must not spin. */
const COOLDOWN_MS = 5000
const START_MS = 30_000
const GPU_CRASHES_AT_START = 3

/** @param nowMs time since the app started */
export function onLoss(losses: Losses, of: keyof Losses, nowMs: number): { losses: Losses; answer: Answer } {
  const recent = [...losses[of].filter(at => nowMs - at < WINDOW_MS), nowMs]
  return { losses: { ...losses, [of]: recent }, answer: of === 'ui' ? forUi(recent) : forGpu(recent, nowMs) }
}

function forUi(recent: readonly number[]): Answer {
  if (recent.length > RELOADS) return { act: 'ask' }
  return { act: 'reload', afterMs: recent.length === 1 ? 0 : COOLDOWN_MS }
}

const forGpu = (recent: readonly number[], nowMs: number): Answer => ({
  act: nowMs <= START_MS && recent.length >= GPU_CRASHES_AT_START ? 'safe-mode' : 'wait',
})
