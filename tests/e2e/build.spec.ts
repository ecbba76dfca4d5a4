// The whole way at its smallest size, as a person goes it: one click, a pause in the middle, the lab dies, it goes on, and the
// report is read and saved.
import { pathToFileURL } from 'node:url'
import { expect, type Locator, type Page } from '@playwright/test'
import { barriers, barriersHere } from './barriers.ts'
import { openTab } from './lab-page.ts'
import { ENGINE_TIMEOUT, test } from './lab-test.ts'

const panel = (page: Page): Locator => page.getByRole('region', { name: 'Build all four' })
const step = (page: Page, phase: string): Locator =>
  panel(page).getByRole('listitem').filter({ hasText: phase })

test('all four are built with one click, paused and gone on with, and the report says what came of it', async ({
  page,
  lab,
  context,
}) => {
  test.slow()
  const found: string[] = []

  await test.step('the first start offers it, with how long it will take', async () => {
    const doors = page.getByRole('region', { name: 'First steps' })
    await expect(doors).toContainText(
      /Build all four with the starter world, (about \d+ minutes|about a minute)/,
    )
    await page.getByRole('textbox', { name: 'Seed' }).fill('-3')
    const start = page.getByRole('button', { name: 'Build all four' })
    await expect(start).toHaveAccessibleDescription(
      'The seed must be a whole number from 0 to 281,474,976,710,656, which is 2^48.',
    )
    await page.getByRole('textbox', { name: 'Seed' }).fill('5')
    await page.getByText('Smallest', { exact: true }).click()
    await expect(doors).toContainText('to see the way')
    found.push(...(await barriersHere(page, 'the offer to build')))
    await start.click()
  })

  await test.step('it is paused in the middle of pre-training, and stays paused when the lab dies', async () => {
    await expect(step(page, 'Pre-training')).toContainText('· Pre-training', { timeout: ENGINE_TIMEOUT })
    await panel(page).getByRole('button', { name: 'Pause' }).click()
    await expect(panel(page)).toContainText('Paused on the way', { timeout: ENGINE_TIMEOUT })
    await expect(step(page, 'Pre-training')).toContainText('2 of 3 steps done')
    await panel(page).getByText('Build again from another seed').click()
    await expect(panel(page).getByRole('textbox', { name: 'Seed' })).toHaveValue('6')
    await expect(panel(page)).toContainText('What was made here stays')
    found.push(...(await barriersHere(page, 'a paused build')))
    await lab.killAndStartAgain()
    await page.goto(lab.url)
    await expect(panel(page)).toContainText('Paused on the way through all four: starter world 5')
  })

  await test.step('it goes on to its end on another screen', async () => {
    await panel(page).getByRole('button', { name: 'Resume' }).click()
    await expect(step(page, 'Supervised fine-tuning')).not.toContainText('to come', {
      timeout: ENGINE_TIMEOUT,
    })
    await openTab(page, 'Settings')
    await openTab(page, 'Overview')
    await expect(panel(page)).toContainText('All four are built', { timeout: ENGINE_TIMEOUT })
  })

  await test.step('no run was made twice', async () => {
    await openTab(page, 'Runs')
    await expect(page.getByRole('main').getByText(/^Starter world 5/)).toHaveCount(4)
    await openTab(page, 'Overview')
  })

  await test.step('the report opens, in which nothing can run, and is saved as a file of its own', async () => {
    await panel(page).getByRole('button', { name: 'Open the report' }).click()
    const frame = page.getByTitle('Report of the build')
    await expect(frame).toHaveAttribute('sandbox', '')
    const report = frame.contentFrame()
    await expect(report.getByRole('heading', { level: 1 })).toHaveText(
      'From text to an assistant: starter world 5',
    )
    for (const section of ['What was aimed at', 'The four phases', 'Your own Figure 1', 'Truth', 'System 1'])
      await expect(report.getByRole('heading', { level: 2, name: section })).toBeVisible()
    await expect(report.getByRole('region', { name: 'Reinforcement learning' }).getByRole('img')).toHaveCount(
      3,
    )
    await page.getByRole('button', { name: 'Save the report' }).click()
    const said = await page.getByText(/^The report written to /).innerText()
    const path = /written to (.*\.html)/.exec(said)![1]!
    // As a browser shows it that is given the file; in the frame not even a checker can run.
    const reader = await context.newPage()
    await reader.goto(pathToFileURL(path).href)
    for (const colorScheme of ['light', 'dark'] as const) {
      await reader.emulateMedia({ colorScheme })
      found.push(...(await barriers(reader, null)))
    }
    await reader.close()
    await page.getByRole('button', { name: 'Back to the overview' }).click()
    await expect(panel(page).getByRole('button', { name: 'Open the report' })).toBeFocused()
    found.push(...(await barriersHere(page, 'a finished build')))
  })

  await test.step('another is begun, and the report of the one before can still be read', async () => {
    await panel(page).getByText('Build again from another seed').click()
    await panel(page).getByText('Smallest', { exact: true }).click()
    await panel(page).getByRole('button', { name: 'Build again' }).click()
    await expect(panel(page)).toContainText('Building all four: starter world 6')
    await panel(page).getByRole('button', { name: 'Pause' }).click()
    await expect(panel(page)).toContainText('Paused on the way', { timeout: ENGINE_TIMEOUT })
    await panel(page).getByText('Earlier builds (1)').click()
    const earlier = panel(page).getByRole('list', { name: 'Earlier builds' }).getByRole('listitem')
    await expect(earlier).toContainText('All four are built: starter world 5')
    found.push(...(await barriersHere(page, 'earlier builds')))
    await earlier.getByRole('button', { name: 'Open the report' }).click()
    const report = page.getByTitle('Report of the build').contentFrame()
    await expect(report.getByRole('heading', { level: 1 })).toContainText('starter world 5')
    await page.keyboard.press('Escape')
    await expect(earlier.getByRole('button', { name: 'Open the report' })).toBeFocused()
  })
  expect(found).toEqual([])
})
