// Comparisons from files: looked at, imported without their bad rows, shown as text.
import { gzipSync } from 'node:zlib'
import { expect } from '@playwright/test'
import { dropFiles, openTab } from './lab-page.ts'
import { test } from './lab-test.ts'
import { cards, prompt, setRow } from './ranking-page.ts'

const dialogue = (...turns: readonly string[]): string =>
  turns.map((text, i) => `\n\n${i % 2 === 0 ? 'Human' : 'Assistant'}: ${text}`).join('')

test('an HH-RLHF file is looked at, imported without its bad rows, and shown as text', async ({
  page,
  lab: _,
}) => {
  const hostile = '<img src=x onerror="document.title=1"> \u202egnorts\u0007'
  const pairs = [
    [dialogue('Who hides?', 'The fox.'), dialogue('Who hides?', 'Go away.')],
    [
      dialogue('Who sings?', 'The owl.', 'And who waits?', hostile),
      dialogue('Who sings?', 'The owl.', 'And who waits?', 'Nobody.'),
    ],
    // Line 3: two different questions.
    [dialogue('Who waits?', 'The hare.'), dialogue('Who runs?', 'The hare.')],
    // Line 4 is line 1 the other way round, line 5 is line 1 again.
    [dialogue('Who hides?', 'Go away.'), dialogue('Who hides?', 'The fox.')],
    [dialogue('Who hides?', 'The fox.'), dialogue('Who hides?', 'Go away.')],
  ]
  const lines = pairs.map(([chosen, rejected]) => JSON.stringify({ chosen, rejected }))
  const file = {
    name: 'harmless-base.jsonl.gz',
    content: gzipSync(`${lines.join('\n')}\nno JSON at all\n`),
  }
  await openTab(page, 'Reward model')
  await dropFiles(page, file)
  const dialog = page.getByRole('dialog', { name: 'Import rankings' })

  await test.step('the preview shows prompt, winner and loser, and what would be refused', async () => {
    await expect(dialog).toContainText('HH-RLHF')
    const first = dialog.getByRole('table', { name: 'First rows as they would become' })
    await expect(first.getByRole('row').nth(1)).toContainText('Who hides?')
    await expect(first.getByRole('row').nth(1).getByRole('cell').nth(2)).toHaveText('The fox.')
    await expect(first.getByRole('row').nth(1).getByRole('cell').nth(3)).toHaveText('Go away.')
    await expect(first).toContainText('<img src=x onerror')
    await expect(first).toContainText('⟨U+202E⟩')
    const refused = dialog.getByRole('table', { name: 'Rejected rows' })
    await expect(refused.getByRole('row')).toHaveCount(3)
    await expect(refused.getByRole('row').nth(1).getByRole('cell').nth(1)).toHaveText('3')
    await expect(dialog.getByRole('textbox', { name: 'Name of the set' })).toHaveValue('harmless-base')
    await page.keyboard.press('Control+Enter')
    await expect(dialog).toBeHidden()
  })

  await test.step('what came in, what did not, and what is judged both ways is told', async () => {
    await expect(page.getByRole('main').getByText(/^Imported \d of 6 rows: 2 rejected/)).toBeVisible()
    await page.getByRole('button', { name: 'See the rejected rows' }).click()
    await expect(page.getByRole('table', { name: 'Rejected rows' }).getByRole('row')).toHaveCount(3)
    await expect(setRow(page, 'harmless-base').getByRole('cell').nth(7)).toHaveText('1')
  })

  await test.step('its prompts are found, and open on the bench whole', async () => {
    await page.getByRole('tab', { name: /^Prompts/ }).click()
    await page.getByRole('textbox', { name: 'Search the prompts' }).fill('WHO WAITS')
    const found = page.getByRole('table', { name: 'Prompts' }).getByRole('row')
    await expect(found).toHaveCount(2)
    await found.nth(1).click()
    await expect(prompt(page)).toContainText('The owl.')
    await expect(prompt(page)).toContainText('And who waits?')
    await expect(cards(page)).toContainText('<img src=x onerror="document.title=1"> ⟨U+202E⟩gnorts␇')
    await expect(cards(page).getByRole('img')).toHaveCount(0)
    await page.keyboard.press('Escape')
  })

  await test.step('without a model there is nothing to sample, and the way to one is a click', async () => {
    await page.getByRole('button', { name: 'Sample and rank …' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Fine-tune one in phase 2' }).click()
    await expect(page.getByRole('main', { name: 'Fine-tuning' })).toBeVisible()
  })
})
