// The set-up decides from what lies on the disk; a wrong decision is a minute lost or a build of old sources.
import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { softwareVulkan } from '../../build/set-up/browser.mjs'
import { sourcesDigest } from '../../build/set-up/bundle.mjs'
import { dependenciesProblem } from '../../build/set-up/dependencies.mjs'
import { exclusively } from '../../build/set-up/exclusive.mjs'
import { findNode, isAtLeast } from '../../build/set-up/node.mjs'
import { environment, runProgram, tool } from '../../build/set-up/project.mjs'

test('versions are compared as numbers', () => {
  expect(isAtLeast('22.12.0', [22, 12])).toBe(true)
  expect(isAtLeast('22.9.0', [22, 12])).toBe(false)
  expect(isAtLeast('24.0.1', [22, 12])).toBe(true)
  expect(isAtLeast('9.99.0', [20])).toBe(false)
})

test('installed packages that fit the lockfile are left alone', () => {
  expect(dependenciesProblem()).toBe(null)
})

test('unchanged sources are not built again', () => {
  expect(sourcesDigest()).toMatch(/^[0-9a-f]{64}$/)
})

test('the Node of the app is new enough for its database, and comes first for everything it starts', async () => {
  const node = findNode()
  const script = 'process.stdout.write(process.versions.node)'
  const { output } = await runProgram(node, ['-e', script])
  expect(isAtLeast(output, [22, 12])).toBe(true)
  const first = await runProgram(node, ['-e', `process.stdout.write(process.env.PATH ?? process.env.Path)`], {
    env: environment(node),
  })
  expect(node.startsWith(first.output.split(process.platform === 'win32' ? ';' : ':')[0]!)).toBe(true)
})

test('a program that fails, cannot be started or takes too long is told apart', async () => {
  expect(await runProgram(process.execPath, ['-e', 'console.log(1); process.exit(3)'])).toEqual({
    code: 3,
    output: '1\n',
    timedOut: false,
  })
  expect(await runProgram('no-such-program-here', [])).toMatchObject({ code: 127, timedOut: false })
  const slow = await runProgram(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { timeoutMs: 300 })
  expect(slow.timedOut).toBe(true)
})

test.each([
  ['vitest', undefined],
  ['electron-vite', undefined],
  ['typescript', 'tsc'],
  ['@playwright/test', undefined],
  ['@biomejs/biome', undefined],
  ['electron', 'install-electron'],
] as const)('the script of %s is found without a shell', (name, command) => {
  expect(existsSync(tool(name, command))).toBe(true)
})

test('two set-ups at once work one after the other', async () => {
  const log: string[] = []
  const work = (name: string) => () =>
    wait(30).then(() => {
      log.push(`${name} begins`)
      return wait(60).then(() => log.push(`${name} ends`))
    })
  await Promise.all([exclusively(work('a')), exclusively(work('b'))])
  expect(log).toHaveLength(4)
  expect(log[0]!.replace('begins', 'ends')).toBe(log[1])
  expect(log[2]!.replace('begins', 'ends')).toBe(log[3])
})

test('a Vulkan driver that was chosen stays chosen', () => {
  const before = process.env.VK_ICD_FILENAMES
  process.env.VK_ICD_FILENAMES = '/some/driver.json'
  try {
    expect(softwareVulkan(null)).toEqual({})
  } finally {
    if (before === undefined) delete process.env.VK_ICD_FILENAMES
    else process.env.VK_ICD_FILENAMES = before
  }
})
