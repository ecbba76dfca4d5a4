// Phase 3's second half as a person goes about it: rankings by a stated rule, a reward model trained on them, the verdict
// that names what it goes by, a label mended, and the playground that shows which tokens a score hangs on.
import { expect, type Locator, type Page } from '@playwright/test'
import { expectNoBarriers } from './barriers.ts'
import { forestQuestions, forestText } from './forest-text.ts'
import { expectRun, expectSteps, now, openRewardView, openTab, recipe, stepsMade } from './lab-page.ts'
import { ENGINE_TIMEOUT, test } from './lab-test.ts'
import { testWith } from './trained-workspace.ts'

const trees = ['oak', 'elm', 'beech', 'fir', 'ash', 'birch', 'willow']
/** Distinct, for equal prompts stand on one side of the split. */
const prompts = Array.from({ length: 120 }, (_, i) => `Who is under the ${trees[i % 7]} ${i}?`)

/** Samples answers of the fine-tuned model; what is sampled is ranked later. */
async function sampleAnswers(page: Page): Promise<void> {
  await openRewardView(page, 'Train')
  await recipe(page).getByRole('button', { name: 'Sample and rank …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sample answers and rank them' })
  await dialog.getByText('Own text', { exact: true }).click()
  await dialog.getByRole('textbox', { name: 'Prompts' }).fill(prompts.join('\n'))
  await dialog.getByRole('textbox', { name: 'Name of the set' }).fill('by length')
  await dialog.getByRole('textbox', { name: 'Name of the set' }).press('Control+Enter')
  await expect(dialog).toBeHidden()
  await page.keyboard.press('Escape')
  await openRewardView(page, 'Rankings')
  await expect(page.getByText(`0 of ${prompts.length} judged`, { exact: true })).toBeVisible({
    timeout: ENGINE_TIMEOUT,
  })
}

/** Lets the rule "longer wins" rank all of them, with a tenth of its labels turned round. */
async function simulateLabels(page: Page): Promise<void> {
  await page.getByRole('row').filter({ hasText: 'by length' }).getByRole('button', { name: /^More/ }).click()
  await page.getByRole('menuitem', { name: /simulated labeler/ }).click()
  const dialog = page.getByRole('dialog', { name: /^Simulated labeler/ })
  await dialog.getByRole('radio', { name: /longer/i }).check()
  await dialog.getByRole('button', { name: 'Rank all' }).click()
  await expect(page.getByText('all judged', { exact: true })).toBeVisible({ timeout: ENGINE_TIMEOUT })
}

const verdict = (page: Page): Locator => page.getByRole('region', { name: 'Verdict' })
const scores = (page: Page): Locator => page.getByRole('list', { name: 'Scores' })
const figure = (page: Page, name: string): Locator =>
  page.getByRole('figure', { name: new RegExp(`^${name}`) })

test('without a model every view says what comes first, and leads there', async ({ page, lab: _ }) => {
  await openRewardView(page, 'Train')
  const start = recipe(page).getByRole('button', { name: /^Start/ })
  await expect(start).toHaveAttribute('aria-disabled', 'true')
  await expect(start).toHaveAccessibleDescription('There is no fine-tuned model yet: train one in phase 2.')
  for (const view of ['Report', 'Playground'] as const) {
    await openRewardView(page, view)
    await page.getByRole('button', { name: 'Train one' }).click()
    await expect(recipe(page)).toBeVisible()
  }
  await recipe(page).getByRole('button', { name: 'Train one in phase 2', exact: true }).click()
  await expect(page.getByRole('main', { name: 'Fine-tuning' })).toBeVisible()
})

testWith({ text: forestText, demonstrations: forestQuestions, steps: 200, epochs: 20 })(
  'a model of "longer wins" is trained, found out by its verdict, mended and tried',
  async ({ page, lab: _ }) => {
    await sampleAnswers(page)
    await simulateLabels(page)

    await test.step('the estimate says what the rankings become, and what can be reached', async () => {
      await openRewardView(page, 'Train')
      await expect(recipe(page).getByRole('checkbox', { name: 'by length' })).toBeChecked()
      await expect(recipe(page)).toContainText(/Prompts \d+ \+ \d+/)
      await expect(recipe(page)).toContainText(/Ceiling 90%/)
      await expect(recipe(page)).toContainText('simulated labeler')
    })

    await test.step('prompts that do not fit are listed with their reason, and open on the bench', async () => {
      await recipe(page)
        .getByRole('button', { name: /prompts? ▲/ })
        .click()
      const table = page.getByRole('table', { name: 'Refused prompts' })
      await expect(table.getByRole('row').nth(1)).toContainText('Who is under the')
      await table.getByRole('row').nth(1).click()
      await expect(page.getByRole('dialog')).toContainText('Who is under the')
      await page.keyboard.press('Escape')
      await expect(page.getByRole('dialog')).toHaveCount(0)
    })

    await test.step('it trains against the line of the labels, paused and resumed', async () => {
      await recipe(page)
        .getByRole('button', { name: /^Advanced/ })
        .click()
      const fields = {
        Epochs: '8',
        'Learning rate': '0.001',
        'Evaluate every': '5',
        'Reference answers': '40',
      }
      for (const [label, value] of Object.entries(fields))
        await recipe(page).getByRole('textbox', { name: label, exact: true }).fill(value)
      await recipe(page).getByRole('textbox', { name: 'Epochs', exact: true }).press('Control+Enter')
      await expectRun(page, 'Training')
      await expectSteps(page, 2)
      await now(page).getByRole('button', { name: 'Pause' }).click()
      await expectRun(page, 'Paused')
      const paused = await stepsMade(page)
      await now(page).getByRole('button', { name: 'Resume' }).click()
      await expectRun(page, 'Finished')
      expect(await stepsMade(page)).toBeGreaterThan(paused)
      const accuracy = now(page).getByRole('figure', { name: /^Accuracy/ })
      await expect(accuracy).toHaveAttribute('aria-label', /guessing: 0\.500\. simulated labels: 0\.900$/)
      await expect(accuracy.locator('svg text', { hasText: 'simulated labels' })).toBeVisible()
      await expect(now(page).getByRole('figure', { name: /^Loss/ })).toHaveAttribute('aria-label', /ln 2/)
    })

    await test.step('what it can judge is measured by itself, and the verdict names the length', async () => {
      await expect(verdict(page)).toBeVisible({ timeout: ENGINE_TIMEOUT })
      await expect(verdict(page)).toContainText(/Amber|Red/)
      await expect(verdict(page)).toContainText('Longer answers score higher')
      await expect(verdict(page)).toContainText('What to do:')
      await expect(page.getByRole('table', { name: 'Runs of this phase' })).toContainText(/Amber|Red/)
      await expect(page.getByRole('table', { name: 'Runs of this phase' })).toContainText(
        /forest assistant.* step/,
      )
      await expectNoBarriers(page, 'Train')
    })

    await test.step('the report draws how its scores lie, and the same as tables', async () => {
      await page.getByRole('button', { name: 'Read the whole report' }).click()
      for (const name of ['Scores', 'Accuracy by margin', 'Calibration', 'Reward against length'])
        await expect(figure(page, name).locator('svg.recharts-surface').first()).toBeVisible()
      await expect(figure(page, 'Reward against length')).toHaveAttribute(
        'aria-label',
        /longer answers score higher/,
      )
      await page.getByRole('button', { name: 'Scores as a table' }).click()
      await expect(page.getByRole('table', { name: 'Scores' })).toContainText('Winning')
      await expect(page.getByRole('main')).toContainText('Before the labelers’ noise')
      await expect(page.getByRole('main')).toContainText('90%: the labels are simulated')
      await expectNoBarriers(page, 'Report')
    })

    await test.step('a label that it disagrees with opens on the bench, to be mended', async () => {
      const worst = page.getByRole('list', { name: 'Worst disagreements' }).getByRole('listitem').first()
      const prompt = (await worst.innerText()).split('\n')[0]!
      await worst.getByRole('button', { name: 'Fix this label' }).click()
      const bench = page.getByRole('dialog')
      await expect(bench).toContainText(prompt)
      const answers = await bench.getByRole('button', { name: /^Answer \d/ }).count()
      await expect(bench).toContainText('kept under your own name, me')
      // What was said before stands there: the first number begins an order anew.
      for (let i = answers; i > 1; i--) await page.keyboard.press(String(i))
      await page.keyboard.press('Enter')
      await expect(bench).toHaveCount(0)
      const told = page.getByText('The label is changed: your ranking is kept as me')
      await expect(told).toBeVisible()
      await expect(worst).toContainText('Mended; counts from the next training on')
      await page.getByRole('status').filter({ has: told }).getByRole('button', { name: 'Undo' }).click()
      await expect(worst).not.toContainText('Mended')
      // The same again says nothing new.
      await worst.getByRole('button', { name: 'Fix this label' }).click()
      await expect(bench).toContainText(prompt)
      await page.keyboard.press('Escape')
      await expect(bench).toHaveCount(0)
      await expect(verdict(page)).toBeVisible()
    })

    await test.step('the playground scores two responses and shows what their scores hang on', async () => {
      await page.getByRole('button', { name: 'Try it in the playground' }).click()
      const write = (name: string, text: string) =>
        page.getByRole('textbox', { name, exact: true }).fill(text)
      await write('Prompt', 'Who is under the oak?')
      await write('Response 1', 'A fox.')
      await write('Response 2', 'The old hare sings under the oak. The grey owl waits under the elm.')
      // Without a key: after a pause in typing.
      await expect(scores(page).getByRole('region')).toHaveCount(2, { timeout: ENGINE_TIMEOUT })
      await expect(page.getByRole('main')).toContainText(/It puts 2 before 1, and is \d+% sure\./)
      await page.getByRole('switch', { name: 'Best first' }).check()
      await expect(scores(page).getByRole('region').first()).toHaveAccessibleName('Response 2')
      const tokens = scores(page).getByRole('group', { name: /^Response 1/ })
      await tokens.focus()
      await page.keyboard.press('ArrowRight')
      await expect(scores(page)).toContainText(/moves the score by [+−]?\d+\.\d\d, to/)
      // After the last token it is the score itself.
      for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowRight')
      const response = scores(page).getByRole('region', { name: 'Response 1' })
      const score = await response.locator('output').innerText()
      await expect(response).toContainText(`to ${score} if the response ended here`)
      await expectNoBarriers(page, 'Playground')
    })

    await test.step('hostile text is text, at once by Ctrl+Enter; a response comes back where it stood', async () => {
      await page.getByRole('button', { name: 'Add a response' }).click()
      await page.keyboard.type('<img src=x onerror=alert(1)>\u202e')
      await page.keyboard.press('Control+Enter')
      await expect(scores(page).getByRole('region')).toHaveCount(3, { timeout: ENGINE_TIMEOUT })
      await expect(page.locator('img')).toHaveCount(0)
      await page.getByRole('button', { name: 'Remove response 1' }).click()
      await expect(scores(page).getByRole('region')).toHaveCount(2, { timeout: ENGINE_TIMEOUT })
      const removed = page.getByRole('status').filter({ hasText: 'Removed response 1' })
      await removed.getByRole('button', { name: 'Undo' }).click()
      await expect(page.getByRole('textbox', { name: 'Response 1', exact: true })).toHaveValue('A fox.')
    })

    await test.step('the report outlives a reload; Overview and Runs lead to it, and the chat offers no scorer', async () => {
      await page.reload()
      await openTab(page, 'Overview')
      const card = page.getByRole('listitem').filter({ hasText: 'Reward modelling' })
      await expect(card).toContainText(`${prompts.length} prompts ranked by a simulated labeler`)
      await expect(card).toContainText(/Amber|Red/)
      await card.getByRole('button', { name: 'Read the verdict' }).click()
      await expect(verdict(page)).toContainText('Longer answers score higher')
      await openTab(page, 'Runs')
      await page.getByRole('table', { name: 'Runs' }).getByRole('row').filter({ hasText: 'reward' }).click()
      await expect(page.getByRole('tab', { name: 'Checkpoints' })).toBeVisible()
      await expect(page.getByRole('tab', { name: 'Samples' })).toHaveCount(0)
      await expect(page.getByText('by length → forest assistant reward')).toBeVisible()
      await page.getByRole('button', { name: 'Read what it can judge' }).click()
      await expect(verdict(page)).toBeVisible()
      await openTab(page, 'Chat')
      await page.getByRole('button', { name: 'Add a column' }).click()
      await page.getByRole('combobox', { name: 'Model of column 1' }).click()
      await expect(page.getByRole('option').first()).toBeVisible()
      await expect(page.getByRole('option', { name: /reward/ })).toHaveCount(0)
    })
  },
)
