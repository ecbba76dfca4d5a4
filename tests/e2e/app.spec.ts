// From a file in the hand to a model that completes text, in a real browser, as a person goes about it; once for each
// backend that a page can compute with.
import { expect, type Page } from '@playwright/test'
import { forestText } from './forest-text.ts'
import {
  dropFiles,
  expectRun,
  expectSteps,
  lossCurve,
  now,
  openView,
  recipe,
  startRun,
  stepsMade,
  tinyRun,
} from './lab-page.ts'
import type { Backend } from './lab-process.ts'
import { ENGINE_TIMEOUT, test } from './lab-test.ts'

const file = { name: 'forest.txt', content: forestText }

async function dropForest(page: Page): Promise<void> {
  await dropFiles(page, file)
  await expect(recipe(page).getByRole('region', { name: 'Sources' })).toContainText('forest')
}

async function trainTokenizer(page: Page): Promise<void> {
  await openView(page, 'Tokens')
  await page.getByRole('tab', { name: 'Train a tokenizer' }).click()
  await page.getByRole('textbox', { name: 'Vocabulary', exact: true }).fill('300')
  await page.getByRole('button', { name: 'Train tokenizer' }).click()
  await expect(page.getByRole('table', { name: 'Tokenizers' })).toContainText('forest')
}

/** Ends the run that is under way a few steps from where it stands. */
async function finishSoon(page: Page): Promise<void> {
  await now(page).getByRole('button', { name: 'Stop and keep' }).click()
  await expectRun(page, 'Stopped')
  await now(page)
    .getByRole('button', { name: /^Continue longer/ })
    .click()
  await page.getByRole('textbox', { name: 'New number of steps' }).fill(String((await stepsMade(page)) + 5))
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  await expectRun(page, 'Finished')
}

async function complete(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Give it a prompt' }).click()
  const text = page.getByRole('textbox', { name: 'Text' })
  await text.fill('The old fox')
  const bars = page.getByRole('listitem').getByRole('button', { name: /probability/ })
  await expect(bars).toHaveCount(12, { timeout: ENGINE_TIMEOUT })
  // Until then they are those of the text before, and cannot be taken.
  await expect(page.getByRole('main').locator('[aria-busy=true]')).toHaveCount(0, { timeout: ENGINE_TIMEOUT })
  const likeliest = bars.first()
  await expect(likeliest).toHaveAccessibleName(/%/)
  await likeliest.click()
  await expect(text).not.toHaveValue('The old fox')
  await expect(text).toHaveValue(/^The old fox/)
  await page.getByRole('textbox', { name: 'At most' }).fill('6')
  await page.getByRole('button', { name: 'Let it run' }).click()
  await expect(
    page.getByText(/^(Stopped at the maximum length\. 6 tokens|The model ended the text\.)/),
  ).toBeVisible({
    timeout: ENGINE_TIMEOUT,
  })
  await expect(bars.first()).toHaveAccessibleName(/%/)
  await expect(page.getByRole('group', { name: /^Prompt and continuation/ })).toContainText('fox')
}

const ways: Record<Backend, { tokenizer: string; prepare: (page: Page) => Promise<void> }> = {
  wasm: { tokenizer: 'its own tokenizer, made beforehand', prepare: trainTokenizer },
  webgpu: { tokenizer: 'a tokenizer that Start trains', prepare: async () => {} },
}

for (const backend of ['wasm', 'webgpu'] as const)
  test.describe(`on ${backend}`, () => {
    test.use({ backend })

    test(`a dropped file becomes a model that completes text, with ${ways[backend].tokenizer}`, async ({
      page,
      lab: _,
    }) => {
      await dropForest(page)
      await ways[backend].prepare(page)
      await startRun(page, tinyRun)
      await expectRun(page, 'Training')

      await expectSteps(page, 3)
      const early = await lossCurve(page)
      expect(early).toBeTruthy()
      await expect.poll(() => lossCurve(page), { timeout: ENGINE_TIMEOUT }).not.toBe(early)

      await now(page).getByRole('button', { name: 'Pause' }).click()
      await expectRun(page, 'Paused')
      const paused = await stepsMade(page)
      await now(page).getByRole('button', { name: 'Resume' }).click()
      await expectRun(page, 'Training')
      await expectSteps(page, paused + 1)

      await finishSoon(page)
      await complete(page)
    })
  })

test('reloading the page again and again is no failure of the engine: it is there at once each time', async ({
  page,
  lab: _,
}) => {
  for (let i = 0; i < 6; i++) {
    await expect(page.getByRole('contentinfo')).toContainText('WASM', { timeout: ENGINE_TIMEOUT })
    await page.reload()
  }
  await expect(page.getByRole('contentinfo')).toContainText('WASM', { timeout: ENGINE_TIMEOUT })
  await expect(page.getByText('The engine was lost')).toHaveCount(0)
})

test('reloading the page in the middle of a run loses nothing, and the run goes on by itself', async ({
  page,
  lab: _,
}) => {
  await dropForest(page)
  await startRun(page, { ...tinyRun, 'Checkpoint every': '50' })
  await expectRun(page, 'Training')
  await expectSteps(page, 60)
  await page.reload()
  await expect(now(page).getByText('forest 1x16')).toBeVisible()
  await expectRun(page, 'Training')
  const reloaded = await stepsMade(page)
  expect(reloaded).toBeGreaterThanOrEqual(50)
  await expectSteps(page, reloaded + 60)
  await expect(recipe(page).getByRole('region', { name: 'Sources' })).toContainText('forest')
  expect(await lossCurve(page)).toBeTruthy()
})

test('killing the lab in the middle of a run loses nothing: started again, the run goes on from its checkpoint', async ({
  page,
  lab,
}) => {
  await dropForest(page)
  await startRun(page, { ...tinyRun, 'Checkpoint every': '50' })
  await expectRun(page, 'Training')
  await expectSteps(page, 60)
  await lab.killAndStartAgain()
  await page.goto(lab.url)
  await expectRun(page, 'Interrupted')
  expect(await stepsMade(page)).toBeGreaterThanOrEqual(50)
  await now(page).getByRole('button', { name: 'Resume' }).click()
  await expectRun(page, 'Training')
  await expectSteps(page, (await stepsMade(page)) + 60)
})
