// axe on every screen, light and dark, empty and with data: nothing that shuts a person out.
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { forestText } from './forest-text.ts'
import {
  dropFiles,
  expectRun,
  openTab,
  openView,
  pretrainViews,
  recipe,
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
    if (title !== 'Pre-training') await look(title)
    else
      for (const view of pretrainViews) {
        await openView(page, view)
        await look(`${title}, ${view}`)
      }
  }
}

/** What shuts people out, in one line each. @param rules null = all */
async function barriers(page: Page, rules: readonly string[] | null): Promise<string[]> {
  // What is out of date is drawn faint until its answer comes.
  await expect(page.getByRole('main').locator('[aria-busy=true]')).toHaveCount(0, { timeout: ENGINE_TIMEOUT })
  const axe = new AxeBuilder({ page })
  const { violations } = await (rules ? axe.withRules([...rules]) : axe).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html.slice(0, 160)}`),
    )
}

async function expectNoBarriers(page: Page): Promise<void> {
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
  await expectNoBarriers(page)
})

test('no screen shuts anyone out when there is a text and a finished run', async ({ page, lab: _ }) => {
  await dropFiles(page, { name: 'forest.txt', content: forestText })
  await expect(recipe(page).getByRole('region', { name: 'Sources' })).toContainText('forest')
  await startRun(page, { ...tinyRun, Steps: '20', 'Evaluate every': '10' })
  await expectRun(page, 'Finished')
  await expectNoBarriers(page)
})
