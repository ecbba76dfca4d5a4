// What a person does in the window, in their words: drop a file, fill the recipe, start, look at the curve.
import { expect, type Locator, type Page } from '@playwright/test'
import { ENGINE_TIMEOUT } from './lab-test.ts'

export interface DroppedFile {
  readonly name: string
  readonly content: string | Uint8Array
}

/** Lets go of files over the window, as a file manager does. */
export async function dropFiles(page: Page, ...files: readonly DroppedFile[]): Promise<void> {
  const given = files.map(({ name, content }) => ({ name, bytes: [...Buffer.from(content)] }))
  await page.evaluate(given => {
    const transfer = new DataTransfer()
    for (const { name, bytes } of given) transfer.items.add(new File([new Uint8Array(bytes)], name))
    for (const type of ['dragover', 'drop'])
      document.body.dispatchEvent(
        new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }),
      )
  }, given)
}

export const tabButtons = (page: Page): Locator =>
  page.getByRole('navigation', { name: 'Tabs' }).getByRole('button')

export const openTab = (page: Page, title: string): Promise<void> =>
  tabButtons(page).filter({ hasText: title }).click()

/** Waits until the messages in the corner have faded. */
export const noToasts = (page: Page): Promise<void> =>
  expect(page.locator('.mantine-Notification-root')).toHaveCount(0, { timeout: 30_000 })

export const pretrainViews = ['Train', 'Data', 'Tokens', 'Complete'] as const

export async function openView(page: Page, view: (typeof pretrainViews)[number]): Promise<void> {
  await openTab(page, 'Pre-training')
  const views = page.getByRole('radiogroup', { name: 'Views of pre-training' })
  await views.getByText(view, { exact: true }).click()
  await expect(views.getByRole('radio', { name: view })).toBeChecked()
}

export const sftViews = ['Train', 'Demonstrations', 'Mask', 'Question exhibit'] as const

export async function openSftView(page: Page, view: (typeof sftViews)[number]): Promise<void> {
  await openTab(page, 'Fine-tuning')
  const views = page.getByRole('radiogroup', { name: 'Views of fine-tuning' })
  await views.getByText(view, { exact: true }).click()
  await expect(views.getByRole('radio', { name: view })).toBeChecked()
}

export const recipe = (page: Page): Locator => page.getByRole('region', { name: 'Recipe' })
export const now = (page: Page): Locator => page.getByRole('region', { name: 'Now' })

/** A model that learns something in seconds on any backend, and never ends by itself while a test looks at it. */
export const tinyRun = {
  Layers: '1',
  Heads: '2',
  Width: '16',
  Context: '16',
  Steps: '500000',
  Batch: '2',
  'Warm-up': '5',
  'Evaluate every': '25000',
  'Evaluation size': '1',
  'Checkpoint every': '25000',
  'Sample length': '4',
} as const

/** Types values into the fields of the recipe, by their labels, and starts the run. */
export async function startRun(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  await openView(page, 'Train')
  for (const part of ['Model', 'Training']) {
    const region = recipe(page).getByRole('region', { name: part, exact: true })
    const fold = region.getByRole('button', { name: /^Advanced/ })
    if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click()
  }
  for (const [label, value] of Object.entries(fields))
    await recipe(page).getByRole('textbox', { name: label, exact: true }).fill(value)
  await recipe(page).getByRole('button', { name: 'Start', exact: true }).click()
}

export const expectRun = (page: Page, word: string): Promise<void> =>
  expect(now(page).getByText(word, { exact: true })).toBeVisible({ timeout: ENGINE_TIMEOUT })

/** Steps that the run on screen has made. */
export async function stepsMade(page: Page): Promise<number> {
  const told = await now(page)
    .getByText(/^[\d,]+ of [\d,]+ steps/)
    .innerText()
  return Number(told.split(' ', 1)[0]!.replaceAll(',', ''))
}

export const expectSteps = (page: Page, atLeast: number): Promise<void> =>
  expect.poll(() => stepsMade(page), { timeout: ENGINE_TIMEOUT }).toBeGreaterThanOrEqual(atLeast)

/** The curve of the training loss as it is drawn. */
export const lossCurve = (page: Page): Promise<string | null> =>
  now(page).getByRole('figure', { name: /^Loss/ }).locator('path[data-curve]').first().getAttribute('d')

export const rewardViews = ['Train', 'Rankings', 'Report', 'Playground'] as const

export async function openRewardView(page: Page, view: (typeof rewardViews)[number]): Promise<void> {
  await openTab(page, 'Reward model')
  const views = page.getByRole('radiogroup', { name: 'Views of reward modelling' })
  await views.getByText(view, { exact: true }).click()
  await expect(views.getByRole('radio', { name: view })).toBeChecked()
}
