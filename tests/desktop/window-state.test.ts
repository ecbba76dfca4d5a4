// The window opens where it was, or where it can be seen.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { placeWindow, readWindowState, writeWindowState } from '../../src-main/desktop/window-state.ts'

const laptop = { x: 0, y: 0, width: 1440, height: 900 }
const left = { x: -1920, y: 0, width: 1920, height: 1080 }
const saved = (x: number, y: number) => ({ bounds: { x, y, width: 1000, height: 700 }, maximized: true })

test('at first it is in the middle of the primary display', () => {
  expect(placeWindow(null, [laptop])).toEqual({
    bounds: { x: 40, y: 10, width: 1360, height: 880 },
    maximized: false,
  })
})

test('a display smaller than the window is filled', () => {
  expect(placeWindow(null, [{ x: 0, y: 25, width: 1024, height: 600 }]).bounds).toEqual({
    x: 0,
    y: 25,
    width: 1024,
    height: 600,
  })
})

test('it comes back where it was, on a second display too', () => {
  expect(placeWindow(saved(100, 50), [laptop])).toEqual(saved(100, 50))
  expect(placeWindow(saved(-1800, 100), [laptop, left])).toEqual(saved(-1800, 100))
})

test('a display that was unplugged does not take the window with it', () => {
  const placed = placeWindow(saved(-1800, 100), [laptop])
  expect(placed.bounds).toEqual({ x: 40, y: 10, width: 1360, height: 880 })
  expect(placed.maximized).toBe(true)
})

test('a sliver at the edge is not enough to get hold of it', () => {
  expect(placeWindow(saved(1400, 100), [laptop]).bounds.x).toBe(40)
  expect(placeWindow(saved(1300, 100), [laptop]).bounds.x).toBe(1300)
})

test('what is written is read back; a damaged or senseless file is as none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'window-'))
  const file = join(folder, 'window.json')
  expect(readWindowState(file)).toBe(null)
  writeWindowState(file, saved(5, 6))
  expect(readWindowState(file)).toEqual(saved(5, 6))
  for (const text of ['', '{', 'null', '{"bounds":{"x":0,"y":0,"width":-5,"height":"7"},"maximized":true}']) {
    writeFileSync(file, text)
    expect(readWindowState(file)).toBe(null)
  }
  rmSync(folder, { recursive: true })
})
