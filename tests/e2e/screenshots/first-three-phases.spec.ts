// Every screen of the first three phases and around them.
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { forestQuestions, forestText } from '../forest-text.ts'
import {
  dropFiles,
  expectRun,
  expectSteps,
  noToasts,
  openRewardView,
  openSftView,
  openTab,
  openView,
  recipe,
  rewardViews,
  sftViews,
  startRun,
  tinyRun,
} from '../lab-page.ts'
import { ENGINE_TIMEOUT, test } from '../lab-test.ts'
import { testWith } from '../trained-workspace.ts'
import { LONG, restFolder, take } from './take.ts'

test.setTimeout(LONG)

test('an empty lab', async ({ page, lab: _ }) => {
  for (const tab of ['Overview', 'Reinforcement', 'Evaluate', 'Chat', 'Runs', 'Device', 'Settings']) {
    await openTab(page, tab)
    await take(page, `empty-${tab.toLowerCase()}`)
  }
  for (const view of ['Train', 'Data', 'Tokens', 'Complete'] as const) {
    await openView(page, view)
    await take(page, `empty-pretrain-${view.toLowerCase()}`)
  }
  for (const view of sftViews) {
    await openSftView(page, view)
    await take(page, `empty-sft-${view.toLowerCase().replace(' ', '-')}`)
  }
  for (const view of rewardViews) {
    await openRewardView(page, view)
    await take(page, `empty-reward-${view.toLowerCase()}`)
  }
})

test('a lab that fine-tunes', async ({ page, lab: _ }) => {
  await page.getByRole('button', { name: 'Make the starter world' }).click()
  await expect(recipe(page).getByRole('combobox', { name: 'Preset' })).toHaveValue('Starter world', {
    timeout: ENGINE_TIMEOUT,
  })
  await startRun(page, { Steps: '400', 'Evaluate every': '200' })
  await expectRun(page, 'Finished')
  await openSftView(page, 'Demonstrations')
  await page.getByRole('button', { name: 'take its demonstrations' }).click()
  const rows = page.getByRole('table', { name: 'Demonstrations', exact: true })
  await expect(rows).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await noToasts(page)
  await take(page, 'sft-demonstrations')
  await rows.getByRole('row').nth(3).click()
  await take(page, 'sft-editor')
  await page.getByRole('button', { name: 'See its mask' }).click()
  await expect(page.getByRole('group', { name: /^Conversation/ })).toBeVisible()
  await take(page, 'sft-mask')
  await openSftView(page, 'Train')
  await recipe(page).getByRole('button', { name: 'Start', exact: true }).click()
  await expectRun(page, 'Training')
  await expectSteps(page, 120)
  await take(page, 'sft-train')
  await expectRun(page, 'Finished')
  await openSftView(page, 'Question exhibit')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  const bars = page.getByRole('list', { name: 'Answers by kind' })
  await expect(bars).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await bars.getByRole('button').nth(1).click()
  await take(page, 'sft-exhibit')
  await openTab(page, 'Overview')
  await take(page, 'overview-sft')
  // Rows that cannot be used, before they are imported.
  await openSftView(page, 'Demonstrations')
  await dropFiles(page, { name: 'notes.csv', content: 'left,right\nWho?,The fox.\nWhere?,\n' })
  await expect(page.getByRole('dialog', { name: 'Import demonstrations' })).toContainText('Not recognised')
  await take(page, 'sft-import')
})

test('a reward model', async ({ page, lab: _ }) => {
  await page.getByRole('button', { name: 'Make the starter world' }).click()
  await expect(recipe(page).getByRole('combobox', { name: 'Preset' })).toHaveValue('Starter world', {
    timeout: ENGINE_TIMEOUT,
  })
  await startRun(page, { Steps: '400', 'Evaluate every': '200' })
  await expectRun(page, 'Finished')
  await openSftView(page, 'Demonstrations')
  await page.getByRole('button', { name: 'take its demonstrations' }).click()
  await expect(page.getByRole('table', { name: 'Demonstrations', exact: true })).toBeVisible({
    timeout: ENGINE_TIMEOUT,
  })
  await openSftView(page, 'Train')
  await recipe(page)
    .getByRole('button', { name: /^Advanced/ })
    .click()
  await recipe(page).getByRole('textbox', { name: 'Steps', exact: true }).fill('120')
  await recipe(page).getByRole('textbox', { name: 'Steps', exact: true }).press('Control+Enter')
  await expectRun(page, 'Finished')
  await openRewardView(page, 'Train')
  await noToasts(page)
  await take(page, 'reward-doors')
  await page.getByRole('button', { name: 'Let a simulated labeler rank' }).click()
  await expect(recipe(page).getByRole('combobox', { name: 'Preset' })).toHaveValue('Starter world', {
    timeout: ENGINE_TIMEOUT,
  })
  await noToasts(page)
  await take(page, 'reward-recipe')
  await recipe(page)
    .getByRole('button', { name: /^Start/ })
    .click()
  await expectRun(page, 'Training')
  await expectSteps(page, 60)
  await take(page, 'reward-train')
  await expectRun(page, 'Finished')
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await noToasts(page)
  await take(page, 'reward-verdict')
  await openRewardView(page, 'Report')
  await page.getByRole('region', { name: 'Truth' }).getByRole('button').first().click()
  await take(page, 'reward-report')
  await openRewardView(page, 'Playground')
  await page.getByRole('button', { name: 'Take a ranked prompt' }).click()
  await expect(page.getByRole('list', { name: 'Scores' })).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await take(page, 'reward-playground')
  await openTab(page, 'Overview')
  await take(page, 'overview-reward')
  await openTab(page, 'Runs')
  await page.getByRole('table', { name: 'Runs' }).getByRole('row').nth(1).click()
  await take(page, 'run-reward')
})

test('a lab at work', async ({ page, lab: _ }) => {
  await page.getByRole('button', { name: 'Make the starter world' }).click()
  await expect(recipe(page).getByRole('combobox', { name: 'Preset' })).toHaveValue('Starter world', {
    timeout: ENGINE_TIMEOUT,
  })
  await noToasts(page)
  await take(page, 'pretrain-recipe')
  await startRun(page, { 'Name of the run': 'archipelago, first try', Steps: '120', 'Evaluate every': '40' })
  await expectRun(page, 'Finished')
  await noToasts(page)
  await take(page, 'pretrain-finished')

  // The one under way is what the README shows: far enough for a curve and some samples.
  await startRun(page, { 'Name of the run': 'archipelago', Steps: '600', 'Evaluate every': '50' })
  await expectRun(page, 'Training')
  await expectSteps(page, 380)
  await noToasts(page)
  await take(page, 'pretrain-train')
  await openTab(page, 'Overview')
  await take(page, 'overview')
  await openTab(page, 'Runs')
  await take(page, 'runs-busy')
  await openTab(page, 'Pre-training')
  await expectRun(page, 'Finished')

  await page.getByRole('button', { name: 'Give it a prompt' }).click()
  await page.getByRole('textbox', { name: 'Text' }).fill('The village of')
  await page.getByRole('textbox', { name: 'At most' }).fill('9')
  await page.getByRole('button', { name: 'Let it run' }).click()
  await expect(page.getByText(/tokens at [\d,]+ tokens\/s/)).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await noToasts(page)
  await take(page, 'pretrain-complete')

  await openView(page, 'Data')
  await page.getByRole('table', { name: 'Documents' }).getByRole('row').nth(2).click()
  await take(page, 'pretrain-data')
  await openView(page, 'Tokens')
  await take(page, 'pretrain-tokens')
  for (const tab of ['Vocabulary', 'Train a tokenizer']) {
    await page.getByRole('tab', { name: tab }).click()
    await take(page, `pretrain-tokens-${tab.split(' ')[0]!.toLowerCase()}`)
  }

  await openTab(page, 'Runs')
  for (const box of await page.getByRole('checkbox', { name: /^Compare/ }).all()) await box.check()
  await take(page, 'runs-compared')
  await page.getByRole('table', { name: 'Runs' }).getByRole('row').nth(1).click()
  await take(page, 'run')
  for (const tab of ['Device', 'Settings']) {
    await openTab(page, tab)
    await take(page, tab.toLowerCase())
  }
  await page.keyboard.press('Control+k')
  await take(page, 'palette')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+/')
  await take(page, 'keys')
})

test('a device being measured', async ({ page, lab: _ }) => {
  await openTab(page, 'Device')
  await take(page, 'device-not-measured')
  await page.getByRole('button', { name: 'Measure quickly, in seconds' }).click()
  await expect(page.getByRole('main').getByText(/tokens\/s/)).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await take(page, 'device-measuring')
  await expect(page.getByRole('table', { name: 'Speeds' })).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await page.getByRole('button', { name: 'Measure this device' }).click()
  await expect(page.getByRole('main').getByText(/tokens\/s ·|· [\d,]+ tokens\/s/)).toBeVisible({
    timeout: ENGINE_TIMEOUT,
  })
  await take(page, 'device-measuring-again')
  // A run takes the device.
  await dropFiles(page, { name: 'forest.txt', content: forestText })
  await expect(recipe(page).getByRole('region', { name: 'Sources' })).toContainText('forest')
  await startRun(page, { ...tinyRun, Steps: '20' })
  await expectRun(page, 'Finished')
  await openTab(page, 'Device')
  await expect(page.getByRole('main').getByRole('alert')).toContainText('a run was started')
  await noToasts(page)
  await take(page, 'device-measuring-failed')
  await page.getByRole('button', { name: 'Measure quickly' }).click()
  await expect(page.getByText(/^Compared with the measurement/)).toBeVisible({ timeout: ENGINE_TIMEOUT })
  await noToasts(page)
  await take(page, 'device-measured')
})

test('a lab in trouble', async ({ page, lab: _ }) => {
  await dropFiles(page, { name: 'program.txt', content: new Uint8Array(4096) })
  await expect(page.getByRole('alert').first()).toBeVisible()
  await take(page, 'failed-import')
  await page.getByRole('button', { name: 'Close this message' }).click()
  await dropFiles(page, { name: 'forest.txt', content: forestText })
  await expect(recipe(page).getByRole('region', { name: 'Sources' })).toContainText('forest')
  await recipe(page).getByRole('textbox', { name: 'Width', exact: true }).fill('30')
  await expect(recipe(page).getByRole('button', { name: /^Start/ })).toHaveAttribute('aria-disabled', 'true')
  await expect(recipe(page).getByRole('alert')).toContainText(/width/i)
  await take(page, 'failed-recipe')
})

testWith({ text: forestText, demonstrations: forestQuestions, steps: 200, epochs: 30 })(
  'a chat',
  async ({ page, lab: _ }) => {
    await openTab(page, 'Chat')
    await take(page, 'chat-new')
    const turn = page.getByRole('region', { name: 'Turn', exact: true }).last()
    const say = async (prompt: string, columns = 2) => {
      await page.getByRole('textbox', { name: /^Message to/ }).fill(prompt)
      await page.keyboard.press('Enter')
      await expect(turn).toContainText(prompt)
      await expect(turn.getByRole('button', { name: /^Regenerate/ })).toHaveCount(columns, {
        timeout: ENGINE_TIMEOUT,
      })
    }
    await say('Who is under the oak?')
    await take(page, 'chat')
    await page.getByRole('switch', { name: 'Surprise' }).check()
    await expect(page.locator('[class*=surprise]').first()).toBeVisible()
    await take(page, 'chat-surprise')
    await page.getByRole('switch', { name: 'Surprise' }).uncheck()
    await page.getByRole('switch', { name: 'Blind' }).check()
    await say('Who is under the elm?')
    await take(page, 'chat-blind')
    await page.keyboard.press('1')
    await expect(turn).toContainText('You voted blind')
    await take(page, 'chat-voted')
    await page.getByRole('switch', { name: 'Blind' }).uncheck()
    await turn.getByRole('button', { name: 'Edit this message' }).click()
    await take(page, 'chat-editing')
    await page.getByRole('button', { name: 'Cancel' }).click()
    for (let i = 0; i < 2; i++) await page.getByRole('button', { name: 'Add a column' }).click()
    await say('Who is under the fir?', 4)
    await take(page, 'chat-four')
  },
)

testWith({ text: forestText, demonstrations: forestQuestions, steps: 200, epochs: 30 })(
  'a ranking bench',
  async ({ page, lab: _ }) => {
    await openRewardView(page, 'Rankings')
    await take(page, 'rankings-empty')
    await page.getByRole('button', { name: 'Sample and rank …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Sample answers and rank them' })
    await take(page, 'rankings-new-demonstrations')
    await dialog.getByText('Own text', { exact: true }).click()
    await take(page, 'rankings-new-refused')
    const prompts = Array.from(
      { length: 40 },
      (_, i) => `Who is under the ${['oak', 'elm', 'fir', 'ash'][i % 4]} ${i}?`,
    )
    await dialog.getByRole('textbox', { name: 'Prompts' }).fill(prompts.join('\n'))
    await dialog.getByRole('textbox', { name: 'Name of the set' }).fill('forest by me')
    await dialog.getByRole('button', { name: 'Start' }).click()
    const bench = page.getByRole('dialog', { name: /^Rank: / })
    await expect(bench).toBeVisible()
    await take(page, 'bench-waiting')
    const heads = bench.getByRole('button', { name: /^Answer \d/ })
    await expect(heads.first()).toBeVisible({ timeout: ENGINE_TIMEOUT })
    await take(page, 'bench-card')
    await page.keyboard.press('2')
    await page.keyboard.press('=')
    await page.keyboard.press('1')
    await take(page, 'bench-ranked')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Enter')
    await take(page, 'bench-hint')
    for (let i = 0; i < 4; i++) await page.keyboard.press('Backspace')
    for (let i = 0; i < 25; i++) {
      if ((await heads.count()) === 0) await page.waitForTimeout(300)
      await page.keyboard.press('1')
      await page.keyboard.press('2')
      await page.keyboard.press('3')
      await page.keyboard.press('Enter')
      await page.waitForTimeout(60)
    }
    await take(page, 'bench-agreement')
    await page.keyboard.press('?')
    await take(page, 'bench-keys')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await noToasts(page)
    await take(page, 'rankings')
    await page.getByRole('tab', { name: 'Agreement' }).click()
    await page.getByRole('button', { name: 'More: forest by me' }).click()
    await take(page, 'rankings-menu')
    await page.getByRole('menuitem', { name: 'Let a simulated labeler rank' }).click()
    await take(page, 'rankings-simulate')
    await page.getByRole('dialog').getByRole('button', { name: 'Rank all' }).click()
    await expect(page.getByRole('table', { name: 'Sets of rankings' })).toContainText('simulated')
    await noToasts(page)
    await take(page, 'rankings-simulated')
    await page.getByRole('tab', { name: /^Prompts/ }).click()
    await page.getByRole('table', { name: 'Prompts' }).getByRole('row').nth(2).click()
    await expect(page.getByRole('dialog', { name: /^Mend/ })).toBeVisible()
    await take(page, 'bench-mend')
    await page.keyboard.press('Escape')
    const pair = (chosen: string, rejected: string) =>
      JSON.stringify({
        chosen: `\n\nHuman: Who hides?\n\nAssistant: ${chosen}`,
        rejected: `\n\nHuman: Who hides?\n\nAssistant: ${rejected}`,
      })
    await dropFiles(page, {
      name: 'harmless-base.jsonl',
      content: [
        pair('The fox.', 'Go away.'),
        pair('Go away.', 'The fox.'),
        'no JSON',
        pair('<b>An owl</b>', '\u202ewlo nA'),
      ].join('\n'),
    })
    const importing = page.getByRole('dialog', { name: 'Import rankings' })
    await expect(importing.getByRole('table', { name: 'Rejected rows' })).toBeVisible()
    await take(page, 'rankings-import')
    await importing.getByRole('button', { name: 'Import', exact: true }).click()
    await expect(page.getByRole('main').getByText(/^Imported/)).toBeVisible()
    await noToasts(page)
    await take(page, 'rankings-imported')
    await dropFiles(page, { name: 'notes.csv', content: 'left,right\nWho?,The fox.\n' })
    await expect(importing.getByRole('alert')).toBeVisible()
    await take(page, 'rankings-import-failed')
    await page.keyboard.press('Escape')
    await openRewardView(page, 'Train')
    await take(page, 'reward-recipe-with-rankings')
    await page.setViewportSize({ width: 1000, height: 800 })
    await openRewardView(page, 'Rankings')
    await page.getByRole('button', { name: 'Rank: harmless-base' }).click()
    await expect(page.getByRole('dialog', { name: /^Rank/ })).toBeVisible()
    await page.screenshot({ path: join(restFolder ?? '.cache', 'bench-narrow.png') })
  },
)
