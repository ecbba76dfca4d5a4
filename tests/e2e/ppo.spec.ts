// Phase 4 as a person meets it: a rule that rewards, a few updates, one answer under the microscope, and a blind vote.
import { expect, type Locator, type Page } from '@playwright/test'
import { barriersHere } from './barriers.ts'
import { forestQuestions, forestText } from './forest-text.ts'
import { expectRun, now, openTab, recipe } from './lab-page.ts'
import { ENGINE_TIMEOUT, test } from './lab-test.ts'
import { testWith } from './trained-workspace.ts'

const field = (page: Page, name: string): Locator => recipe(page).getByRole('textbox', { name, exact: true })

async function openPpoView(page: Page, view: 'Train' | 'Microscope' | 'Alarm'): Promise<void> {
  const views = page.getByRole('radiogroup', { name: 'Views of reinforcement learning' })
  await views.getByText(view, { exact: true }).click()
  await expect(views.getByRole('radio', { name: view })).toBeChecked()
}

test('without a fine-tuned model it says what comes first', async ({ page, lab: _ }) => {
  await openTab(page, 'Reinforcement')
  await expect(recipe(page)).toContainText('No fine-tuned model yet')
  await expect(recipe(page).getByRole('button', { name: 'Start' })).toHaveAccessibleDescription(
    'There is no fine-tuned model yet: train one in phase 2.',
  )
  await openPpoView(page, 'Microscope')
  await expect(page.getByText('Nothing to look at yet')).toBeVisible()
  await page.getByRole('button', { name: 'Start a run' }).click()
  await expect(recipe(page)).toBeVisible()
})

testWith({ text: forestText, demonstrations: forestQuestions })(
  'a pattern rewards, answers are looked at token by token, and compared blind',
  async ({ page, lab: _ }) => {
    test.slow()
    const found: string[] = []
    await openTab(page, 'Reinforcement')

    await test.step('what is rewarded is chosen, and what is wrong with it is said beside it', async () => {
      const start = recipe(page).getByRole('button', { name: /^Start/ })
      await expect(start).toHaveAccessibleDescription('Choose what answers are rewarded for.')
      await recipe(page).getByRole('combobox', { name: 'Add a reward' }).click()
      await page.getByRole('option', { name: /^Pattern/ }).click()
      await field(page, 'Pattern').fill('(t')
      await expect(
        recipe(page).getByRole('status').filter({ hasText: 'is no regular expression' }),
      ).toBeVisible()
      await field(page, 'Pattern').fill('t')
      await recipe(page)
        .getByRole('button', { name: /^Advanced/ })
        .click()
      for (const [name, value] of Object.entries({
        Updates: '3',
        Batch: '8',
        'Epochs per update': '1',
        'Answer length': '8',
        'Learning rate': '0.01',
        'Value warm-up': '0',
        Minibatches: '1',
        'Evaluate every': '1',
        'Evaluation size': '1',
        Validation: '0.3',
      }))
        await field(page, name).fill(value)
      found.push(...(await barriersHere(page, 'the recipe of phase 4')))
      await field(page, 'Updates').press('Control+Enter')
    })

    await test.step('the run is watched: curves, the doctor, the same prompts with their rewards', async () => {
      await expectRun(page, 'Finished')
      await expect(now(page).getByText('3 of 3 updates')).toBeVisible()
      await expect(now(page).getByRole('region', { name: 'Doctor' })).toBeVisible()
      await expect(
        now(page).getByRole('figure', { name: /^Reward against √KL\. Reward (rose|fell)/ }),
      ).toBeVisible()
      await expect(page.getByTitle('Reward of this answer').first()).toHaveText(/^[−\d.]+$/)
      found.push(...(await barriersHere(page, 'a run of phase 4')))
    })

    await test.step('one answer lies under the microscope, token by token, in every update', async () => {
      await openPpoView(page, 'Microscope')
      const update = page.getByText(/^Update \d of 3$/)
      await expect(update).toHaveText('Update 3 of 3', { timeout: ENGINE_TIMEOUT })
      await page.keyboard.press('PageUp')
      await expect(update).toHaveText('Update 2 of 3')
      const answer = page.getByRole('group', { name: 'The answer, token by token' })
      for (const lane of ['Log-prob now', 'Reference', 'KL charge', 'Score', 'Value', 'Advantage', 'Ratio'])
        await expect(answer.getByRole('rowheader', { name: lane, exact: true })).toBeVisible()
      await answer.focus()
      await page.keyboard.press('ArrowRight')
      await expect(
        page.getByText(/^Token \d of \d, “.*”: probability [\d.e-]+%, under the fine-tuned/),
      ).toBeVisible()
      // Of the first update both models are the same one.
      await page.getByRole('button', { name: 'Earlier update' }).click()
      await expect(update).toHaveText('Update 1 of 3')
      const first = answer.getByRole('row', { name: /^KL charge/ }).getByRole('cell')
      for (const charge of await first.allInnerTexts()) expect(charge.trim()).toMatch(/^−?0$/)
      found.push(...(await barriersHere(page, 'the microscope')))
    })

    await test.step('two answers are compared blind, and how they stand is told when one asks', async () => {
      await openPpoView(page, 'Alarm')
      await page.getByRole('button', { name: /^Compare (10|\d) answers? of update 3 blind/ }).click()
      const dialog = page.getByRole('dialog', { name: 'Which answer is better?' })
      await expect(dialog.getByTestId('voted')).toHaveText(/^0 of \d+ pairs$/)
      await page.keyboard.press('1')
      await expect(dialog.getByTestId('voted')).toHaveText(/^1 of/)
      await page.keyboard.press('u')
      await expect(dialog.getByTestId('voted')).toHaveText(/^0 of/)
      await page.keyboard.press('2')
      await expect(dialog.getByTestId('voted')).toHaveText(/^1 of/)
      await page.keyboard.press('Escape')
      await expect(page.getByRole('button', { name: /^Go on with update 3: 1 of \d+$/ })).toBeVisible()
      const standing = page.getByRole('status').filter({ hasText: 'by your votes' })
      await expect(standing).toHaveCount(0)
      await page.getByRole('button', { name: 'Reveal my votes so far' }).click()
      await expect(standing).toContainText('of 1, 95% interval')
      found.push(...(await barriersHere(page, 'the alarm')))
    })
    expect(found).toEqual([])
  },
)
