// Everything without a mouse: the palette, the tabs by number, the list of keys, a new run.
import { expect } from '@playwright/test'
import { recipe, tabButtons } from './lab-page.ts'
import { test } from './lab-test.ts'

test('Ctrl and a digit opens each tab, and the rail tells which', async ({ page, lab: _ }) => {
  const titles = (await tabButtons(page).allInnerTexts()).map(text => text.split('\n').at(-1)!.trim())
  expect(titles.length).toBeGreaterThanOrEqual(5)
  for (const [index, title] of [...titles.entries()].reverse()) {
    await page.keyboard.press(`Control+${(index + 1) % 10}`)
    await expect(page.getByRole('main', { name: title })).toBeVisible()
    await expect(tabButtons(page).nth(index)).toHaveAttribute('aria-current', 'page')
  }
})

test('Ctrl+K finds a tab by a part of its name', async ({ page, lab: _ }) => {
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('textbox', { name: 'Find' })).toBeFocused()
  await page.keyboard.type('devi')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main', { name: 'Device' })).toBeVisible()
})

test('Ctrl+/ lists the keys and Escape closes the list', async ({ page, lab: _ }) => {
  await page.keyboard.press('Control+/')
  const list = page.getByRole('dialog', { name: 'Keys' })
  await expect(list).toContainText('Ctrl+K')
  await expect(list).toContainText('Pause or resume the run')
  await page.keyboard.press('Escape')
  await expect(list).toBeHidden()
})

test('Ctrl+N goes to the recipe of a new run', async ({ page, lab: _ }) => {
  await page.keyboard.press('Control+n')
  await expect(page.getByRole('main', { name: 'Pre-training' })).toBeVisible()
  await expect(recipe(page).locator(':focus')).toBeVisible()
})

test('Tab reaches the rail first, then the screen, with the focus in sight', async ({ page, lab: _ }) => {
  await page.keyboard.press('Tab')
  await expect(tabButtons(page).first()).toBeFocused()
  const outline = await tabButtons(page)
    .first()
    .evaluate(button => getComputedStyle(button).outlineStyle)
  expect(outline).not.toBe('none')
})
