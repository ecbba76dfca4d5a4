// The playground while a run trains on: the model stays the chosen one, fields that cannot be used say so, keys work.
import { expect } from '@playwright/test'
import { forestText } from './forest-text.ts'
import { dropFiles, expectSteps, now, openTab, openView, recipe, startRun, tinyRun } from './lab-page.ts'
import { ENGINE_TIMEOUT, test } from './lab-test.ts'

test('a person lets a model write while it trains on', async ({ page, lab: _ }) => {
  await dropFiles(page, { name: 'forest.txt', content: forestText })
  await expect(recipe(page).getByRole('region', { name: 'Sources' })).toContainText('forest')
  // Large enough that 4,000 tokens take some seconds to write.
  const model = { Layers: '6', Heads: '4', Width: '128', Context: '64' }
  await startRun(page, { ...tinyRun, ...model, 'Checkpoint every': '100', 'Evaluate every': '100' })
  await expectSteps(page, 200)

  await test.step('the model stays the chosen one, and says when it is gone', async () => {
    await openView(page, 'Complete')
    const model = page.getByRole('combobox', { name: 'Model' })
    await expect(model).toHaveValue(/step/)
    const chosen = await model.inputValue()
    await expect(page.getByText(/was deleted: a run keeps/).first()).toBeVisible({ timeout: ENGINE_TIMEOUT })
    expect(await model.inputValue()).toBe(`${chosen.replace(' · best', '')} (gone)`)
    await expect(page.getByRole('button', { name: 'Let it run' })).toHaveAttribute('aria-disabled', 'true')
    await page.getByRole('button', { name: 'Use the newest of this run' }).click()
    await model.click()
    await page.getByRole('option', { name: /^Newest of/ }).click()
    await expect(model).toHaveValue(/^Newest of/)
  })

  await test.step('a field that cannot be used says so', async () => {
    const run = page.getByRole('button', { name: 'Let it run' })
    for (const [field, value] of [
      ['Top-k', '-3'],
      ['Top-k', ''],
      ['Seed', ''],
      ['At most', '0'],
    ] as const) {
      const box = page.getByRole('textbox', { name: field, exact: true })
      const before = await box.inputValue()
      await box.fill(value)
      await box.blur()
      await expect(box).toHaveValue(value)
      await expect(run).toHaveAttribute('aria-disabled', 'true')
      await expect(run).toHaveAccessibleDescription(new RegExp(`${field} must be a whole number`))
      await box.fill(before)
      await expect(run).not.toHaveAttribute('aria-disabled', 'true')
    }
  })

  await test.step('Escape stops the writing from anywhere, the newest text in view', async () => {
    await page.getByRole('textbox', { name: 'At most' }).fill('4000')
    await expect(page.getByRole('textbox', { name: 'At most' })).toHaveValue('4,000')
    await page.getByRole('button', { name: 'Let it run' }).click()
    await expect(page.getByText(/^Writing … [\d,]{3,} tokens/)).toBeVisible({ timeout: ENGINE_TIMEOUT })
    const text = page.getByRole('textbox', { name: 'Text' })
    await expect
      .poll(() => text.evaluate(box => box.scrollHeight - box.scrollTop - box.clientHeight))
      .toBeLessThan(60)
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('Escape')
    await expect(page.getByText(/^Stopped by you/)).toBeVisible({ timeout: 5000 })
  })

  await test.step('Ctrl+N leads to the recipe', async () => {
    await page.keyboard.press('Control+n')
    await expect(recipe(page).locator(':focus')).toBeVisible()
  })
  await openTab(page, 'Pre-training')
  await now(page).getByRole('button', { name: 'Pause' }).click()
})
