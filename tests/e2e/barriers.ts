// What axe finds on a screen that shuts a person out.
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { noToasts } from './lab-page.ts'
import { ENGINE_TIMEOUT } from './lab-test.ts'

/** What shuts people out, in one line each. @param rules null = all */
export async function barriers(page: Page, rules: readonly string[] | null): Promise<string[]> {
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

/** One screen as it stands, light and dark. */
export async function barriersHere(page: Page, state: string): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
    for (const barrier of await barriers(page, null)) found.push(`${state}, ${colorScheme}: ${barrier}`)
  }
  // Screens scroll, the window never: a focus on something below its edge would push its frame out of sight.
  const beyond = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)
  if (beyond > 0) found.push(`${state}: the window goes on for ${beyond} px below its edge`)
  return found
}

/** @param state as a failure names it */
export async function expectNoBarriers(page: Page, state: string): Promise<void> {
  // A message that fades is no colour to judge.
  await noToasts(page)
  expect(await barriersHere(page, state)).toEqual([])
}
