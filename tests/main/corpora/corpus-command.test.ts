// What `andromeda corpus add` prints, run on a real lab.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { corpusAdd } from '../../../src-main/terminal/commands/corpus.ts'
import type { Session } from '../../../src-main/terminal/session.ts'
import { openSession } from '../terminal/open-session.ts'

let root: string
let session: Session
beforeEach(async () => {
  ;({ root, session } = await openSession())
})

it('tells what an import decided, as text and as JSON, and how many rejections it leaves out', async () => {
  const folder = join(root, 'files')
  mkdirSync(folder)
  writeFileSync(join(folder, 'a.txt'), Buffer.from('caf\xe9 au lait', 'latin1'))
  writeFileSync(join(folder, 'b.jsonl'), `{"text":"good"}\n${'bad\n'.repeat(1500)}`)
  writeFileSync(join(folder, 'cover.png'), 'PNG')
  const { json, text } = await corpusAdd.run(session, [folder], {})
  const facts = json as Record<string, unknown> & { corpus: string; rejections: object[]; notes: string[] }
  expect(facts).toMatchObject({ accepted: 2, rejected: 1500, duplicates: 0, documents: 2, bytes: 17 })
  expect([facts.rejections.length, facts.rejectionsLeftOut]).toEqual([1000, 500])
  expect(facts.files).toMatchObject([
    { file: 'files/a.txt', format: 'text', encoding: 'Latin-1', documents: 1 },
    { file: 'files/b.jsonl', format: 'JSON lines', encoding: 'UTF-8', documents: 1 },
  ])
  const rejections = `corpora/${facts.corpus}/rejections.jsonl`
  for (const said of [
    'read as Latin-1',
    'fewer than 20 documents',
    'left out in folders: 1 .png',
    rejections,
  ]) {
    expect(facts.notes.join('\n')).toContain(said)
    expect(text).toContain(said)
  }
  const all = readFileSync(join(root, 'workspace', rejections), 'utf8')
    .trimEnd()
    .split('\n')
  expect(all).toHaveLength(1500)
})
