// The same judgements in several sets, as after an export that is imported beside its own set.
import { expect, it } from 'vitest'
import { preferenceImportHandlers } from '../../../src-main/core/rankings/import/import-handlers.ts'
import type { PreferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { type OpenBench, openBench } from './open-bench.ts'

const twice = (prompt: string, labelers: readonly string[]): PreferenceRow => ({
  prompt: [{ role: 'user', content: prompt }],
  responses: [{ text: 'one' }, { text: 'two' }, { text: 'three' }],
  rankings: labelers.flatMap(labeler => [
    { labeler, ranks: [1, 2, 3] },
    { labeler, pass: 1, ranks: [1, 3, 2] },
  ]),
})

async function imported(bench: OpenBench, name: string, rows: readonly PreferenceRow[]): Promise<string> {
  const { jobs, preferences, files, workspace } = bench
  const context = { workspace, jobs, publish: () => {} }
  const handlers = preferenceImportHandlers(context, preferences, files)
  const file = bench.file(`${name}.jsonl`, rows.map(row => `${JSON.stringify(row)}\n`).join(''))
  const { job } = await handlers['preferences.import']({ name, files: [file] })
  return (await jobs.wait<{ set: string }>(job)).set
}

it('count once in the agreement over these sets, and those that only one of them holds count too', async () => {
  const bench = openBench()
  const questions = Array.from({ length: 12 }, (_, i) => `question ${i}?`)
  const one = await imported(
    bench,
    'one',
    questions.map(question => twice(question, ['Ann', 'Bo'])),
  )
  const two = await imported(bench, 'two', [
    ...questions.slice(5).map(question => twice(question, ['Ann', 'Bo'])),
    twice('something else?', ['Ann']),
  ])
  const alone = await bench.call('preferences.agreement', { sets: [one] })
  expect(alone.self).toMatchObject([{ agreement: { n: 36 } }, { agreement: { n: 36 } }])
  expect(await bench.call('preferences.agreement', { sets: [one, one] })).toEqual(alone)
  const both = await bench.call('preferences.agreement', { sets: [one, two] })
  expect(both.self).toMatchObject([
    { labeler: 'Ann', agreement: { n: 39, share: 2 / 3 } },
    { labeler: 'Bo', agreement: { n: 36, share: 2 / 3 } },
  ])
  expect(both.between).toMatchObject([{ agreement: { n: 36, share: 1 } }])
  expect(await bench.call('preferences.agreement', { sets: [two, one] })).toEqual(both)
})
