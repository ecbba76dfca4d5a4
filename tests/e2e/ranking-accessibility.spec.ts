// axe on the states of rankings and bench; long answers where room is short.
import { expect } from '@playwright/test'
import { expectNoBarriers } from './barriers.ts'
import { dropFiles, openRewardView } from './lab-page.ts'
import { ENGINE_TIMEOUT } from './lab-test.ts'
import { cards, heads, prompt, questions, sample, setRow, test } from './ranking-page.ts'

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
