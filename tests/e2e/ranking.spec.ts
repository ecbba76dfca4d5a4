// The ranking bench as a person works at it: answers of their own model, ranked by keys and by drag, in several sittings,
// taken back and mended; comparisons from files; a labeler that is a rule.
import { gzipSync } from 'node:zlib'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Locator, type Page } from '@playwright/test'
import { forestQuestions, forestText } from './forest-text.ts'
import { dropFiles, openRewardView, openTab } from './lab-page.ts'
import { ENGINE_TIMEOUT, test as emptyTest } from './lab-test.ts'
import { testWith } from './trained-workspace.ts'

/** What shuts people out in this state, light and dark. */
async function expectNoBarriers(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
    // A message that fades is no colour to judge.
    await expect(page.locator('.mantine-Notification-root')).toHaveCount(0, { timeout: 30_000 })
    const { violations } = await new AxeBuilder({ page }).analyze()
    const found = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
    expect(found, `${state}, ${colorScheme}`).toEqual([])
  }
}

const test = testWith({ text: forestText, demonstrations: forestQuestions })

const bench = (page: Page): Locator => page.getByRole('dialog', { name: /^(Rank|Mend a label): / })
const cards = (page: Page): Locator => bench(page).getByRole('group', { name: 'Answers' })
const heads = (page: Page): Locator => cards(page).getByRole('button', { name: /^Answer \d/ })
const order = (page: Page): Locator => bench(page).getByRole('list', { name: 'Order, from best to worst' })
const prompt = (page: Page): Locator => bench(page).getByRole('region', { name: 'Prompt' })
const sets = (page: Page): Locator => page.getByRole('table', { name: 'Sets of rankings' })
const setRow = (page: Page, name: string): Locator => sets(page).getByRole('row').filter({ hasText: name })

/** Prompts that are judged, as the head of the bench says. */
async function judged(page: Page): Promise<number> {
  const told = await bench(page).getByTestId('standing').innerText()
  return Number(told.split(' ', 1)[0]!.replaceAll(',', ''))
}
const expectJudged = (page: Page, count: number) =>
  expect.poll(() => judged(page), { timeout: ENGINE_TIMEOUT }).toBe(count)

/** What stands on the bench: the prompt, and the answers in their places. */
const shown = async (page: Page): Promise<string> =>
  JSON.stringify([
    await prompt(page).innerText(),
    await cards(page)
      .getByRole('region', { name: /^Text of answer/ })
      .allInnerTexts(),
  ])

const questions = Array.from({ length: 14 }, (_, i) => `Which animal waits under tree ${i}?`)

/** Asks for answers to these questions; the bench opens at once. */
async function sample(page: Page, prompts: readonly string[], name: string): Promise<void> {
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
async function rankByKeys(page: Page): Promise<{ answers: number; presses: number }> {
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
    // From worst to best: what was last is first now.
    const ranked = await heads(page).evaluateAll(buttons => buttons.map(each => each.textContent))
    const last = ranked.findIndex(name => name.includes(` ${['', '', '2nd', '3rd', '4th'][count]}`))
    await heads(page).nth(last).focus()
    for (let i = 1; i < count; i++) await page.keyboard.press('ArrowLeft')
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

const dialogue = (...turns: readonly string[]): string =>
  turns.map((text, i) => `\n\n${i % 2 === 0 ? 'Human' : 'Assistant'}: ${text}`).join('')

emptyTest(
  'an HH-RLHF file is looked at, imported without its bad rows, and shown as text',
  async ({ page, lab: _ }) => {
    const hostile = '<img src=x onerror="document.title=1"> \u202egnorts\u0007'
    const pairs = [
      [dialogue('Who hides?', 'The fox.'), dialogue('Who hides?', 'Go away.')],
      [
        dialogue('Who sings?', 'The owl.', 'And who waits?', hostile),
        dialogue('Who sings?', 'The owl.', 'And who waits?', 'Nobody.'),
      ],
      // Line 3: two different questions.
      [dialogue('Who waits?', 'The hare.'), dialogue('Who runs?', 'The hare.')],
      // Line 4 is line 1 the other way round, line 5 is line 1 again.
      [dialogue('Who hides?', 'Go away.'), dialogue('Who hides?', 'The fox.')],
      [dialogue('Who hides?', 'The fox.'), dialogue('Who hides?', 'Go away.')],
    ]
    const lines = pairs.map(([chosen, rejected]) => JSON.stringify({ chosen, rejected }))
    const file = {
      name: 'harmless-base.jsonl.gz',
      content: gzipSync(`${lines.join('\n')}\nno JSON at all\n`),
    }
    await openTab(page, 'Reward model')
    await dropFiles(page, file)
    const dialog = page.getByRole('dialog', { name: 'Import rankings' })

    await emptyTest.step(
      'the preview shows prompt, winner and loser, and what would be refused',
      async () => {
        await expect(dialog).toContainText('HH-RLHF')
        const first = dialog.getByRole('table', { name: 'First rows as they would become' })
        await expect(first.getByRole('row').nth(1)).toContainText('Who hides?')
        await expect(first.getByRole('row').nth(1).getByRole('cell').nth(2)).toHaveText('The fox.')
        await expect(first.getByRole('row').nth(1).getByRole('cell').nth(3)).toHaveText('Go away.')
        await expect(first).toContainText('<img src=x onerror')
        await expect(first).toContainText('⟨U+202E⟩')
        const refused = dialog.getByRole('table', { name: 'Rejected rows' })
        await expect(refused.getByRole('row')).toHaveCount(3)
        await expect(refused.getByRole('row').nth(1).getByRole('cell').nth(1)).toHaveText('3')
        await expect(dialog.getByRole('textbox', { name: 'Name of the set' })).toHaveValue('harmless-base')
        await page.keyboard.press('Control+Enter')
        await expect(dialog).toBeHidden()
      },
    )

    await emptyTest.step('what came in, what did not, and what is judged both ways is told', async () => {
      await expect(page.getByRole('main').getByText(/^Imported \d of 6 rows: 2 rejected/)).toBeVisible()
      await page.getByRole('button', { name: 'See the rejected rows' }).click()
      await expect(page.getByRole('table', { name: 'Rejected rows' }).getByRole('row')).toHaveCount(3)
      await expect(setRow(page, 'harmless-base').getByRole('cell').nth(7)).toHaveText('1')
    })

    await emptyTest.step('its prompts are found, and open on the bench whole', async () => {
      await page.getByRole('tab', { name: /^Prompts/ }).click()
      await page.getByRole('textbox', { name: 'Search the prompts' }).fill('WHO WAITS')
      const found = page.getByRole('table', { name: 'Prompts' }).getByRole('row')
      await expect(found).toHaveCount(2)
      await found.nth(1).click()
      await expect(prompt(page)).toContainText('The owl.')
      await expect(prompt(page)).toContainText('And who waits?')
      await expect(cards(page)).toContainText('<img src=x onerror="document.title=1"> ⟨U+202E⟩gnorts␇')
      await expect(cards(page).getByRole('img')).toHaveCount(0)
      await page.keyboard.press('Escape')
    })

    await emptyTest.step(
      'without a model there is nothing to sample, and the way to one is a click',
      async () => {
        await page.getByRole('button', { name: 'Sample and rank …' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Fine-tune one in phase 2' }).click()
        await expect(page.getByRole('main', { name: 'Fine-tuning' })).toBeVisible()
      },
    )
  },
)

/** A long conversation with nine answers, as another lab exported it. */
const nineAnswers = JSON.stringify({
  prompt: [
    { role: 'system', content: 'You speak of the forest.' },
    ...Array.from({ length: 6 }, (_, i) => ({
      role: i % 2 === 0 ? 'user' : 'assistant',
      content: `The ${i}th word of a long conversation about trees. `.repeat(8),
    })),
    { role: 'user', content: 'Who hides?' },
  ],
  responses: Array.from({ length: 9 }, (_, i) => ({
    text: `Answer ${i}: ${'the old fox hides under the oak. '.repeat(1 + 3 * i)}`,
    stopped: i % 3 !== 0,
    copies: 1 + (i % 2),
  })),
  rankings: [{ labeler: 'ada', ranks: [1, 2, 3, 4, 5, 6, 7, 8, 9] }],
})

test('no state of rankings and bench shuts anyone out; nine long answers are read in one column where room is short', async ({
  page,
  lab: _,
}) => {
  test.slow()
  await openRewardView(page, 'Rankings')
  await page.getByRole('button', { name: 'Sample and rank …' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectNoBarriers(page, 'a new bench')
  await page.keyboard.press('Escape')
  await sample(page, questions.slice(0, 3), 'forest')
  await expect(heads(page).first()).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await page.keyboard.press('1')
  await expectNoBarriers(page, 'the bench')
  await page.keyboard.press('Enter')
  await page.keyboard.press('?')
  await expectNoBarriers(page, 'keys of the bench')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'More: forest' }).click()
  await page.getByRole('menuitem', { name: 'Let a simulated labeler rank' }).click()
  await expectNoBarriers(page, 'a simulated labeler')
  await page.keyboard.press('Escape')
  await dropFiles(page, { name: 'nine.jsonl', content: `${nineAnswers}\nno JSON\n` })
  const importing = page.getByRole('dialog', { name: 'Import rankings' })
  await expect(importing.getByRole('table', { name: 'Rejected rows' })).toBeVisible()
  await expectNoBarriers(page, 'an import')
  await importing.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(setRow(page, 'nine')).toContainText('ada 1')
  await expectNoBarriers(page, 'rankings')
  await page.getByRole('table', { name: 'Prompts' }).getByRole('row').nth(1).click()
  await expect(heads(page)).toHaveCount(9)
  await expect(prompt(page)).toContainText('System message')
  await expect(cards(page)).toContainText('cut off')
  await expect(cards(page)).toContainText('sampled 2 times')
  await expectNoBarriers(page, 'a label to be mended')
  await page.setViewportSize({ width: 1000, height: 800 })
  const lefts = await heads(page).evaluateAll(all => all.map(each => each.getBoundingClientRect().left))
  expect(new Set(lefts.map(Math.round)).size).toBe(1)
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  expect(sideways).toBe(false)
})
