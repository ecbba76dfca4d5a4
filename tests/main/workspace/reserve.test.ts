// The reserve is taken where there is plenty, given back on a full disk, and never a reason to refuse the person.
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keepReserve } from '../../../src-main/core/workspace/reserve.ts'
import { temporaryFolder } from './temporary-folder.ts'

const MB = 2 ** 20

test('it is taken with plenty of space, kept while there is less, and given back on a full disk', () => {
  const folder = temporaryFolder()
  const path = join(folder, 'reserve')
  expect(keepReserve(folder, 10 * MB)).toBeNull()
  expect(existsSync(path)).toBe(false)
  expect(keepReserve(folder, 1000 * MB)).toBeNull()
  expect(statSync(path).size).toBe(MB)
  expect(keepReserve(folder, 2 * MB)).toBeNull()
  expect(existsSync(path)).toBe(true)
  expect(keepReserve(folder, MB - 1)).toMatch(/^The disk is full/)
  expect(existsSync(path)).toBe(false)
  expect(keepReserve(folder, 0)).toMatch(/^The disk is full/)
})
