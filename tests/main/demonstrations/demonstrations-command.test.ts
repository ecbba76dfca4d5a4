import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  demonstrationsAdd,
  demonstrationsExport,
  demonstrationsList,
  demonstrationsPreview,
  demonstrationsRemove,
  demonstrationsShow,
  readMapping,
} from '../../../src-main/terminal/commands/demonstrations.ts'
import type { Session } from '../../../src-main/terminal/session.ts'
import { jsonLines } from '../row-files/made-up-rows.ts'
import { type OpenSession, openSession } from '../terminal/open-session.ts'

let root: string
let session: Session
let file: OpenSession['file']
beforeEach(async () => {
  ;({ root, session, file } = await openSession())
})

it('adds, lists, shows, exports and removes a set, as text and as JSON', async () => {
  const given = file(
    'pairs.jsonl',
    jsonLines({ question: 'q\u001b[31m', answer: 'a' }, 'bad', { question: 'q2', answer: 'a2' }),
  )
  const { json, text } = await demonstrationsAdd.run(session, [given], { name: 'Pairs' })
  expect(json).toMatchObject({
    set: expect.stringMatching(/^demos-/),
    read: 3,
    accepted: 2,
    rejected: 1,
    duplicates: 0,
    rejections: [{ file: 'pairs.jsonl', line: 2, reason: expect.stringMatching(/^not JSON/) }],
    rejectionsLeftOut: 0,
  })
  expect(text).toContain('pairs.jsonl:2: not JSON')
  const into = await demonstrationsAdd.run(session, [given], { into: 'Pairs' })
  expect(into.json).toMatchObject({ accepted: 0, duplicates: 2 })
  expect((await demonstrationsList.run(session, [], {})).text).toMatch(/Pairs +2 +2 +2/)
  const shown = await demonstrationsShow.run(session, ['Pairs'], {})
  expect(shown.text).toContain('q\\x1b[31m')
  expect(shown.json).toMatchObject({ rows: 2, firstRows: [{ number: 0 }, { number: 1 }] })
  expect((await demonstrationsExport.run(session, ['Pairs'], {})).json).toMatchObject({
    rows: 2,
    path: join(root, 'workspace', 'exports', 'Pairs.jsonl'),
  })
  await demonstrationsRemove.run(session, ['Pairs'], {})
  expect((await demonstrationsList.run(session, [], {})).text).toBe(
    'No demonstrations yet. Import some with: andromeda demonstrations add FILE…',
  )
  await expect(demonstrationsAdd.run(session, [given], { name: 'a', into: 'b' })).rejects.toThrow('not both')
})

describe('columns', () => {
  it('are previewed, and said where they are not known', async () => {
    const given = file('odd.csv', 'frage,antwort,art\nq,a,chat\n')
    const before = await demonstrationsPreview.run(session, [given], {})
    expect(before.text).toContain('--map prompt=…,response=…')
    const map = 'prompt=frage, response=antwort,useCase=art'
    const after = await demonstrationsPreview.run(session, [given], { map })
    expect(after.text).toMatch(/2 +2 +q +a +chat/)
    const { json } = await demonstrationsAdd.run(session, [given], { map })
    expect(json).toMatchObject({ accepted: 1 })
  })

  it('are refused in words when they are said wrongly', () => {
    expect(readMapping('prompt=a=b,response=c')).toEqual({
      prompt: 'a=b',
      response: 'c',
      system: null,
      context: null,
      useCase: null,
    })
    for (const [given, said] of [
      ['prompt=a', 'needs both'],
      ['prompt', '"prompt" is not one of prompt=COLUMN'],
      ['prompt=a,answer=b', '"answer=b" is not one of'],
    ] as const)
      expect(() => readMapping(given)).toThrow(said)
  })
})
