// What comes from outside (files, names, what a model makes of them) can be wrong or hostile: it is told in a sentence,
// shown as text, and never run.
import { expect, type Page } from '@playwright/test'
import { forestText } from './forest-text.ts'
import { dropFiles, expectRun, expectSteps, now, openView, recipe, startRun, tinyRun } from './lab-page.ts'
import { ENGINE_TIMEOUT, test } from './lab-test.ts'

/** The one place where the corner of the window speaks of work that failed. */
const failure = (page: Page) => page.getByRole('region', { name: 'Work in progress' }).getByRole('alert')

/** The first bytes of a program, and more of the like. */
const program = Uint8Array.from({ length: 4096 }, (_, i) =>
  i < 4 ? [0x7f, 0x45, 0x4c, 0x46][i]! : (i * 89) % 256,
)

const wrongFiles = [
  { what: 'an empty file', name: 'nothing.txt', content: '', says: /empty|no text|nothing/i },
  {
    what: 'a program with the name of a text',
    name: 'program.txt',
    content: program,
    says: /not text|binary/i,
  },
  { what: 'a kind of file that is no text', name: 'photo.heic', content: program, says: /\.heic|format/i },
  { what: 'a damaged archive', name: 'cut.txt.gz', content: program, says: /gzip|damaged|cut/i },
  { what: 'something else with the name of a PDF', name: 'letter.pdf', content: program, says: /pdf/i },
]

test('a wrong file is refused in one sentence that names it, and a good one is taken right after', async ({
  page,
  lab: _,
}) => {
  for (const { what, name, content, says } of wrongFiles) {
    await dropFiles(page, { name, content })
    await expect(failure(page), what).toContainText(says)
    await expect(page.getByRole('region', { name: 'Work in progress' }), what).toContainText(
      name.split('.')[0]!,
    )
    await page.getByRole('button', { name: 'Close this message' }).click()
    await expect(failure(page)).toHaveCount(0)
  }
  await dropFiles(page, { name: 'good.txt', content: forestText })
  await expect(recipe(page).getByRole('region', { name: 'Sources' })).toContainText('good')
})

test('of several files the good ones are kept and the bad ones are listed with their reason', async ({
  page,
  lab: _,
}) => {
  const rows = [
    '{"text": "The owl waits."}',
    '{"text": 7}',
    '{"text": "The hare hides',
    '{"text": "The fox sings."}',
  ]
  await dropFiles(
    page,
    { name: 'forest.txt', content: forestText },
    { name: 'program.txt', content: program },
    { name: 'rows.jsonl', content: rows.join('\n') },
  )
  await openView(page, 'Data')
  await page.getByRole('tab', { name: 'Rejected (3)' }).click()
  const rejected = page.getByRole('table', { name: 'Rejected rows' })
  await expect(rejected.getByRole('row')).toHaveCount(4)
  await expect(rejected.getByRole('row', { name: /program\.txt/ })).toHaveCount(1)
  await expect(rejected.getByRole('row', { name: /rows\.jsonl 2 / })).toHaveCount(1)
  await expect(rejected.getByRole('row', { name: /rows\.jsonl 3 / })).toHaveCount(1)
})

const attack = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'
const hostileName = '<img src=x onerror=alert(1)> \u202Etxt.exe \u001B[31mred\u0007'

async function expectHarmless(page: Page): Promise<void> {
  expect(await page.locator('#root img, #root script, #root iframe').count()).toBe(0)
  expect(await page.title()).not.toContain('owned')
  const shown = await page.evaluate(() => {
    const fields = [...document.querySelectorAll<HTMLInputElement>('input')].map(field => field.value)
    return [document.body.innerText, ...fields].join('\n')
  })
  for (const unseen of ['\u202E', '\u001B', '\u0007']) expect(shown).not.toContain(unseen)
}

test('hostile names, texts and samples are shown as text, with what cannot be seen made visible', async ({
  page,
  lab: _,
}) => {
  await dropFiles(page, {
    name: `${hostileName}.txt`,
    content: `${attack} \u202Eabc\u001B[31m\n`.repeat(60) + forestText,
  })
  const sources = recipe(page).getByRole('region', { name: 'Sources' })
  await expect(sources).toContainText('<img src=x onerror=alert(1)>')
  await expect(sources).toContainText('⟨U+202E⟩')
  // A name stands in one line: line breaks and the like become blanks.
  await expect(sources).toContainText('[31mred')
  await expectHarmless(page)

  await openView(page, 'Data')
  await page.getByRole('table', { name: 'Documents' }).getByRole('row').nth(1).click()
  await expect(page.getByText(/<script>document\.title="owned"/).first()).toBeVisible()
  await expect(page.getByText('⟨U+202E⟩abc␛[31m').first()).toBeVisible()
  await expectHarmless(page)

  await startRun(page, { ...tinyRun, Steps: '20', 'Evaluate every': '10', 'Sample prompts': attack })
  await expectRun(page, 'Finished')
  await expectSteps(page, 20)
  await expect(page.getByRole('region', { name: 'What it says' })).toContainText('<img src=x onerror=')
  await expect(now(page)).toContainText('⟨U+202E⟩')
  await expectHarmless(page)

  await openView(page, 'Complete')
  await page.getByRole('textbox', { name: 'Text' }).fill(attack)
  await expect(page.getByRole('listitem').getByRole('button', { name: /^1 .*probability/ })).toBeVisible({
    timeout: ENGINE_TIMEOUT,
  })
  await expectHarmless(page)

  await page
    .getByRole('contentinfo')
    .getByTitle('Open this run')
    .or(page.getByRole('button', { name: 'Runs' }))
    .first()
    .click()
  await expect(page.getByRole('main', { name: 'Runs' })).toContainText('⟨U+202E⟩')
  await expectHarmless(page)
})

test('an impossible recipe cannot be started, and the button says what is wrong', async ({
  page,
  lab: _,
}) => {
  await dropFiles(page, { name: 'forest.txt', content: forestText })
  await expect(recipe(page).getByRole('region', { name: 'Sources' })).toContainText('forest')
  const start = recipe(page).getByRole('button', { name: /^Start/ })
  const field = (label: string) => recipe(page).getByRole('textbox', { name: label, exact: true })
  await field('Width').fill('30')
  await expect(start).toHaveAccessibleDescription(/width|heads/i)
  await expect(start).toHaveAttribute('aria-disabled', 'true')
  await field('Width').fill('a lot')
  await expect(start).toHaveAccessibleDescription(/Width: must be a whole number/)
  await field('Width').fill('32')
  await field('Context').fill('9000')
  await expect(start).toHaveAccessibleDescription(/context/i)
  await field('Context').fill('32')
  await expect(start).not.toHaveAttribute('aria-disabled', 'true')
})
