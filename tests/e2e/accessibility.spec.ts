// axe on every screen, light and dark, empty and with data: nothing that shuts a person out.
import { expect, type Page } from '@playwright/test'
import { barriers, barriersHere } from './barriers.ts'
import { forestText } from './forest-text.ts'
import {
  dropFiles,
  expectRun,
  noToasts,
  openRewardView,
  openSftView,
  openTab,
  openView,
  pretrainViews,
  recipe,
  rewardViews,
  sftViews,
  startRun,
  tabButtons,
  tinyRun,
} from './lab-page.ts'
import { ENGINE_TIMEOUT, test } from './lab-test.ts'

/** Goes to every screen there is. */
async function eachScreen(page: Page, look: (screen: string) => Promise<void>): Promise<void> {
  const titles = (await tabButtons(page).allInnerTexts()).map(text => text.split('\n').at(-1)!.trim())
  for (const title of titles) {
    await openTab(page, title)
    await expect(page.getByRole('main', { name: title })).toBeVisible()
    if (title === 'Pre-training')
      for (const view of pretrainViews) {
        await openView(page, view)
        await look(`${title}, ${view}`)
      }
    else if (title === 'Fine-tuning')
      for (const view of sftViews) {
        await openSftView(page, view)
        await look(`${title}, ${view}`)
      }
    else if (title === 'Reward model')
      for (const view of rewardViews) {
        await openRewardView(page, view)
        await look(`${title}, ${view}`)
      }
    else await look(title)
  }
}

/** Every screen there is, light and dark. */
async function expectNoBarriersAnywhere(page: Page): Promise<void> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
    await eachScreen(page, async screen => {
      // Between light and dark nothing differs but colours.
      for (const barrier of await barriers(page, colorScheme === 'light' ? null : ['color-contrast']))
        found.push(`${screen}, ${colorScheme}: ${barrier}`)
    })
  }
  expect(found).toEqual([])
}

test('no screen of an empty lab shuts anyone out', async ({ page, lab: _ }) => {
  await expectNoBarriersAnywhere(page)
})

test('no screen shuts anyone out when there is a text and a finished run', async ({ page, lab: _ }) => {
  await dropFiles(page, { name: 'forest.txt', content: forestText })
  await expect(recipe(page).getByRole('region', { name: 'Sources' })).toContainText('forest')
  await startRun(page, { ...tinyRun, Steps: '20', 'Evaluate every': '10' })
  await expectRun(page, 'Finished')
  await expectNoBarriersAnywhere(page)
})

test('no state of a chat shuts anyone out', async ({ page, lab: _ }) => {
  await dropFiles(page, { name: 'forest.txt', content: forestText })
  await expect(recipe(page).getByRole('region', { name: 'Sources' })).toContainText('forest')
  await startRun(page, { ...tinyRun, Steps: '20', 'Evaluate every': '10' })
  await expectRun(page, 'Finished')
  await openTab(page, 'Chat')
  await page.getByRole('button', { name: 'Add a column' }).click()
  await page.getByRole('switch', { name: 'Surprise' }).check()
  const say = async (prompt: string) => {
    await page.getByRole('textbox', { name: /^Message to/ }).fill(prompt)
    await page.keyboard.press('Enter')
    const turn = page.getByRole('region', { name: 'Turn', exact: true }).last()
    await expect(turn).toContainText(prompt)
    await expect(turn.getByRole('button', { name: /^Regenerate/ })).toHaveCount(2, {
      timeout: ENGINE_TIMEOUT,
    })
  }
  await say('Who hides?')
  await expect(page.locator('[class*=surprise]').first()).toBeVisible()
  const found = await barriersHere(page, 'coloured')
  await page.getByRole('button', { name: 'Edit this message' }).click()
  await page.getByRole('button', { name: 'System prompt' }).click()
  found.push(...(await barriersHere(page, 'editing')))
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('switch', { name: 'Blind' }).check()
  await say('Who sings?')
  found.push(...(await barriersHere(page, 'blind')))
  await page.keyboard.press('1')
  await expect(page.getByText('You voted blind')).toBeVisible()
  found.push(...(await barriersHere(page, 'voted')))
  await page.getByRole('switch', { name: 'Blind' }).uncheck()
  await page
    .getByRole('button', { name: /^Sampling settings/ })
    .first()
    .click()
  found.push(...(await barriersHere(page, 'settings')))
  expect(found).toEqual([])
})

test('no screen of fine-tuning shuts anyone out when there are demonstrations, a row being written, and a run', async ({
  page,
  lab: _,
}) => {
  test.slow()
  await dropFiles(page, { name: 'forest.txt', content: forestText })
  await expect(recipe(page).getByRole('region', { name: 'Sources' })).toContainText('forest')
  await startRun(page, { ...tinyRun, Context: '64', Steps: '20', 'Evaluate every': '10' })
  await expectRun(page, 'Finished')
  // A toast that fades is no colour to judge.
  await page.keyboard.press('Escape')
  await expect(page.locator('.mantine-Notification-root')).toHaveCount(0)
  await openTab(page, 'Fine-tuning')
  const rows = Array.from({ length: 120 }, (_, i) =>
    JSON.stringify({ prompt: `Which tree stands in place ${i}?`, completion: i === 3 ? ' ' : 'An oak.' }),
  )
  await dropFiles(page, { name: 'trees.jsonl', content: rows.join('\n') })
  const dialog = page.getByRole('dialog', { name: 'Import demonstrations' })
  await expect(dialog.getByRole('table', { name: 'Rejected rows' })).toBeVisible()
  expect(await barriers(page, null)).toEqual([])
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  const table = page.getByRole('table', { name: 'Demonstrations', exact: true })
  await table.getByRole('row').nth(2).click()
  await page.getByRole('region', { name: /^Row / }).getByRole('button', { name: 'System message' }).click()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('checkbox', { name: 'Tick row 1', exact: true }).click()
  await noToasts(page)
  expect(await barriers(page, null)).toEqual([])
  await page.getByRole('button', { name: 'Close the editor' }).click()
  await openSftView(page, 'Train')
  await recipe(page).getByRole('button', { name: 'Start', exact: true }).click()
  await expectRun(page, 'Finished')
  await openSftView(page, 'Question exhibit')
  await page.getByRole('textbox', { name: 'Times each' }).fill('1')
  await page.getByRole('textbox', { name: 'At most, tokens' }).fill('4')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await expect(page.getByRole('list', { name: 'Answers by kind' })).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await expectNoBarriersAnywhere(page)
})
