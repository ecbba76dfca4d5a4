// The ranking bench as a person works at it: answers of their own model, ranked by keys and by drag, in several sittings,
// and taken back; prompts from a file.
import { expect } from '@playwright/test'
import { dropFiles, openRewardView } from './lab-page.ts'
import { ENGINE_TIMEOUT } from './lab-test.ts'
import {
  bench,
  cards,
  expectJudged,
  heads,
  order,
  questions,
  rankByKeys,
  sample,
  setRow,
  shown,
  test,
} from './ranking-page.ts'

test('ten prompts are ranked by keyboard alone and one by drag, in three sittings, with ties and undo', async ({
  page,
  lab,
}) => {
  test.slow()
  await openRewardView(page, 'Rankings')
  await expect(page.getByText('No rankings yet')).toBeVisible()
  await sample(page, questions, 'forest by me')

  await test.step('the first card comes as soon as it is sampled; four answers take four keys', async () => {
    const four: number[] = []
    for (let i = 0; i < 4; i++) {
      const { answers, presses } = await rankByKeys(page)
      if (answers === 4) four.push(presses)
    }
    expect(four.length).toBeGreaterThan(0)
    expect(Math.max(...four)).toBeLessThanOrEqual(6)
  })

  await test.step('left in the middle of a card, it goes on where it was', async () => {
    await expect(heads(page).first()).toBeVisible()
    const card = await shown(page)
    await page.keyboard.press('2')
    await expect(heads(page).nth(1)).toHaveAccessibleName('Answer 2 1st')
    await page.keyboard.press('Escape')
    await expect(bench(page)).toBeHidden()
    await setRow(page, 'forest by me').getByRole('button', { name: 'Rank: forest by me' }).click()
    await expect(heads(page).nth(1)).toHaveAccessibleName('Answer 2 1st')
    expect(await shown(page)).toBe(card)
    await expectJudged(page, 4)
    await page.keyboard.press('Backspace')
    await expect(heads(page).nth(1)).toHaveAccessibleName('Answer 2 no rank yet')
  })

  await test.step('Enter before all have a rank says what is missing, and stores nothing', async () => {
    await page.keyboard.press('Enter')
    await expect(bench(page).getByRole('status').filter({ hasText: 'Rank the answers first' })).toBeVisible()
    await expectJudged(page, 4)
  })

  await test.step('"=" ties, arrows move the answer that has the focus', async () => {
    await page.keyboard.press('1')
    await page.keyboard.press('=')
    await page.keyboard.press('2')
    await expect(heads(page).nth(1)).toHaveAccessibleName(/^Answer 2 1st, tied/)
    await heads(page).nth(1).focus()
    await page.keyboard.press('ArrowLeft')
    await expect(heads(page).nth(1)).toHaveAccessibleName('Answer 2 1st')
    await expect(heads(page).nth(0)).toHaveAccessibleName(/^Answer 1 2nd/)
    await page.keyboard.press('ArrowRight')
    await expect(heads(page).nth(0)).toHaveAccessibleName(/^Answer 1 1st/)
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Backspace')
    await expect(heads(page).nth(0)).toHaveAccessibleName('Answer 1 no rank yet')
  })

  await test.step('the lab dies and starts again: nothing that was entered is lost, and undo reaches back', async () => {
    const next = await shown(page)
    await lab.killAndStartAgain()
    await page.goto(lab.url)
    await openRewardView(page, 'Rankings')
    // Whatever was not sampled yet goes on when it is asked for.
    const row = setRow(page, 'forest by me')
    await row.getByRole('button', { name: 'More: forest by me' }).click()
    const on = page.getByRole('menuitem', { name: 'Go on sampling' })
    if (await on.isVisible()) await on.click()
    else await page.keyboard.press('Escape')
    await row.getByRole('button', { name: 'Rank: forest by me' }).click()
    await expectJudged(page, 4)
    expect(await shown(page)).toBe(next)
    await page.keyboard.press('u')
    await expectJudged(page, 3)
    const count = await heads(page).count()
    await expect(heads(page).nth(count - 1)).toHaveAccessibleName(`Answer ${count} 1st`)
    await page.keyboard.press('Enter')
    await expectJudged(page, 4)
    expect(await shown(page)).toBe(next)
  })

  await test.step('one is dragged into its order', async () => {
    const count = await heads(page).count()
    const card = (place: number) => cards(page).locator('> div').nth(place)
    await card(count - 1).dragTo(order(page))
    await expect(heads(page).nth(count - 1)).toHaveAccessibleName(/^Answer \d 1st/)
    await card(0).dragTo(order(page).getByText('1st'), { targetPosition: { x: 1, y: 8 } })
    await expect(heads(page).nth(0)).toHaveAccessibleName('Answer 1 1st')
    await expect(heads(page).nth(count - 1)).toHaveAccessibleName(/^Answer \d 2nd/)
    for (let place = 1; place < count - 2; place++) await card(place).dragTo(order(page))
    await page.keyboard.press('Enter')
    await expectJudged(page, 5)
  })

  await test.step('one is skipped, one is all bad, and six more are ranked', async () => {
    await page.keyboard.press('s')
    await expectJudged(page, 6)
    await page.keyboard.press('b')
    await expectJudged(page, 7)
    await page.keyboard.press('u')
    await expect(bench(page).getByRole('status').filter({ hasText: 'Said before: all bad.' })).toBeVisible()
    await page.keyboard.press('b')
    await expectJudged(page, 7)
    for (let i = 0; i < 6; i++) await rankByKeys(page)
    await expectJudged(page, 13)
  })

  await test.step('when all are ranked it says so, and what comes next', async () => {
    while ((await heads(page).count()) > 0 || !(await bench(page).getByText('All ranked').isVisible())) {
      if ((await heads(page).count()) > 0) await rankByKeys(page)
      else await page.waitForTimeout(100)
    }
    await bench(page).getByRole('button', { name: 'Train a reward model' }).click()
    await expect(bench(page)).toBeHidden()
    await openRewardView(page, 'Rankings')
    await expect(setRow(page, 'forest by me')).toContainText('me')
  })
})

test('prompts come from a file that is dropped, and a model that always says the same leaves nothing to rank', async ({
  page,
  lab: _,
}) => {
  await openRewardView(page, 'Rankings')
  await page.getByRole('button', { name: 'Sample and rank …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sample answers and rank them' })
  await expect(dialog.getByRole('radio', { name: 'Demonstrations' })).toBeChecked()
  await dropFiles(page, { name: 'prompts.txt', content: 'Who hides?\nWho sings?\n' })
  await expect(dialog.getByRole('radio', { name: 'Files' })).toBeChecked()
  await expect(dialog).toContainText('prompts.txt')
  // Greedy: every answer to a prompt is the same.
  await dialog.getByRole('slider', { name: 'Temperature' }).focus()
  await page.keyboard.press('Home')
  await dialog.getByRole('textbox', { name: 'At most' }).fill('8')
  await dialog.getByRole('button', { name: 'Start' }).click()
  await expect(bench(page)).toContainText('There is nothing to rank', { timeout: ENGINE_TIMEOUT })
  await bench(page).getByRole('button', { name: 'Sample more answers …' }).click()
  await expect(dialog.getByRole('textbox', { name: 'At most' })).toHaveValue('8')
  await expect(dialog.getByRole('textbox', { name: 'Seed' })).toHaveValue('2')
})
