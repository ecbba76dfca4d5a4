import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rememberSpeed, speedFor } from '../../../src-main/core/runs/device-speed.ts'
import { openWorkspace, type Workspace } from '../../../src-main/core/workspace/workspace.ts'

let folder: string
let workspace: Workspace
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'andromeda-speed-'))
  workspace = openWorkspace(folder, 'terminal')
})
afterAll(() => {
  workspace.close()
  rmSync(folder, { recursive: true, force: true })
})

const cpu = { fingerprint: 'cpu', threads: 1 }

test('a tiny run says nothing about a large one: each size keeps its own speed, the nearest is taken', () => {
  const { db } = workspace
  expect(speedFor(db, cpu, 1e9)).toBeNull()
  rememberSpeed(db, cpu, 2 ** 30, 5e9)
  rememberSpeed(db, cpu, 2 ** 22, 1e7)
  expect(speedFor(db, cpu, 2 ** 33)).toBe(5e9)
  expect(speedFor(db, cpu, 2 ** 21)).toBe(1e7)
  rememberSpeed(db, cpu, 1.1 * 2 ** 30, 6e9)
  expect(speedFor(db, cpu, 2 ** 30)).toBe(6e9)
  expect(speedFor(db, { ...cpu, fingerprint: 'gpu' }, 2 ** 30)).toBeNull()
  expect(speedFor(db, { ...cpu, threads: 2 }, 2 ** 30)).toBeNull()
})
