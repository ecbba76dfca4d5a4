// What a person does at the ranking bench and with sets of rankings.
import { expect, type Locator, type Page } from '@playwright/test'
import { forestQuestions, forestText } from './forest-text.ts'
import { ENGINE_TIMEOUT } from './lab-test.ts'
import { testWith } from './trained-workspace.ts'

/** A lab whose fine-tuned model answers about the forest. */
export const test = testWith({ text: forestText, demonstrations: forestQuestions })

export const bench = (page: Page): Locator => page.getByRole('dialog', { name: /^(Rank|Mend a label): / })
export const cards = (page: Page): Locator => bench(page).getByRole('group', { name: 'Answers' })
export const heads = (page: Page): Locator => cards(page).getByRole('button', { name: /^Answer \d/ })
export const order = (page: Page): Locator =>
  bench(page).getByRole('list', { name: 'Order, from best to worst' })
export const prompt = (page: Page): Locator => bench(page).getByRole('region', { name: 'Prompt' })
const sets = (page: Page): Locator => page.getByRole('table', { name: 'Sets of rankings' })
export const setRow = (page: Page, name: string): Locator =>
  sets(page).getByRole('row').filter({ hasText: name })

/** Prompts that are judged, as the head of the bench says. */
async function judged(page: Page): Promise<number> {
  const told = await bench(page).getByTestId('standing').innerText()
  return Number(told.split(' ', 1)[0]!.replaceAll(',', ''))
}
export const expectJudged = (page: Page, count: number) =>
  expect.poll(() => judged(page), { timeout: ENGINE_TIMEOUT }).toBe(count)

/** What stands on the bench: the prompt, and the answers in their places. */
export const shown = async (page: Page): Promise<string> =>
  JSON.stringify([
    await prompt(page).innerText(),
    await cards(page)
      .getByRole('region', { name: /^Text of answer/ })
      .allInnerTexts(),
  ])

export const questions = Array.from({ length: 14 }, (_, i) => `Which animal waits under tree ${i}?`)

/** Asks for answers to these questions; the bench opens at once. */
export async function sample(page: Page, prompts: readonly string[], name: string): Promise<void> {
  await page.getByRole('button', { name: 'Sample and rank …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sample answers and rank them' })
  await dialog.getByText('Own text', { exact: true }).click()
  await dialog.getByRole('textbox', { name: 'Prompts' }).fill(prompts.join('\n'))
  await dialog.getByRole('textbox', { name: 'At most' }).fill('10')
  await dialog.getByRole('textbox', { name: 'Name of the set' }).fill(name)
  await expect(dialog).toContainText(
    `${prompts.length} prompts, 4 answers each: ${prompts.length * 4} answers`,
  )
  await page.keyboard.press('Control+Enter')
  await expect(dialog).toBeHidden()
  await expect(bench(page)).toBeVisible()
}

/** Ranks the card on the bench by number keys, in a turned order. @returns answers and keys pressed */
export async function rankByKeys(page: Page): Promise<{ answers: number; presses: number }> {
  await expect(heads(page).first()).toBeVisible({ timeout: ENGINE_TIMEOUT })
  const before = await judged(page)
  const answers = await heads(page).count()
  let presses = 0
  for (let key = answers; key > 1; key--) {
    await page.keyboard.press(String(key))
    presses++
  }
  await expect(heads(page).first()).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('Enter')
  await expectJudged(page, before + 1)
  return { answers, presses: presses + 1 }
}
