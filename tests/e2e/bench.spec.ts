// The Device page measures the engine in the page: cancelled, done, and still there after a reload.
import { expect } from '@playwright/test'
import { expectNoBarriers } from './barriers.ts'
import { openTab } from './lab-page.ts'
import { ENGINE_TIMEOUT, test } from './lab-test.ts'

test('this device is measured on a click, and its figures stay', async ({ page, lab: _ }) => {
  await openTab(page, 'Device')
  const screen = page.getByRole('main')
  await screen.getByRole('button', { name: 'Measure quickly, in seconds' }).click()
  await expect(screen.getByText(/turns/)).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await screen.getByRole('button', { name: 'Cancel' }).click()
  await expect(screen.getByText('This device was not measured yet')).toBeVisible({ timeout: ENGINE_TIMEOUT })

  await screen.getByRole('button', { name: 'Measure quickly, in seconds' }).click()
  const speeds = screen.getByRole('table', { name: 'Speeds' })
  await expect(speeds).toBeVisible({ timeout: ENGINE_TIMEOUT })
  for (const kernels of ['composed', 'stock', 'simd'])
    await expect(speeds.getByRole('cell', { name: kernels, exact: true }).first()).toBeVisible()
  const picture = screen.getByRole('img', { name: /^Roofline: .*The ceiling is [\d.]+ GFLOP\/s/ })
  await expect(picture).toBeVisible()

  await expectNoBarriers(page, 'measured')

  await page.reload()
  await expect(speeds).toBeVisible()
  await expect(screen.getByRole('button', { name: 'Measure this device' })).toBeEnabled()

  // The engine lives in this page: a measurement ends with it, and says so once.
  await screen.getByRole('button', { name: 'Measure quickly' }).click()
  await expect(screen.getByText(/turns/)).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await expect(page.getByText('Measuring this device', { exact: true })).toHaveCount(1)
  await page.reload()
  const ended = "Measuring ended: the engine's page was closed or reloaded. Measure again."
  await expect(page.getByText(ended)).toHaveCount(1, { timeout: ENGINE_TIMEOUT })
  await expect(speeds).toBeVisible()
})
