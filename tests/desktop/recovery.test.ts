// Losses of the window and of the GPU process, and what the app remembers of them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { forgetSafeMode, isSafeMode, rememberSafeMode } from '../../src-main/desktop/gpu-memory.ts'
import { type Answer, noLosses, onLoss } from '../../src-main/desktop/recovery.ts'

const answers = (of: 'ui' | 'gpu', times: number[]): Answer[] => {
  let losses = noLosses
  return times.map(at => {
    const next = onLoss(losses, of, at)
    losses = next.losses
    return next.answer
  })
}
const minutes = (n: number) => n * 60_000

describe('a crashed window', () => {
  test('is reloaded at once, then after a pause, and the fourth time within five minutes a person is asked', () => {
    expect(answers('ui', [0, 1000, 2000, 3000])).toEqual([
      { act: 'reload', afterMs: 0 },
      { act: 'reload', afterMs: 5000 },
      { act: 'reload', afterMs: 5000 },
      { act: 'ask' },
    ])
  })

  test('that crashes rarely is always reloaded', () => {
    expect(answers('ui', [0, minutes(6), minutes(12), minutes(18), minutes(24)])).toEqual(
      Array(5).fill({ act: 'reload', afterMs: 0 }),
    )
  })
})

describe('a crashed GPU process', () => {
  test('three times in the first half minute makes the next start leave the GPU alone', () => {
    expect(answers('gpu', [2000, 9000, 20_000]).at(-1)).toEqual({ act: 'safe-mode' })
  })

  test('later on is left to Chromium, however often', () => {
    expect(answers('gpu', [minutes(1), minutes(1), minutes(1), minutes(2)])).toEqual(
      Array(4).fill({ act: 'wait' }),
    )
  })

  test('does not count as a crash of the window', () => {
    const { losses } = onLoss(onLoss(noLosses, 'gpu', 0).losses, 'gpu', 1)
    expect(onLoss(losses, 'ui', 2).answer).toEqual({ act: 'reload', afterMs: 0 })
  })
})

describe('safe mode', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gpu-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('holds for this version until the person tries again', () => {
    const file = join(folder, 'gpu.json')
    expect(isSafeMode(file, '1 on Electron 45')).toBe(false)
    rememberSafeMode(file, '1 on Electron 45')
    expect(isSafeMode(file, '1 on Electron 45')).toBe(true)
    expect(isSafeMode(file, '1 on Electron 46')).toBe(false)
    forgetSafeMode(file)
    expect(isSafeMode(file, '1 on Electron 45')).toBe(false)
  })

  test('is not entered because of a damaged file', () => {
    const file = join(folder, 'gpu.json')
    writeFileSync(file, '{"safeModeFor":')
    expect(isSafeMode(file, '1')).toBe(false)
  })
})
