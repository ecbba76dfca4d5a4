// Where the window was when it was closed, kept in a small file of the user's data folder.
import { readFileSync, writeFileSync } from 'node:fs'
import * as v from 'valibot'

const whole = v.pipe(v.number(), v.integer())
const side = v.pipe(whole, v.minValue(1))
export const rectangle = v.object({ x: whole, y: whole, width: side, height: side })
export type Rectangle = v.InferOutput<typeof rectangle>

const windowState = v.object({ bounds: rectangle, maximized: v.boolean() })
export type WindowState = v.InferOutput<typeof windowState>

export const MINIMUM_SIZE = { width: 900, height: 600 } as const
const DEFAULT_SIZE = { width: 1360, height: 880 } as const
/** A title bar must stay reachable: this much of the window has to be on a display. */
const VISIBLE = 120

/**
 * Bounds for the window on the displays that are there now.
 * @param saved what was remembered; null on the first start
 * @param displays work areas, the primary one first
 */
export function placeWindow(saved: WindowState | null, displays: readonly Rectangle[]): WindowState {
  const primary = displays[0]!
  if (saved && displays.some(display => overlap(saved.bounds, display) >= VISIBLE)) return saved
  const width = Math.min(DEFAULT_SIZE.width, primary.width)
  const height = Math.min(DEFAULT_SIZE.height, primary.height)
  return {
    bounds: {
      x: primary.x + Math.floor((primary.width - width) / 2),
      y: primary.y + Math.floor((primary.height - height) / 2),
      width,
      height,
    },
    maximized: saved?.maximized ?? false,
  }
}

/** The shorter side of what two rectangles share, 0 when they do not meet. */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, Math.min(width, height))
}

/** A missing or damaged file only means that the window opens at its default place. */
export function readWindowState(file: string): WindowState | null {
  try {
    return v.parse(windowState, JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  writeFileSync(file, JSON.stringify(state))
}
