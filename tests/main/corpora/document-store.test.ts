import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  documentsPath,
  documentTexts,
  offsetsPath,
  readDocument,
  type StoredDocument,
  storedCount,
  storedDocuments,
} from '../../../src-main/core/corpora/document-store.ts'
import { commitFolder, SplitWriter } from '../../../src-main/core/corpora/document-writer.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'document-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const document = (text: string, continues = false): StoredDocument => ({
  file: 'a.txt',
  line: 1,
  continues,
  text,
})
function write(train: StoredDocument[], validation: StoredDocument[]): void {
  for (const [split, documents] of [
    ['train', train],
    ['validation', validation],
  ] as const) {
    const writer = new SplitWriter(folder, split)
    for (const one of documents) writer.append(one)
    writer.finish()
  }
}

describe('a corpus on disk', () => {
  it('gives back every document as it was, by streaming and by number', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.boolean())),
        fc.array(fc.string({ unit: 'grapheme' })),
        (trainTexts, validationTexts) => {
          const train = trainTexts.map(([text, continues]) => document(text, continues))
          const validation = validationTexts.map(text => document(text))
          write(train, validation)
          expect([...storedDocuments(folder, 'train')]).toEqual(train)
          expect([...documentTexts(folder, 'validation')]).toEqual(validationTexts)
          ;[...train, ...validation].forEach((one, number) => {
            expect(readDocument(folder, number)).toMatchObject(one)
          })
          rmSync(folder, { recursive: true })
          folder = mkdtempSync(join(tmpdir(), 'document-store-'))
        },
      ),
      { numRuns: 50 },
    )
  })

  it('is plain JSON lines that a person can read elsewhere', () => {
    write([document('first\nline'), document('the rest', true)], [])
    expect(readFileSync(documentsPath(folder, 'train'), 'utf8')).toBe(
      '{"file":"a.txt","line":1,"text":"first\\nline"}\n{"file":"a.txt","line":1,"continues":true,"text":"the rest"}\n',
    )
  })

  it('streams lines longer than its buffer', () => {
    const texts = [1, 300_000, 5, 1_000_000, 0, 262_144].map((length, i) =>
      String.fromCharCode(97 + i).repeat(length),
    )
    write(
      texts.map(text => document(text)),
      [],
    )
    expect([...documentTexts(folder, 'train')]).toEqual(texts)
    expect(texts.map((_, i) => readDocument(folder, i).text)).toEqual(texts)
  })

  it('takes back and moves what was written after a mark', () => {
    const train = new SplitWriter(folder, 'train')
    const validation = new SplitWriter(folder, 'validation')
    validation.append(document('zero'))
    train.append(document('one'))
    const before = train.mark()
    train.append(document('two'))
    train.append(document('x'.repeat(600_000), true))
    train.moveTo(validation, before)
    train.append(document('gone'))
    train.rollback(before)
    train.append(document('three'))
    expect([train.count, validation.count]).toEqual([2, 3])
    train.finish()
    validation.finish()
    expect([...documentTexts(folder, 'train')]).toEqual(['one', 'three'])
    expect([...documentTexts(folder, 'validation')]).toEqual(['zero', 'two', 'x'.repeat(600_000)])
    expect([0, 1, 2, 3].map(n => readDocument(folder, n).text)).toEqual(['one', 'three', 'zero', 'two'])
  })

  it('says which numbers there are when asked for another', () => {
    write([document('a')], [document('b')])
    expect(() => readDocument(folder, 2)).toThrow('there is no document 2: expected 0 to 1')
  })

  it('refuses files that were cut or changed instead of giving out half a text', () => {
    write([document('alpha'), document('beta')], [])
    truncateSync(documentsPath(folder, 'train'), 50)
    expect(() => [...documentTexts(folder, 'train')]).toThrow(/does not read back.*line 2/)
    expect(() => readDocument(folder, 1)).toThrow(/does not read back/)
    writeFileSync(offsetsPath(folder, 'train'), '12345')
    expect(() => storedCount(folder, 'train')).toThrow(/no list of offsets/)
  })

  it('appears whole or not at all', () => {
    write([document('a')], [])
    const final = `${folder}-final`
    commitFolder(folder, final)
    try {
      expect([...documentTexts(final, 'train')]).toEqual(['a'])
      expect(() => storedCount(folder, 'train')).toThrow()
    } finally {
      rmSync(final, { recursive: true })
    }
  })
})
