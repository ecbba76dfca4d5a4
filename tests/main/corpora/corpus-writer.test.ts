import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_PART_BYTES } from '../../../src-main/core/corpora/document-store.ts'
import { HashSet } from '../../../src-main/core/corpora/hash-set.ts'
import { importContents } from './import-fixture.ts'

const rows = (texts: string[]) => texts.map(text => JSON.stringify({ text })).join('\n')
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `document number ${i}`)

describe('duplicates', () => {
  it('are dropped and counted, across files and formats', async () => {
    const { documents, duplicates, accepted, texts } = await importContents({
      'a.jsonl': rows(['one', 'two', 'one']),
      'b.txt': 'two',
      'c.txt': 'three',
    })
    expect([documents, duplicates, accepted]).toEqual([3, 2, 5])
    expect(texts.sort()).toEqual(['one', 'three', 'two'])
  })
  it('are found among texts stored in parts too', async () => {
    const long = 'a line of a long text\n'.repeat(120_000)
    const { documents, duplicates, bytes, texts } = await importContents({
      'a.txt': long,
      'b.txt': long,
      'c.txt': 'c',
    })
    expect([documents, duplicates, bytes]).toEqual([2, 1, long.length + 1])
    expect(texts.sort()).toEqual([long, 'c'])
  })
  it('are told apart as a set of their hashes tells them', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { maxLength: 3000 }), values => {
        const set = new HashSet()
        const known = new Set<number>()
        for (const value of values) {
          expect(set.add(createHash('sha256').update(String(value)).digest())).toBe(!known.has(value))
          known.add(value)
        }
      }),
      { numRuns: 20 },
    )
    const zero = Buffer.alloc(32)
    const set = new HashSet()
    expect([set.add(zero), set.add(zero)]).toEqual([true, false])
  })
})

describe('the split', () => {
  it('is by document hash from 20 documents on: about a tenth, the same ones every time and everywhere', async () => {
    const one = await importContents({ 'a.jsonl': rows(numbered(2000)) })
    const other = await importContents({ 'b.jsonl': rows([...numbered(2000), 'more']) })
    expect(one.split).toBe('document-hash')
    expect(one.validationDocuments).toBe(one.validation.length)
    expect(one.validationDocuments / one.documents).toBeGreaterThan(0.08)
    expect(one.validationDocuments / one.documents).toBeLessThan(0.12)
    const validation = new Set(other.validation.map(({ text }) => text))
    for (const { text } of one.validation) expect(validation.has(text)).toBe(true)
    for (const { text } of one.train) expect(validation.has(text)).toBe(false)
  })
  it('hashes the same texts to the same corpus, another order to another', async () => {
    const hash = async (texts: string[]) => (await importContents({ 'a.jsonl': rows(texts) })).hash
    const texts = numbered(50)
    const expected = createHash('sha256')
    for (const text of texts) expected.update(createHash('sha256').update(text).digest())
    expect(await hash(texts)).toBe(expected.digest('hex'))
    expect(await hash([...texts, texts[0]!])).toBe(await hash(texts))
    expect(await hash(texts.toReversed())).not.toBe(await hash(texts))
  })
  it('keeps the last tenth of every text when there are few, cut at a line end, and says so', async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `line ${String(i).padStart(4, '0')}\n`)
    const { split, train, validation, validationBytes, notes } = await importContents({
      'a.txt': lines.join(''),
      'b.txt': 'x'.repeat(100),
    })
    expect(split).toBe('tail')
    expect(train.map(({ file, text }) => [file, text])).toEqual([
      ['a.txt', lines.slice(0, 900).join('')],
      ['b.txt', 'x'.repeat(90)],
    ])
    expect(validation).toEqual([
      { file: 'a.txt', line: 901, continues: false, text: lines.slice(900).join('') },
      { file: 'b.txt', line: 1, continues: false, text: 'x'.repeat(10) },
    ])
    expect(validationBytes).toBe(1010)
    expect(notes.join()).toMatch(/fewer than 20 documents, the last 10 % of each/)
  })
  it('keeps the tail of a text in parts, all of it, in order', async () => {
    const text = Array.from({ length: 300_000 }, (_, i) => `row ${i}\n`).join('')
    const { train, validation, texts } = await importContents({ 'a.txt': text })
    expect(texts).toEqual([text])
    expect(train.map(({ continues }) => continues)).toEqual([false, true, true])
    expect(validation[0]!.continues).toBe(false)
    const share = validation.reduce((sum, one) => sum + one.text.length, 0) / text.length
    expect(share).toBeCloseTo(0.1, 4)
    const head = train.map(one => one.text).join('')
    expect(validation[0]!.line).toBe(head.split('\n').length)
  })
  it('falls back to tails when chance would make one document most of the validation', async () => {
    const documents = numbered(40)
    const byHash = await importContents({ 'a.jsonl': rows(documents) })
    const chosen = byHash.validation[0]!.text
    // A text that surely validates by its hash, and is larger than all others together.
    let huge = ''
    for (let i = 0; createHash('sha256').update(huge).digest().readUInt32LE(0) >= 0.1 * 2 ** 32; i++)
      huge = `${chosen} `.repeat(1000) + i
    const { split, notes, texts } = await importContents({ 'a.jsonl': rows([...documents, huge]) })
    expect(split).toBe('tail')
    expect(notes.join()).toMatch(/too small or too large a part/)
    expect(texts.sort()).toEqual([...documents, huge].sort())
  })
  it('loses nothing, whatever the texts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', ' ', '\n', '🦊', 'é'), maxLength: 40 }), {
          maxLength: 40,
        }),
        async texts => {
          const all = [...new Set([...texts.filter(text => /\S/.test(text)), 'always one'])]
          const found = await importContents({ 'a.jsonl': rows(all) })
          expect(found.texts.sort()).toEqual(all.sort())
          for (const { text } of [...found.train, ...found.validation]) expect(text.isWellFormed()).toBe(true)
          expect(found.bytes).toBe(all.reduce((sum, text) => sum + Buffer.byteLength(text), 0))
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('long texts', () => {
  it('are stored in parts of at most 1 MiB, cut after paragraphs, and come back whole', async () => {
    const paragraph = `${'word '.repeat(20_000)}\n\n`
    const text = paragraph.repeat(40)
    const { train, validation, texts, documents, notes } = await importContents({ 'a.txt': text })
    expect(texts).toEqual([text])
    expect(documents).toBe(1)
    for (const part of [...train, ...validation])
      expect(Buffer.byteLength(part.text)).toBeLessThanOrEqual(MAX_PART_BYTES)
    expect(train[0]!.text).toMatch(/\n\n$/)
    expect(notes.join()).toMatch(/1 text longer than 1 MiB is stored in parts/)
  })
  it('are cut between characters when there is no line end, in files and in rows', async () => {
    const text = '🦊é'.repeat(400_000) // 6 bytes each
    const { texts, train } = await importContents({ 'a.txt': text, 'b.jsonl': rows([`${text}!`]) })
    expect(texts.sort()).toEqual([text, `${text}!`].sort())
    for (const part of train) {
      expect(part.text.isWellFormed()).toBe(true)
      expect(Buffer.byteLength(part.text)).toBeLessThanOrEqual(MAX_PART_BYTES)
    }
  })
})

describe('an import with nothing to learn from', () => {
  it('says so, with the first reason', async () => {
    await expect(importContents({ 'a.txt': '' })).rejects.toThrow(
      'there is no text to learn from in this file; the file is empty (a.txt).',
    )
    await expect(importContents({ 'a.txt': ' \n', 'b.jsonl': '{}\n[]' })).rejects.toThrow(
      /there is no text to learn from in these 2 files; the text is empty; and 2 more were rejected \(a\.txt\)/,
    )
  })
})
