// The chat in a real browser, with real models: side by side, streamed, stopped, written anew, branched, judged blind,
// exported; and whatever a model writes is text.
import { readFileSync } from 'node:fs'
import { expect, type Locator, type Page } from '@playwright/test'
import { expectNoBarriers } from './barriers.ts'
import { forestQuestions, forestText } from './forest-text.ts'
import { openTab } from './lab-page.ts'
import { ENGINE_TIMEOUT } from './lab-test.ts'
import { testWith } from './trained-workspace.ts'

const test = testWith({ text: forestText, demonstrations: forestQuestions, checkpointInterval: 30 })

const composer = (page: Page) => page.getByRole('textbox', { name: /^Message to/ })
const turns = (page: Page) => page.getByRole('region', { name: 'Turn', exact: true })
const lastTurn = (page: Page) => turns(page).last()
const answers = (turn: Locator) => turn.getByRole('article')
const list = (page: Page) => page.getByRole('navigation', { name: 'Conversations' })

async function say(page: Page, prompt: string): Promise<void> {
  await composer(page).fill(prompt)
  await composer(page).press('Enter')
  await expect(lastTurn(page)).toContainText(prompt)
}

/** Every answer of the newest turn has ended. */
const ended = (page: Page, count = 2) =>
  expect(lastTurn(page).getByRole('button', { name: /^Regenerate/ })).toHaveCount(count, {
    timeout: ENGINE_TIMEOUT,
  })

/** At most so many tokens, in all columns. */
async function limit(page: Page, tokens: number): Promise<void> {
  await page
    .getByRole('button', { name: /^Sampling settings/ })
    .first()
    .click()
  const settings = page.getByRole('dialog', { name: 'Sampling settings' })
  await settings.getByRole('textbox', { name: 'At most' }).fill(String(tokens))
  await page.keyboard.press('Escape')
  await expect(settings).toBeHidden()
}

test('a person asks a base and its assistant the same, and works with the answers', async ({ page, lab }) => {
  await openTab(page, 'Chat')

  await test.step('the assistant stands beside the base it was made from', async () => {
    const heads = page.getByRole('region', { name: /^Column \d$/ })
    await expect(heads).toHaveCount(2)
    await expect(page.getByRole('combobox', { name: 'Model of column 1' })).toHaveValue(/^forest base/)
    await expect(page.getByRole('combobox', { name: 'Model of column 2' })).toHaveValue(/^forest assistant/)
    await expect(heads.first().getByRole('radio', { name: 'Raw' })).toBeChecked()
    await expect(heads.last().getByRole('radio', { name: 'Template' })).toBeChecked()
  })

  await test.step('both answers stream', async () => {
    await limit(page, 40)
    await say(page, 'Who is under the oak?')
    await ended(page)
    await expect(answers(lastTurn(page))).toHaveCount(2)
    await expect(answers(lastTurn(page)).first()).toContainText(
      /40 tokens · [\d,]+ tokens\/s · at its limit of 40/,
    )
    await expect(answers(lastTurn(page)).last()).toContainText(/[\d,]+ tokens\/s · (ended by itself|at )/)
    await expect(list(page).getByRole('listitem')).toHaveCount(1)
    await expect(list(page)).toContainText('Who is under the oak?')
  })

  await test.step('pointing at a token tells its probability and what else it might have been', async () => {
    const text = answers(lastTurn(page))
      .first()
      .getByRole('group', { name: /^Answer of/ })
    await text.focus()
    await expect(text.locator('[data-unit]').first()).toBeVisible()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expect(page.getByRole('tooltip')).toContainText(/\d%, [\d.]+ bits: /)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('tooltip')).toHaveCount(0)
    await text.locator('[data-unit]').nth(3).hover()
    await expect(page.getByRole('tooltip')).toContainText('bits: ')
    await page.mouse.move(0, 0)
    await page.getByRole('switch', { name: 'Surprise' }).check()
    await expect(answers(lastTurn(page)).last().locator('[class*=surprise]').first()).toBeVisible()
    await page.getByRole('switch', { name: 'Surprise' }).uncheck()
  })

  await test.step('what the assistant would have written instead is told of every answer, and of every token', async () => {
    const [base, assistant] = [answers(lastTurn(page)).first(), answers(lastTurn(page)).last()]
    await expect(base).toContainText(/KL [+−][\d.]+ nats/, { timeout: ENGINE_TIMEOUT })
    await expect(assistant).toContainText('KL 0.00 nats')
    await expect(page.getByText(/^against forest assistant, step \d+$/)).toBeVisible()
    await page.getByRole('switch', { name: 'KL' }).press('Space')
    await expect(base.locator('[class*=more], [class*=less]').first()).toBeVisible()
    await expect(assistant.locator('[data-unit]').first()).toBeVisible()
    await expect(assistant.locator('[class*=more], [class*=less]')).toHaveCount(0)
    await base.locator('[data-unit]').nth(3).hover()
    await expect(page.getByRole('tooltip').filter({ hasText: 'bits' })).toContainText(
      /KL .* nats: .* under SFT/,
    )
    await page.mouse.move(0, 0)
    await expectNoBarriers(page, 'answers coloured by KL')
    await page.getByRole('switch', { name: 'KL' }).press('Space')
    // There is no phase 3 yet: who would score is said, and where one is made.
    await page.getByRole('button', { name: 'Reward by no one yet: change' }).click()
    await expect(page.getByRole('menuitem', { name: /^Phase 3 makes a reward model/ })).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('an earlier checkpoint answers the same again', async () => {
    const answer = answers(lastTurn(page)).first()
    const slider = page.getByRole('slider', { name: 'Checkpoint of column 1' })
    await expect(slider).toHaveAttribute('aria-valuetext', 'step 60 · best · parent')
    await slider.press('ArrowLeft')
    await expect(slider).toHaveAttribute('aria-valuetext', 'step 30')
    await page.getByRole('button', { name: /^Answer the last message again/ }).click()
    await expect(answer).toContainText('2/2')
    await ended(page)
    await expect(answer.getByRole('group')).toHaveAccessibleName(/forest base, step 30/)
    await expect(answer).toContainText(/KL [+−][\d.]+ nats/, { timeout: ENGINE_TIMEOUT })
    await slider.press('End')
    await answer.getByRole('button', { name: 'Earlier attempt' }).click()
    await expect(answer).toContainText('1/2')
  })

  await test.step('base | SFT | RLHF begins anew with what there is, and says what is missing', async () => {
    await page.getByRole('button', { name: 'base | SFT | RLHF' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('New conversation')
    await expect(page.getByRole('combobox', { name: 'Model of column 1' })).toHaveValue(/^forest base/)
    await expect(page.getByRole('combobox', { name: 'Model of column 2' })).toHaveValue(/^forest assistant/)
    await expect(page.getByText('There is no RLHF model yet.')).toBeVisible()
    await page.getByRole('button', { name: 'Close this message' }).click()
    await list(page)
      .getByRole('button', { name: /^Who is under the oak/ })
      .click()
    await expect(turns(page)).toHaveCount(1)
  })

  await test.step('a long answer is stopped by Escape, and what was written stays', async () => {
    await limit(page, 4000)
    await say(page, 'The old owl')
    const writing = answers(lastTurn(page)).first()
    await expect(writing).toContainText(/\d{2,} tokens/, { timeout: ENGINE_TIMEOUT })
    const fromEnd = (box: Locator) => box.evaluate(b => b.scrollHeight - b.scrollTop - b.clientHeight)
    await expect.poll(() => fromEnd(writing.getByRole('group'))).toBeLessThan(60)
    await page.keyboard.press('Escape')
    await ended(page)
    await expect.poll(() => fromEnd(page.getByRole('region', { name: 'Messages' }))).toBeLessThan(40)
    await expect(writing).toContainText('stopped by you')
    await expect(writing.getByRole('group')).toContainText(/\w{3}/)
    await expect(page.getByRole('button', { name: 'Send' })).toBeVisible()
    await page.reload()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Who is under the oak?')
    await expect(turns(page)).toHaveCount(2)
    await limit(page, 20)
  })

  await test.step('an answer is written anew and the attempts are walked through', async () => {
    const answer = answers(lastTurn(page)).first()
    const before = await answer.getByRole('group').innerText()
    // A second click asks for no third attempt, and is no error.
    await answer.getByRole('button', { name: /^Regenerate/ }).dblclick()
    await expect(answer).toContainText('2/2')
    await ended(page)
    await expect(page.getByRole('alert')).toHaveCount(0)
    expect(await answer.getByRole('group').innerText()).not.toBe(before)
    await answer.getByRole('button', { name: 'Earlier attempt' }).click()
    await expect(answer).toContainText('1/2')
    await expect(answer.getByRole('group')).toHaveText(before)
  })

  await test.step('an earlier message is edited, which makes a branch', async () => {
    await turns(page).first().getByRole('button', { name: 'Edit this message' }).click()
    const edit = page.getByRole('textbox', { name: 'Edit the message' })
    await expect(edit).toBeFocused()
    await edit.fill('Who is under the elm?')
    await edit.press('Enter')
    await expect(turns(page)).toHaveCount(1)
    await ended(page)
    await expect(lastTurn(page)).toContainText('Who is under the elm?')
    await expect(lastTurn(page)).toContainText('2/2')
    await lastTurn(page).getByRole('button', { name: 'Earlier version' }).click()
    await expect(turns(page)).toHaveCount(2)
    await expect(turns(page).first()).toContainText('Who is under the oak?')
  })

  await test.step('a blind vote by key: names only afterwards', async () => {
    await page.getByRole('switch', { name: 'Blind' }).check()
    await expect(page.getByRole('combobox', { name: /^Model of/ })).toHaveCount(0)
    await say(page, 'Who is under the fir?')
    await ended(page)
    const turn = lastTurn(page)
    await answers(turn).first().getByRole('group').hover()
    await expect(turn.locator('[data-unit]')).toHaveCount(0)
    for (const text of await answers(turn).getByRole('group').allTextContents()) expect(text).toMatch(/^\S/)
    await expect(turn).not.toContainText(/forest (base|assistant)|tokens\/s/)
    await expect(turn.getByRole('group', { name: 'Which answer is better?' })).toBeFocused()
    await page.keyboard.press('2')
    await expect(turn.getByRole('status')).toContainText(
      /You voted blind for forest (base|assistant), step \d+/,
    )
    await expect(turn.getByRole('status')).toContainText('one comparison')
    await expect(answers(turn).nth(1)).toContainText('your choice')
    await expect(composer(page)).toBeFocused()
    await page.getByRole('switch', { name: 'Blind' }).uncheck()
    // Without being blind a vote can be given too, and changed.
    const vote = turns(page).first().getByRole('group', { name: 'Which answer is better?' })
    await vote.getByRole('button', { name: 'Tie' }).click()
    await expect(vote.getByRole('button', { name: 'Tie' })).toHaveAttribute('aria-pressed', 'true')
  })

  await test.step('the export tells where it lies and what it holds', async () => {
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: /^JSONL/ }).click()
    const note = page.getByRole('status').filter({ hasText: 'Exported to' })
    const path = (await note.locator('.mono').innerText()).trim()
    expect(path.startsWith(lab.workspace)).toBe(true)
    const lines = readFileSync(path, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(2)
    const { messages } = JSON.parse(lines[0]!)
    expect(messages[0]).toEqual({ role: 'user', content: 'Who is under the oak?' })
    await expect(note.getByRole('button', { name: 'Copy the text' })).toBeVisible()
    await note.getByRole('button', { name: 'Close this message' }).click()
  })

  await test.step('conversations are renamed, found, deleted and brought back', async () => {
    const row = list(page).getByRole('button', { name: /^Who is under the oak/ })
    await row.focus()
    await page.keyboard.press('F2')
    const name = page.getByRole('textbox', { name: 'Name of the conversation' })
    await name.fill('Trees and who lives there')
    await name.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Trees and who lives there')
    await list(page).getByRole('button', { name: 'New conversation' }).click()
    await say(page, 'Good morning')
    await ended(page)
    const search = page.getByRole('textbox', { name: 'Search the conversations' })
    await search.fill('under the FIR')
    await expect(list(page).getByRole('listitem')).toHaveCount(1)
    await search.fill('')
    await expect(list(page).getByRole('listitem')).toHaveCount(2)
    await list(page)
      .getByRole('button', { name: /^Good morning/ })
      .focus()
    await page.keyboard.press('Delete')
    await expect(list(page).getByRole('listitem')).toHaveCount(1)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('New conversation')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(list(page).getByRole('listitem')).toHaveCount(2)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Good morning')
  })

  await test.step('whoever asks for a model elsewhere meets it beside its base, in a new conversation', async () => {
    await openTab(page, 'Runs')
    await page.getByText('forest assistant').first().click()
    await page.getByRole('button', { name: 'Chat with it' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('New conversation')
    await expect(page.getByRole('combobox', { name: 'Model of column 1' })).toHaveValue(/^forest base/)
    await expect(page.getByRole('combobox', { name: 'Model of column 2' })).toHaveValue(/^forest assistant/)
    await expect(composer(page)).toBeFocused()
    const seed = page.getByRole('textbox', { name: 'Seed' })
    await seed.fill('')
    await seed.pressSequentially('1e3')
    await say(page, 'Who is under the yew?')
    await expect(lastTurn(page)).toContainText('seed 1000')
    await expect(seed).toHaveValue('1001')
    await ended(page)
  })

  await test.step('everything is there after a restart', async () => {
    await lab.killAndStartAgain()
    await page.goto(lab.url)
    await openTab(page, 'Chat')
    await list(page)
      .getByRole('button', { name: /^Trees/ })
      .click()
    await expect(turns(page)).toHaveCount(3)
    await expect(lastTurn(page)).toContainText('You voted blind')
    // Whose names were told is known: after the page is loaded anew too, a second vote is not blind.
    await page.getByRole('switch', { name: 'Blind' }).check()
    await lastTurn(page).getByRole('button', { name: 'Take the vote back' }).click()
    await expect(lastTurn(page)).toContainText('A vote is kept as a comparison')
    // The switch is written down after a moment.
    await page.waitForTimeout(500)
    await page.reload()
    await expect(page.getByRole('switch', { name: 'Blind' })).toBeChecked()
    await expect(lastTurn(page)).toContainText('A vote is kept as a comparison')
    await expect(lastTurn(page)).toContainText(/forest base, step \d+/)
  })
})

test('one model at a time in memory: the columns take turns, and say so', async ({ page, lab: _ }) => {
  await openTab(page, 'Chat')
  await page.getByRole('button', { name: /^In memory/ }).click()
  await page.getByRole('menuitem', { name: '1 at a time' }).click()
  await limit(page, 300)
  await say(page, 'Who is under the oak?')
  await expect(lastTurn(page)).toContainText(/Waiting for its turn|make room/)
  await ended(page)
  await expect(answers(lastTurn(page)).filter({ hasText: 'tokens/s' })).toHaveCount(2)
})

const hostileLine =
  'So: <img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>' +
  ' ![cat](http://198.51.100.7/cat.png) [here](javascript:alert(1)) \u001B[31mred\u001B[0m \u202Eabc <b>end</b>\n'

testWith({ text: hostileLine.repeat(300), steps: 150 })(
  'what a model writes is harmless text, however it looks, and asks nothing of anyone',
  async ({ page, lab: _ }) => {
    await openTab(page, 'Chat')
    await expect(page.getByText('There are base models only')).toBeVisible()
    await page.getByRole('button', { name: /^Sampling settings/ }).click()
    await page.getByRole('button', { name: 'Greedy' }).click()
    await page.keyboard.press('Escape')
    await say(page, 'So: <img src=x onerror="document.title=')
    await ended(page, 1)
    const text = lastTurn(page).getByRole('group', { name: /^Answer of/ })
    for (const shown of [
      '<script>document.title="owned"</script>',
      '![cat](http://198.51.100.7/cat.png)',
      '[here](javascript:alert(1))',
      '␛[31mred␛[0m',
      '⟨U+202E⟩abc',
      '<b>end</b>',
    ])
      await expect(text).toContainText(shown)
    await expectHarmless(page)
    // The same drawn token by token, and as the title of the conversation.
    await text.hover()
    await expect(text.locator('[data-unit]').first()).toBeVisible()
    await expect(text).toContainText('⟨U+202E⟩')
    await expectHarmless(page)
    await expect(list(page)).toContainText('<img src=x')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: /^Markdown/ }).click()
    await expect(page.getByText('Exported to')).toBeVisible()
    await expectHarmless(page)
  },
)

async function expectHarmless(page: Page): Promise<void> {
  expect(await page.locator('main img, main script, main a, main b:not([class])').count()).toBe(0)
  expect(await page.title()).not.toContain('owned')
  const shown = await page.locator('body').innerText()
  for (const unseen of ['\u202E', '\u001B']) expect(shown).not.toContain(unseen)
}
