// Who ranks: several people, one in two windows, labels mended, sets renamed and removed; a labeler that is a rule.
import { expect } from '@playwright/test'
import { openRewardView } from './lab-page.ts'
import { ENGINE_TIMEOUT } from './lab-test.ts'
import { bench, expectJudged, heads, questions, rankByKeys, sample, setRow, test } from './ranking-page.ts'

test('several labelers, a mended label, a set removed and brought back', async ({ page, lab: _ }) => {
  await openRewardView(page, 'Rankings')
  await sample(page, questions.slice(0, 4), 'forest')
  await rankByKeys(page)

  await test.step('another name has a place of its own in the same set', async () => {
    const who = bench(page).getByRole('textbox', { name: 'Who ranks' })
    await expect(who).toHaveValue('me')
    await who.fill('ada')
    await who.press('Enter')
    await expectJudged(page, 0)
    await rankByKeys(page)
    await expect(bench(page).getByRole('region', { name: 'Agreement' })).toContainText('with me')
    // Letters are typed in a field, not obeyed.
    await who.fill('sub')
    await who.press('Escape')
    await expect(who).toHaveValue('ada')
    await expectJudged(page, 1)
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keys of the bench' })).toContainText('Backspace')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog', { name: 'Keys of the bench' })).toBeHidden()
    await expectJudged(page, 1)
    // Ranked meanwhile in another window: that is said, and nothing is overwritten unseen.
    await expect(heads(page).first()).toBeVisible()
    const other = await page.context().newPage()
    await other.goto(page.url())
    await openRewardView(other, 'Rankings')
    await other.getByRole('button', { name: 'Rank: forest' }).click()
    await expect(heads(other).first()).toBeVisible()
    await other.keyboard.press('b')
    await expectJudged(other, 2)
    await page.keyboard.press('s')
    await expect(bench(page).getByRole('status').last()).toContainText('ranked meanwhile in another window')
    await expectJudged(page, 2)
    await page.keyboard.press('u')
    await expectJudged(page, 1)
    await other.close()
    await page.keyboard.press('Home')
    await expect(bench(page)).toBeHidden()
  })

  await test.step('a prompt of the table opens on the bench, and its label is changed and changed back', async () => {
    const row = page.getByRole('table', { name: 'Prompts' }).getByRole('row').nth(1)
    const best = row.getByRole('cell').nth(2)
    await expect(row).toContainText('ranked by')
    const before = await best.innerText()
    await row.click()
    await expect(bench(page)).toHaveAccessibleName(/^Mend a label/)
    const count = await heads(page).count()
    await expect(heads(page).filter({ hasText: '1st' })).toHaveCount(1)
    // The window takes the focus a moment after it opens.
    await expect(bench(page).locator('[data-autofocus]')).toBeFocused()
    // From worst to best: what was last is first now.
    const ranked = await heads(page).evaluateAll(buttons => buttons.map(each => each.textContent))
    const last = ranked.findIndex(name => name.includes(` ${['', '', '2nd', '3rd', '4th'][count]}`))
    await heads(page).nth(last).focus()
    for (let i = 1; i < count; i++) await page.keyboard.press('ArrowLeft')
    await expect(heads(page).filter({ hasText: '1st' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(bench(page)).toBeHidden()
    await expect(page.getByText('The label is changed.')).toBeVisible()
    await expect(best).not.toHaveText(before)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(best).toHaveText(before)
    // What it says already is no change.
    await row.click()
    await expect(heads(page).filter({ hasText: '1st' })).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(bench(page)).toBeHidden()
    await expect(page.getByText('The label stays as it was')).toBeVisible()
    await expect(best).toHaveText(before)
  })

  await test.step('rankings and pairs are exported', async () => {
    await page.getByRole('button', { name: 'More: forest' }).click()
    await page.getByRole('menuitem', { name: 'Export rankings' }).click()
    await expect(page.getByText(/prompts? written to .*\.jsonl/)).toBeVisible()
  })

  await test.step('the set is renamed, removed, and comes back with its rankings', async () => {
    await page.getByRole('button', { name: 'Rename: forest' }).click()
    await page.getByRole('textbox', { name: 'New name of forest' }).fill('<b>wood</b>')
    await page.keyboard.press('Enter')
    await expect(setRow(page, '<b>wood</b>')).toContainText(/ada 1, me 1|me 1, ada 1/)
    await page.getByRole('button', { name: 'More: <b>wood</b>' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await expect(page.getByText('No rankings yet')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(setRow(page, '<b>wood</b>')).toContainText(/ada 1, me 1|me 1, ada 1/)
  })
})

test('a simulated labeler ranks a set, is called simulated, and tells its ceiling', async ({
  page,
  lab: _,
}) => {
  await openRewardView(page, 'Rankings')
  await sample(page, questions, 'forest')
  await expect(heads(page).first()).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await page.keyboard.press('Escape')
  await expect(setRow(page, 'forest').getByRole('cell').nth(3)).toHaveText('14', { timeout: ENGINE_TIMEOUT })
  await page.getByRole('button', { name: 'More: forest' }).click()
  await page.getByRole('menuitem', { name: 'Let a simulated labeler rank' }).click()
  const dialog = page.getByRole('dialog', { name: /^Simulated labeler/ })
  await expect(dialog.getByRole('radio', { name: 'Truth, then style' })).toBeDisabled()
  await expect(dialog.getByRole('radio', { name: 'Longer wins' })).toBeChecked()
  await dialog.getByRole('slider', { name: 'Noise' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(dialog).toContainText('exceed 89%')
  await page.keyboard.press('ArrowLeft')
  await expect(dialog).toContainText('exceed 90%')
  await dialog.getByRole('button', { name: 'Rank all' }).click()
  await expect(dialog).toBeHidden()
  await expect(setRow(page, 'forest')).toContainText('simulated', { timeout: ENGINE_TIMEOUT })
  await page.getByRole('tab', { name: 'Agreement' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('90%')
  await expect(page.getByRole('tabpanel')).toContainText('simulated')
})
