// Why nothing of a file can be used, before it is imported: the reason itself, not a question about columns.
import { expect, test } from 'vitest'
import { jsonLines } from '../row-files/made-up-rows.ts'
import { previewContent } from './read-fixture.ts'

test('a file that holds nothing says what is wrong with it, by line where it is a line', async () => {
  const problem = async (name: string, content: string | Uint8Array) =>
    (await previewContent(name, content)).problem
  expect(await problem('a.jsonl', '')).toBe('the file is empty')
  expect(await problem('a.csv', 'prompt,response\n')).not.toBeNull()
  expect(await problem('a.jsonl', new Uint8Array([0, 1, 255, 254, 10]))).toMatch(/^line 1: not /)
  expect(await problem('a.jsonl', jsonLines({ prompt: 'Who?', completion: ' ' }))).toMatch(/^line 1: .*empty/)
  expect(await problem('a.docx', 'text')).toContain('not a file that can be read')
  expect(await problem('a.json', `${'['.repeat(3000)}${']'.repeat(3000)}`)).not.toBeNull()
})

test('a file of which a row can be used has no problem, nor one whose columns are still to be told', async () => {
  const rows = jsonLines({ prompt: 'Who?', completion: '' }, { prompt: 'Who?', completion: 'The fox.' })
  expect((await previewContent('a.jsonl', rows)).problem).toBeNull()
  const unknown = await previewContent('a.csv', 'left,right\nWho?,The fox.\n')
  expect([unknown.format, unknown.problem]).toEqual([null, null])
})
