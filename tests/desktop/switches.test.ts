// Chromium's switches: wrong ones make a window that never appears, or an engine that sleeps.
import { expect, test } from 'vitest'
import { commandLineSwitches } from '../../src-main/desktop/switches.ts'

const names = (platform: NodeJS.Platform, env: Record<string, string> = {}, safeMode = false) =>
  commandLineSwitches({ platform, env, safeMode }).map(([name]) => name)
const vulkan = ['ozone-platform', 'use-angle', 'enable-features']

test('nothing is throttled on any system', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const)
    expect(names(platform)).toEqual(
      expect.arrayContaining([
        'disable-renderer-backgrounding',
        'disable-background-timer-throttling',
        'disable-backgrounding-occluded-windows',
        'disable-gpu-process-crash-limit',
      ]),
    )
})

test('WebGPU is unlocked on Linux only: elsewhere it is on by itself', () => {
  expect(names('linux')).toContain('enable-unsafe-webgpu')
  for (const platform of ['darwin', 'win32'] as const) {
    expect(names(platform)).not.toContain('enable-unsafe-webgpu')
    expect(names(platform)).not.toContain('enable-features')
  }
})

test('Vulkan and X11 come together or not at all', () => {
  for (const env of [
    { DISPLAY: ':0' },
    { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' },
    { XDG_SESSION_TYPE: 'wayland' },
    { ANDROMEDA_VULKAN: '1', WAYLAND_DISPLAY: 'wayland-0' },
    { ANDROMEDA_VULKAN: '0', DISPLAY: ':0' },
  ] as Record<string, string>[]) {
    const present = vulkan.filter(name => names('linux', env).includes(name))
    expect([[], vulkan]).toContainEqual(present)
  }
})

test('on Wayland, Vulkan is only used when asked for; on X11, unless refused', () => {
  expect(names('linux', { WAYLAND_DISPLAY: 'wayland-0' })).not.toContain('use-angle')
  expect(names('linux', { WAYLAND_DISPLAY: 'wayland-0', ANDROMEDA_VULKAN: '1' })).toContain('use-angle')
  expect(names('linux', { DISPLAY: ':0' })).toContain('use-angle')
  expect(names('linux', { DISPLAY: ':0', ANDROMEDA_VULKAN: '0' })).not.toContain('use-angle')
})

test('a switch is given once: a second enable-features would replace the first', () => {
  const given = names('linux', { DISPLAY: ':0' })
  expect(new Set(given).size).toBe(given.length)
})

test('safe mode asks nothing of the GPU', () => {
  const safe = names('linux', { ANDROMEDA_VULKAN: '1' }, true)
  for (const name of [
    ...vulkan,
    'enable-unsafe-webgpu',
    'ignore-gpu-blocklist',
    'force_high_performance_gpu',
  ])
    expect(safe).not.toContain(name)
})
