// The whole way on pictures: offered, under way, paused, through; its run of phase 4, its evaluation, its three models in
// the chat. SCREENSHOTS_WORKSPACE names a workspace with a finished demo, which is copied; without one, it is built.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { noToasts, openTab, recipe } from '../lab-page.ts'
import { ENGINE_TIMEOUT, test } from '../lab-test.ts'
import { andromeda } from '../trained-workspace.ts'
import { LONG, take } from './take.ts'

test.setTimeout(LONG)

test('a build under way', async ({ page, lab: _ }) => {
  const build = page.getByRole('region', { name: 'Build all four' })
  await page.getByText('Smallest', { exact: true }).click()
  await page.getByRole('button', { name: 'Build all four' }).click()
  await expect(build).toContainText('· Pre-training', { timeout: ENGINE_TIMEOUT })
  await take(page, 'build-under-way')
  await build.getByRole('button', { name: 'Pause' }).click()
  await expect(build).toContainText('Paused on the way', { timeout: ENGINE_TIMEOUT })
  await noToasts(page)
  await take(page, 'build-paused')
})

const testWithDemo = test.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what is needed from the pattern
  workspace: async ({}, use) => {
    const workspace = mkdtempSync(join(tmpdir(), 'andromeda-demo-'))
    const made = process.env.SCREENSHOTS_WORKSPACE
    if (made) cpSync(made, workspace, { recursive: true })
    else andromeda(workspace, 'demo')
    await use(workspace)
    rmSync(workspace, { recursive: true })
  },
})

testWithDemo('all four, built', async ({ page, lab: _ }) => {
  const build = page.getByRole('region', { name: 'Build all four' })
  await expect(build).toContainText('All four are built')
  await take(page, 'build-finished')
  await build.getByRole('button', { name: 'Open the report' }).click()
  await expect(page.getByTitle('Report of the build')).toBeVisible()
  await take(page, 'build-report')
  await page.getByRole('button', { name: 'Back to the overview' }).click()

  await openTab(page, 'Reinforcement')
  await expect(page.getByRole('region', { name: 'Doctor' })).toBeVisible()
  await take(page, 'ppo-train')
  await recipe(page).getByRole('textbox', { name: 'Updates' }).fill('0')
  await take(page, 'failed-ppo-recipe')
  await recipe(page).getByRole('textbox', { name: 'Updates' }).fill('80')
  await openPpoView(page, 'Microscope')
  await expect(page.getByRole('group', { name: 'The answer, token by token' })).toBeVisible({
    timeout: ENGINE_TIMEOUT,
  })
  await take(page, 'ppo-microscope')
  await openPpoView(page, 'Alarm')
  await expect(page.getByText('Evaluations on held-out prompts')).toBeVisible()
  await take(page, 'ppo-alarm')
  await page.getByRole('button', { name: /^Compare \d+ answers of update/ }).click()
  await expect(page.getByRole('dialog', { name: 'Which answer is better?' })).toBeVisible()
  await take(page, 'ppo-break')
  await page.keyboard.press('Escape')

  await openTab(page, 'Evaluate')
  for (const [heading, screen] of [
    ['Your own Figure 1', 'evaluate-figure-one'],
    ['Does it know what it does not know?', 'evaluate-truth'],
    ['From 2 + 2 to 17 × 24', 'evaluate-ladder'],
    ['Tasks and style', 'evaluate-manner'],
  ] as const) {
    const panel = page.getByRole('heading', { name: heading })
    await expect(panel).toBeVisible()
    await take(page, screen, panel)
  }
  await page.getByRole('button', { name: 'Vote blind' }).first().click()
  await expect(page.getByRole('dialog', { name: 'Which answer is better?' })).toBeVisible()
  await take(page, 'evaluate-vote')
  await page.keyboard.press('Escape')

  await openTab(page, 'Overview')
  await build.getByRole('button', { name: 'Talk to them' }).click()
  await page.getByRole('textbox', { name: /^Message to/ }).fill('Who are you?')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: /^Regenerate/ })).toHaveCount(3, { timeout: ENGINE_TIMEOUT })
  await expect(page.getByText('being measured')).toHaveCount(0, { timeout: ENGINE_TIMEOUT })
  await take(page, 'chat-three')
})

async function openPpoView(page: Page, view: 'Microscope' | 'Alarm'): Promise<void> {
  await page
    .getByRole('radiogroup', { name: 'Views of reinforcement learning' })
    .getByText(view, { exact: true })
    .click()
}
