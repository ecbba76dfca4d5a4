// What `andromeda corpus add` prints, run on a real lab.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Lab, openLab } from '../../../src-main/core/lab.ts'
import { corpusAdd } from '../../../src-main/terminal/commands/corpus.ts'
import { Progress } from '../../../src-main/terminal/progress.ts'
import { Session } from '../../../src-main/terminal/session.ts'

let root: string
let lab: Lab
let session: Session

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'corpus-command-'))
  const engineHost = {
    name: 'none',
    start: () => Promise.reject(new Error('an import computes nothing')),
    stop: async () => {},
  }
  lab = await openLab({ path: join(root, 'workspace'), host: 'terminal', engineHost })
  const silent = { write: () => true }
  session = new Session({ lab, engineHost, json: true, progress: new Progress(silent), stdout: silent })
})
afterEach(async () => {
  await session.close()
  rmSync(root, { recursive: true })
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
