// What each phase brought, as a person finds out: models answer the same prompts, a blind tournament of ten votes in two
// sittings, and the answers behind a number.
import { expect, type Locator, type Page } from '@playwright/test'
import { barriersHere } from './barriers.ts'
import { forestQuestions, forestText } from './forest-text.ts'
import { openTab } from './lab-page.ts'
import { ENGINE_TIMEOUT, test } from './lab-test.ts'
import { testWith } from './trained-workspace.ts'

const tournament = (page: Page): Locator => page.getByRole('dialog', { name: 'Which answer is better?' })
const region = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })
const prompts = Array.from({ length: 14 }, (_, i) => `Who is under tree ${i}?`)

/** What lies on the table: the prompt and both answers. */
const onTable = (page: Page): Promise<string[]> => tournament(page).getByRole('region').allInnerTexts()

const expectVoted = (page: Page, votes: number) =>
  expect(tournament(page).getByTestId('voted')).toHaveText(new RegExp(`^${votes} of \\d+ pairs$`))

test('without a model it says what comes first, and leads there', async ({ page, lab: _ }) => {
  await openTab(page, 'Evaluate')
  await expect(page.getByText('No model to evaluate yet')).toBeVisible()
  await page.getByRole('button', { name: 'Train a base model' }).click()
  await expect(page.getByRole('main', { name: 'Pre-training' })).toBeVisible()
})

testWith({ text: forestText, demonstrations: forestQuestions })(
  'base and fine-tuned model are compared blind by ten votes, and every number opens its answers',
  async ({ page, lab }) => {
    test.slow()
    const found: string[] = []
    await openTab(page, 'Evaluate')

    await test.step('the newest lineage is proposed, and asked what one types', async () => {
      const models = region(page, 'Models')
      await expect(models).toContainText('forest base')
      await expect(models).toContainText('forest assistant')
      const start = page.getByRole('main').getByRole('button', { name: /^Evaluate/ })
      await expect(start).toHaveAccessibleDescription('Type at least one prompt.')
      await page.getByRole('textbox', { name: 'Prompts' }).fill(prompts.join('\n'))
      await expect(page.getByRole('main')).toContainText('About 56 answers, and the sums')
      found.push(...(await barriersHere(page, 'a new evaluation')))
      await page.getByRole('textbox', { name: 'Prompts' }).press('Control+Enter')
      await expect(page.getByRole('button', { name: 'Vote blind' })).not.toHaveAttribute(
        'aria-disabled',
        'true',
        {
          timeout: ENGINE_TIMEOUT,
        },
      )
    })

    await test.step('four votes by key; a tie counts apart, a skip is none, an undo brings the pair back', async () => {
      await page.getByRole('button', { name: 'Vote blind' }).click()
      await expectVoted(page, 0)
      await expect(tournament(page)).not.toContainText(/base|SFT|forest assistant/i)
      found.push(...(await barriersHere(page, 'the blind tournament')))
      for (const [i, key] of ['1', '2', 't', 's'].entries()) {
        await page.keyboard.press(key)
        await expectVoted(page, i + 1)
      }
      const fifth = await onTable(page)
      await page.keyboard.press('1')
      await expectVoted(page, 5)
      await page.keyboard.press('u')
      await expectVoted(page, 4)
      expect(await onTable(page)).toEqual(fifth)
    })

    await test.step('the lab dies in the middle, and the tournament goes on at the same pair', async () => {
      const next = await onTable(page)
      await lab.killAndStartAgain()
      await page.goto(lab.url)
      await openTab(page, 'Evaluate')
      await page.getByRole('button', { name: 'Go on voting' }).click()
      await expectVoted(page, 4)
      expect(await onTable(page)).toEqual(next)
    })

    await test.step('after eleven pairs ten are votes; who leads is told only when one asks', async () => {
      for (let voted = 5; voted <= 11; voted++) {
        await page.keyboard.press(voted % 3 === 0 ? '2' : '1')
        await expectVoted(page, voted)
      }
      await expect(region(page, 'Your votes')).toBeHidden()
      await page.keyboard.press('Escape')
      await expect(tournament(page)).toBeHidden()
      await expect(page.getByText('Judged by you: 10 votes')).toBeVisible()
      await expect(page.getByText(/^Hidden while you vote/)).toBeVisible()
      await page.getByRole('button', { name: 'Reveal my votes so far' }).click()
      const figure = page.getByRole('listitem').filter({ hasText: '95% interval' })
      await expect(figure.first()).toBeVisible()
      await expect(page.getByRole('main')).toContainText('SFT over Base')
      found.push(...(await barriersHere(page, 'a report')))
    })

    await test.step('every number opens the answers behind it', async () => {
      await page
        .getByRole('button', { name: /95% interval/ })
        .first()
        .click()
      const dialog = page.getByRole('dialog', { name: /^SFT over Base/ })
      const rows = dialog.getByRole('table', { name: 'Answers' }).getByRole('row')
      await expect(rows.nth(1)).toContainText('Who is under tree')
      await rows.nth(1).click()
      await expect(dialog.getByRole('region', { name: 'The question that was opened' })).toContainText('sure')
      await dialog.getByRole('textbox', { name: 'Find in prompts and answers' }).fill('no such words')
      await expect(dialog).toContainText('No answer is like that.')
      found.push(...(await barriersHere(page, 'the answers behind a number')))
      await page.keyboard.press('Escape')
      await expect(dialog).toBeHidden()
    })

    await test.step('an evaluation is renamed, and deleted with undo', async () => {
      const past = page.getByRole('list', { name: 'Past evaluations' })
      await past.getByRole('button', { name: /^Rename/ }).click()
      await page.getByRole('textbox', { name: /^New name/ }).fill('ten votes')
      await page.keyboard.press('Enter')
      await past.getByRole('button', { name: 'Delete ten votes' }).click()
      await expect(page.getByText('Nothing was evaluated yet')).toBeVisible()
      await page.getByRole('button', { name: 'Undo' }).click()
      await expect(past).toContainText('ten votes')
      await expect(past).toContainText('10 votes')
    })
    expect(found).toEqual([])
  },
)
