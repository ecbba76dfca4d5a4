// Phase 2 as a person goes about it: demonstrations from a file with bad rows, looked at before, corrected after; what is
// trained on; a base that learns to answer, paused and resumed; the same question to both.
import { expect, type Locator, type Page } from '@playwright/test'
import { forestText } from './forest-text.ts'
import {
  dropFiles,
  expectRun,
  expectSteps,
  now,
  openSftView,
  openTab,
  recipe,
  startRun,
  stepsMade,
  tinyRun,
} from './lab-page.ts'
import { ENGINE_TIMEOUT, test } from './lab-test.ts'

const good = Array.from({ length: 40 }, (_, i) => ({
  prompt: `Which tree stands in place ${i}?`,
  completion: i % 2 === 0 ? 'An oak.' : 'A birch.',
}))
/** Line 3 has no answer, line 6 is no JSON, line 8 is line 1 again; the last answer is too long for a context of 64. */
const pairs = {
  name: 'trees.jsonl',
  content: [
    ...good.slice(0, 2).map(row => JSON.stringify(row)),
    JSON.stringify({ prompt: 'Which tree is silent?', completion: ' ' }),
    ...good.slice(2, 4).map(row => JSON.stringify(row)),
    'The fox is no JSON.',
    JSON.stringify(good[4]),
    JSON.stringify(good[0]),
    ...good.slice(5).map(row => JSON.stringify(row)),
    JSON.stringify({ prompt: 'Name every tree.', completion: 'Oak and birch and elm. '.repeat(40) }),
  ].join('\n'),
}

const twoTurns = [
  { role: 'user', content: 'Which tree is old?' },
  { role: 'assistant', content: 'The oak.' },
  { role: 'user', content: 'Which is black?' },
  { role: 'assistant', content: 'The fox is.' },
]

const rows = (page: Page): Locator => page.getByRole('table', { name: 'Demonstrations', exact: true })
const rowWith = (page: Page, text: string): Locator => rows(page).getByRole('row').filter({ hasText: text })

/** A base of a few hundred steps on the forest: small, but with a tokenizer that has the chat's tokens. */
async function trainBase(page: Page): Promise<void> {
  await dropFiles(page, { name: 'forest.txt', content: forestText })
  await expect(recipe(page).getByRole('region', { name: 'Sources' })).toContainText('forest')
  await startRun(page, { ...tinyRun, Context: '64', Steps: '60', 'Evaluate every': '30' })
  await expectRun(page, 'Finished')
}

test('bad rows are seen before the import and listed after it; a row is edited, deleted and brought back', async ({
  page,
  lab: _,
}) => {
  await openSftView(page, 'Demonstrations')
  await expect(page.getByText('No demonstrations yet')).toBeVisible()
  await dropFiles(page, pairs)

  await test.step('the preview names the format and the rows that cannot be used', async () => {
    const dialog = page.getByRole('dialog', { name: 'Import demonstrations' })
    await expect(dialog).toContainText('TRL prompt and completion')
    const refused = dialog.getByRole('table', { name: 'Rejected rows' })
    await expect(refused.getByRole('row').nth(1)).toContainText('3')
    await expect(refused).toContainText('The fox is no JSON.')
    await dialog.getByRole('textbox', { name: 'Name of the set' }).fill('trees of the forest')
    await page.keyboard.press('Control+Enter')
    await expect(dialog).toBeHidden()
  })

  await test.step('the result tells accepted, rejected by line, and duplicates', async () => {
    await expect(
      page.getByRole('main').getByText('Imported 41 of 44 rows: 2 rejected, 1 duplicate left out.'),
    ).toBeVisible()
    await page.getByRole('button', { name: 'See the rejected rows' }).click()
    const refused = page.getByRole('table', { name: 'Rejected rows' })
    await expect(refused.getByRole('row')).toHaveCount(3)
    await expect(refused.getByRole('row').nth(2).getByRole('cell').nth(1)).toHaveText('6')
    await page.getByRole('tab', { name: /^Rows/ }).click()
  })

  await test.step('a row is edited by keyboard alone, with what is missing said at its field', async () => {
    await rowWith(page, 'place 2?').focus()
    await page.keyboard.press('Enter')
    const editor = page.getByRole('region', { name: /^Row / })
    const response = editor.getByRole('textbox', { name: 'Response' })
    await response.fill(' ')
    await page.keyboard.press('Control+Enter')
    await expect(editor).toContainText('Response is empty: write what the model is to answer.')
    await response.fill('A very old oak.')
    await editor.getByRole('combobox', { name: 'Use case' }).click()
    await page.getByRole('option', { name: 'Open QA' }).click()
    await response.press('Control+Enter')
    await expect(rowWith(page, 'A very old oak.')).toContainText('Open QA')
    await response.press('Escape')
    await expect(editor).toBeHidden()
    await expect(rowWith(page, 'A very old oak.')).toBeFocused()
  })

  await test.step('what was typed and not saved can be brought back', async () => {
    await page.getByRole('button', { name: 'Add a row' }).click()
    await page.keyboard.type('Who lives here?')
    await page.keyboard.press('Escape')
    await expect(page.getByText('The new row was not saved.')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('textbox', { name: 'Prompt' })).toHaveValue('Who lives here?')
    await page.getByRole('textbox', { name: 'Response' }).fill('A fox.')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByText('Row 42 is added; write the next one.')).toBeVisible()
    await expect(page.getByRole('textbox', { name: 'Prompt' })).toBeFocused()
    await page.keyboard.press('Escape')
  })

  await test.step('ticked rows are deleted together, and undone together', async () => {
    await page.getByRole('checkbox', { name: 'Tick row 1', exact: true }).click()
    await page.getByRole('checkbox', { name: 'Tick row 4', exact: true }).click({ modifiers: ['Shift'] })
    await expect(page.getByText('4 rows ticked')).toBeVisible()
    await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click()
    await expect(page.getByRole('tab', { name: 'Rows (38)' })).toBeVisible()
    await expect(rowWith(page, 'place 1?')).toHaveCount(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('tab', { name: 'Rows (42)' })).toBeVisible()
    await expect(rowWith(page, 'place 1?')).toHaveCount(1)
  })

  await test.step('search and use case narrow the list', async () => {
    await page.getByRole('textbox', { name: 'Search the rows' }).fill('OLD OAK')
    await expect(page.getByText('1 of 42 rows')).toBeVisible()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByRole('button', { name: /^Open QA 100% .*, 1 row$/ }).click()
    await expect(page.getByText('1 of 42 rows')).toBeVisible()
    await page.getByRole('button', { name: 'Show all' }).click()
  })

  await test.step('a removed set comes back with its rows', async () => {
    await page.getByRole('button', { name: 'Remove: trees of the forest' }).click()
    await expect(page.getByText('No demonstrations yet')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('tab', { name: 'Rows (42)' })).toBeVisible()
  })
})

test('a table of unknown columns is imported once a person says which column holds what', async ({
  page,
  lab: _,
}) => {
  await openTab(page, 'Fine-tuning')
  await dropFiles(page, { name: 'notes.csv', content: 'left,right,rest\nWho?,The fox.,x\nWhere?,Here.,y\n' })
  const dialog = page.getByRole('dialog', { name: 'Import demonstrations' })
  const start = dialog.getByRole('button', { name: /^Import/ })
  await expect(start).toHaveAttribute('aria-disabled', 'true')
  for (const [field, column] of [
    ['Prompt', 'left'],
    ['Response', 'right'],
  ] as const) {
    await dialog.getByRole('combobox', { name: field, exact: true }).click()
    await page.getByRole('option', { name: column, exact: true }).click()
  }
  const first = dialog.getByRole('table', { name: 'First rows as they would become' })
  await expect(first).toContainText('The fox.')
  await expect(start).not.toHaveAttribute('aria-disabled', 'true')
  await start.click()
  await expect(rowWith(page, 'Where?')).toContainText('Here.')
})

test('of several files the ones that hold nothing are marked, say why, and are left out', async ({
  page,
  lab: _,
}) => {
  await openTab(page, 'Fine-tuning')
  await dropFiles(
    page,
    { name: 'talk.jsonl', content: JSON.stringify({ messages: twoTurns }) },
    { name: 'empty.jsonl', content: '' },
    { name: 'deep.json', content: `${'['.repeat(50)}${']'.repeat(50)}` },
  )
  const dialog = page.getByRole('dialog', { name: 'Import demonstrations' })
  const start = dialog.getByRole('button', { name: /^Import/ })
  await expect(start).toHaveAttribute('aria-disabled', 'true')
  await expect(start).toHaveAccessibleDescription(/^empty\.jsonl: .*leave the file out$/)
  await dialog.getByRole('tab', { name: /empty.*cannot be imported/ }).click()
  await expect(dialog.getByRole('alert')).toHaveText('Nothing in this file can be used: the file is empty')
  await dialog.getByRole('button', { name: 'Leave out the 2 that cannot be imported' }).click()
  await expect(dialog.getByRole('textbox', { name: 'Name of the set' })).toHaveValue('talk')
  await start.click()
  // The last prompt beside the response to it.
  await expect(rowWith(page, 'Which is black?')).toContainText('+1 turn')
  await expect(rowWith(page, 'Which is black?')).toContainText('The fox is.')
})

test('a base learns to answer: x-ray, training, its answers beside the base’s, pause and resume', async ({
  page,
  lab: _,
}) => {
  await trainBase(page)
  await openSftView(page, 'Demonstrations')
  await dropFiles(page, pairs)
  await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click()
  await rowWith(page, 'place 2?').click()

  await test.step('the x-ray lights the response and its end, and nothing else', async () => {
    await page.getByRole('button', { name: 'See its mask' }).click()
    const xray = page.getByRole('region', { name: 'Mask x-ray' })
    await expect(xray.getByRole('status')).toHaveText(
      /tokens, \d+ of them trained .* in 1 response; the context of 64 takes 65/,
    )
    const strip = xray.getByRole('group', { name: /^Conversation/ })
    await strip.focus()
    await page.keyboard.press('ArrowRight')
    await expect(xray).toContainText(/<\|user_start\|>.*read only/)
    await page.keyboard.press('ArrowLeft')
    for (let i = 0; i < 100; i++) await page.keyboard.press('ArrowRight')
    await expect(xray).toContainText(/<\|assistant_end\|>.*trained: the loss counts it/)
  })

  await test.step('of an empty response it says that it would only teach to stop', async () => {
    const response = page.getByRole('textbox', { name: 'Response' })
    const said = await response.inputValue()
    await response.fill('')
    await expect(page.getByRole('alert').filter({ hasText: 'only teach to stop' })).toBeVisible()
    await response.fill(said)
    await expect(page.getByRole('alert').filter({ hasText: 'only teach to stop' })).toBeHidden()
  })

  await test.step('rows that this base cannot be trained on are listed, and shown on a click', async () => {
    const refused = page.getByRole('table', { name: 'Refused rows' })
    await expect(refused.getByRole('row')).toHaveCount(2)
    await expect(refused).toContainText('context of 64')
    await refused.getByRole('row').nth(1).click()
    await expect(page.getByText('This row would be refused')).toBeVisible()
    await expect(page.getByRole('textbox', { name: 'Prompt' })).toHaveValue('Name every tree.')
  })

  await test.step('it trains, can be paused and resumed, and answers beside the base', async () => {
    await page.keyboard.press('Control+n')
    await expect(recipe(page).getByRole('combobox', { name: 'Base model' })).toBeFocused()
    await expect(recipe(page).getByRole('combobox', { name: 'Base model' })).toHaveValue(/forest/)
    await recipe(page)
      .getByRole('button', { name: /^Advanced/ })
      .click()
    const fields = {
      Steps: '500000',
      Batch: '2',
      'Evaluate every': '5',
      'Evaluation size': '1',
      'Answer length': '6',
    }
    for (const [label, value] of Object.entries(fields))
      await recipe(page).getByRole('textbox', { name: label, exact: true }).fill(value)
    await expect(recipe(page)).toContainText('1 row ▲')
    await recipe(page).getByRole('textbox', { name: 'Batch', exact: true }).press('Control+Enter')
    await expectRun(page, 'Training')
    await expectSteps(page, 5)
    const answers = page.getByRole('region', { name: 'Answers to prompt 1' })
    await expect(answers).toContainText('Before: the base', { timeout: ENGINE_TIMEOUT })
    await expect(answers).toContainText(/Now: step \d/, { timeout: ENGINE_TIMEOUT })
    for (const chart of [/^Loss/, /^Token accuracy/, /^Entropy/])
      await expect(now(page).getByRole('figure', { name: chart })).toBeVisible()

    await now(page).getByRole('button', { name: 'Pause' }).click()
    await expectRun(page, 'Paused')
    const paused = await stepsMade(page)
    await now(page).getByRole('button', { name: 'Resume' }).click()
    await expectRun(page, 'Training')
    await expectSteps(page, paused + 1)
    await now(page).getByRole('button', { name: 'Stop and keep' }).click()
    await expectRun(page, 'Stopped')
  })

  await test.step('both are asked the same questions, and every bar opens the answers behind it', async () => {
    await openSftView(page, 'Question exhibit')
    await page.getByRole('textbox', { name: 'Questions' }).fill('Which tree stands here?\nWho lives here?')
    await page.getByRole('textbox', { name: 'Times each' }).fill('3')
    await page.getByRole('textbox', { name: 'At most, tokens' }).fill('8')
    await page.getByRole('textbox', { name: 'Questions' }).press('Control+Enter')
    const bars = page.getByRole('list', { name: 'Answers by kind' }).getByRole('button')
    await expect(bars).toHaveCount(8, { timeout: ENGINE_TIMEOUT })
    const told = await bars.evaluateAll(buttons =>
      buttons.map(button => Number(/(\d+) answers?$/.exec(button.textContent)![1])),
    )
    expect(told.reduce((a, b) => a + b)).toBe(12)
    const full = told.findIndex(count => count > 0)
    await bars.nth(full).click()
    const answers = page.getByRole('region', { name: 'Answers behind the bar' })
    await expect(answers.getByText(/^(Which tree stands|Who lives) here\?$/)).toHaveCount(told[full]!)
    // Kept over a new start of the window.
    await page.reload()
    await openSftView(page, 'Question exhibit')
    await expect(bars).toHaveCount(8, { timeout: ENGINE_TIMEOUT })
  })

  await test.step('the run tells what it was made from, and leads to its base', async () => {
    await openSftView(page, 'Train')
    await expect(page.getByRole('table', { name: 'Runs of this phase' })).toContainText(/forest.* step/)
    await openTab(page, 'Overview')
    await expect(page.getByRole('listitem').filter({ hasText: 'Supervised fine-tuning' })).toContainText(
      '1 set, 41 pairs',
    )
    await openTab(page, 'Runs')
    await page.getByRole('table', { name: 'Runs' }).getByRole('row').filter({ hasText: 'fine-tuned' }).click()
    await page
      .getByRole('main')
      .getByRole('button', { name: / step / })
      .click()
    await expect(page.getByRole('main').getByRole('heading', { level: 1 })).not.toContainText('fine-tuned')
  })
})
