import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { MAX_ROW_BYTES } from '../../../src-main/core/corpora/formats/format.ts'
import { formatOf, formats } from '../../../src-main/core/corpora/formats.ts'
import { importContents } from './import-fixture.ts'
import { parquetFile } from './parquet-fixture.ts'
import { pdfFile } from './pdf-fixture.ts'

const reasons = async (files: Record<string, string | Uint8Array>) => {
  // A good file beside, so that the corpus is not empty.
  const { rejections } = await importContents({ ...files, 'good.txt': 'a good file' })
  return rejections.map(({ line, reason }) => [line, reason] as const)
}

/** One small good file per format, each with the text "Moby Dick", to prove that the table is whole. */
const goodFiles: Record<string, string | Uint8Array> = {
  text: 'Moby Dick',
  Markdown: 'Moby Dick',
  HTML: '<p>Moby <b>Dick</b></p>',
  EPUB: epubFile([['one.xhtml', '<html><body><p>Moby Dick</p></body></html>']]),
  PDF: pdfFile([['Moby Dick']]),
  'JSON lines': '{"text": "Moby Dick"}',
  CSV: 'id,text\n1,Moby Dick\n',
  TSV: 'id\ttext\n1\tMoby Dick\n',
  Parquet: parquetFile({ groups: [{ text: ['Moby Dick'] }] }),
}

function epubFile(chapters: [name: string, xhtml: string][], others: Record<string, Uint8Array> = {}) {
  const items = chapters.map(
    ([name], i) => `<item id="c${i}" href="${name}" media-type="application/xhtml+xml"/>`,
  )
  return zipSync({
    mimetype: [strToU8('application/epub+zip'), { level: 0 }],
    'META-INF/container.xml': strToU8(
      '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    ),
    // The manifest is in another order than the spine, which is the one that counts.
    'OEBPS/book.opf': strToU8(
      `<package><manifest>${items.reverse().join('')}</manifest><spine>${chapters.map((_, i) => `<itemref idref="c${i}"/>`).join('')}</spine></package>`,
    ),
    ...Object.fromEntries(
      chapters.map(([name, xhtml]) => [`OEBPS/${decodeURIComponent(name)}`, strToU8(xhtml)]),
    ),
    ...others,
  })
}

describe('every format of the table', () => {
  for (const format of formats)
    for (const extension of format.extensions)
      it(`reads a file ${extension}`, async () => {
        const { texts, files } = await importContents({ [`a${extension}`]: goodFiles[format.name]! })
        expect(texts).toEqual(['Moby Dick'])
        expect(files).toMatchObject([{ format: format.name, documents: 1, bytes: 9 }])
      })

  for (const format of formats.filter(({ compressible }) => compressible))
    it(`reads ${format.name} in .gz and .zst`, async () => {
      const name = `a${format.extensions[0]}`
      const { texts } = await importContents({ [`${name}.gz`]: gzipSync(goodFiles[format.name]!) })
      expect(texts).toEqual(['Moby Dick'])
      const zst = await importContents({ [`${name}.zst`]: zstdCompressSync(goodFiles[format.name]!) })
      expect(zst.texts).toEqual(['Moby Dick'])
    })

  for (const format of formats)
    it(`refuses an empty file ${format.extensions[0]}`, async () => {
      const found = await reasons({ [`a${format.extensions[0]}`]: '' })
      expect(found).toHaveLength(1)
      expect(found[0]![1]).toMatch(/empty|no PAR1/)
    })

  it('takes anything for any format without failing, hanging or replacing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...formats),
        fc.uint8Array({ maxLength: 400 }),
        fc.nat(),
        async (format, noise, at) => {
          const good = Buffer.from(goodFiles[format.name]! as string)
          const position = at % (good.length + 1)
          const damaged = Buffer.concat([good.subarray(0, position), noise, good.subarray(position)])
          const { accepted, rejected, texts } = await importContents({
            [`a${format.extensions[0]}`]: damaged,
            'good.txt': 'a good file',
          })
          expect(accepted + rejected).toBeGreaterThanOrEqual(1)
          for (const text of texts) expect(text.isWellFormed()).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('knows a file by its name, whatever the case, and no other', () => {
    expect(formatOf('A.TXT.GZ')).toMatchObject({ format: { name: 'text' }, compression: '.gz' })
    expect(formatOf('a.parquet.gz')).toBeNull()
    expect(formatOf('a.docx')).toBeNull()
    expect(formatOf('txt')).toBeNull()
  })

  it('says what can be read when a file is of another kind', async () => {
    const [found] = await reasons({ 'a.docx': 'PK' })
    expect(found![1]).toMatch(/^not a format that can be read: .txt .text .md/)
  })
})

describe('HTML', () => {
  const text = async (markup: string) => (await importContents({ 'a.html': markup })).texts.join()

  it('keeps what a reader sees, with its paragraphs and lines', async () => {
    const markup = `<!doctype html><html><head><title>T</title><style>p { color: red }</style>
      <script>alert("no")</script></head><body>
      <h1>Title</h1><p>One &amp; two,
         three&nbsp;four <em>five</em>.</p><ul><li>first</li><li>second</li></ul>line<br>break
      <table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table><pre>  kept
    as is</pre></body></html>`
    expect(await text(markup)).toBe(
      'Title\n\nOne & two, three\u00a0four five.\n\nfirst\nsecond\n\nline\nbreak\n\na b\nc\n\n  kept\n    as is',
    )
  })
  it('survives markup that never closes', async () => {
    expect(await text('<div><p>one<p>two<b>three')).toBe('one\n\ntwothree')
  })
  it('keeps a file with nothing but scripts out', async () => {
    expect(await reasons({ 'a.html': '<script>1</script>' })).toEqual([[null, 'the text is empty']])
  })
})

describe('EPUB', () => {
  it('reads the chapters in the order of the spine, as one document', async () => {
    const file = epubFile([
      [
        'z%20last.xhtml',
        '<html><head><title/></head><body><h1>1</h1><p>Call me&nbsp;Ishmael.</p></body></html>',
      ],
      ['a.xhtml', '<body><p>Some years ago</p></body>'],
    ])
    const { texts, documents } = await importContents({ 'a.epub': file })
    expect(texts).toEqual(['1\n\nCall me\u00a0Ishmael.\n\nSome years ago'])
    expect(documents).toBe(1)
  })
  it('refuses a chapter that unpacks to a thousand times its size', async () => {
    const [found] = await reasons({ 'a.epub': epubFile([['a.xhtml', 'x'.repeat(3 << 20)]]) })
    expect(found![1]).toMatch(/decompression bomb/)
  })
  it('refuses too many entries, a missing chapter, an encrypted one and no zip file at all', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`f${i}`, new Uint8Array(0)]))
    expect((await reasons({ 'a.epub': epubFile([], many) }))[0]![1]).toMatch(/more than 10000 files/)
    expect((await reasons({ 'a.epub': zipSync({ mimetype: strToU8('x') }) }))[0]![1]).toMatch(/no META-INF/)
    const encrypted = epubFile([['a.xhtml', '']], { 'OEBPS/a.xhtml': Uint8Array.of(0x9c, 0xff, 0x12) })
    expect((await reasons({ 'a.epub': encrypted }))[0]![1]).toMatch(/encrypted or damaged/)
    expect((await reasons({ 'a.epub': 'no zip' }))[0]![1]).toMatch(/the zip file is damaged/)
  })
})

describe('PDF', () => {
  it('reads the text layer page by page and joins hyphenated words', async () => {
    const { texts, notes } = await importContents({
      'a.pdf': pdfFile([['A con-', 'tinued word'], [], ['Page 3']]),
    })
    expect(texts).toEqual(['A continued word\n\nPage 3'])
    expect(notes.join()).toMatch(/1 of 3 pages hold no text.*hyphenated at line ends were joined/)
  })
  it('refuses a scan and a damaged file', async () => {
    expect((await reasons({ 'a.pdf': pdfFile([[], []]) }))[0]![1]).toMatch(/no page has a text layer/)
    expect((await reasons({ 'a.pdf': 'no pdf' }))[0]![1]).toMatch(/the PDF cannot be read/)
  })
})

describe('JSON lines', () => {
  it('keeps good rows and lists bad ones by line with what was found', async () => {
    const rows = [
      '{"text": "one"}',
      'not json',
      '',
      '"two"',
      '{"text": 5}',
      '{"TEXT": "x", "b": 1}',
      '[1]',
      '{"text": " "}',
      '{"text": "\\ud800"}',
      `${'['.repeat(100_000)}`,
      '{"text": "three"}',
    ]
    const { whole, accepted, rejected, rejections } = await importContents({ 'a.jsonl': rows.join('\r\n') })
    expect(whole.map(({ text, line }) => [line, text])).toEqual([
      [1, 'one'],
      [4, 'two'],
      [11, 'three'],
    ])
    expect([accepted, rejected]).toEqual([3, 7])
    expect(rejections.map(({ line, reason }) => [line, reason])).toEqual([
      [2, expect.stringMatching(/^not JSON: /)],
      [5, '"text" is a number, not a string'],
      [6, 'no field "text": the row has "TEXT", "b"'],
      [7, expect.stringMatching(/expected an object with "text"/)],
      [8, '"text" is empty'],
      [9, expect.stringMatching(/half of a surrogate/)],
      [10, expect.stringMatching(/^not JSON: /)],
    ])
    expect(rejections[0]!.preview).toBe('not json')
  })

  it('rejects a row that is not UTF-8 by its line, and never takes it for another encoding', async () => {
    const content = Buffer.from('{"text": "one"}\n{"text": "caf\xe9"}\n{"text": "two"}', 'latin1')
    const { texts, rejections } = await importContents({ 'a.jsonl': content })
    expect(texts).toEqual(['one', 'two'])
    expect(rejections).toMatchObject([
      { line: 2, reason: 'not valid UTF-8 at byte 14 of the line (0xe9)', preview: '{"text": "caf\ufffd"}' },
    ])
  })

  it('leaves prototypes alone', async () => {
    const row = '{"__proto__": {"text": "x", "polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'
    const { rejections } = await importContents({ 'a.jsonl': `${row}\n{"text": "ok"}` })
    expect(rejections).toHaveLength(1)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  it('joins question and answer, and says so', async () => {
    const { texts, notes } = await importContents({ 'a.jsonl': '{"question": "2+2?", "answer": "4"}' })
    expect(texts).toEqual(['2+2?\n4'])
    expect(notes.join()).toMatch(/1 rows have no "text"; their "question" and "answer" were joined/)
  })

  it('rejects a row over the cap by its line and keeps the next', async () => {
    const huge = `{"text": "${'x'.repeat(MAX_ROW_BYTES)}"}`
    const { rejections, texts } = await importContents({
      'a.jsonl': `{"text":"one"}\n${huge}\n{"text":"two"}`,
    })
    expect(rejections).toMatchObject([{ line: 2, reason: 'the row is longer than 16 MiB' }])
    expect(rejections[0]!.preview).toHaveLength(200)
    expect(texts).toEqual(['one', 'two'])
  })

  it('accounts for every row: accepted + rejected = rows', async () => {
    const row = fc.oneof(
      fc.record({ text: fc.string({ unit: 'grapheme' }) }).map(one => JSON.stringify(one)),
      fc.json(),
      fc.string({ unit: 'binary-ascii' }).map(one => one.replace(/[\n\r]/g, ' ')),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 40 }), fc.boolean(), async (rows, hasEnd) => {
        const all = [...rows, '{"text": "always one"}']
        const content = all.join('\n') + (hasEnd ? '\n' : '')
        const { accepted, rejected, documents, duplicates } = await importContents({ 'a.jsonl': content })
        expect(accepted + rejected).toBe(all.filter(one => /\S/.test(one)).length)
        expect(documents).toBe(accepted - duplicates)
      }),
      { numRuns: 50 },
    )
  })
})

describe('CSV and TSV', () => {
  it('takes the column called text, quotes and line ends inside cells included', async () => {
    const content = 'id,Text\n1,"one, ""two""\nthree"\n2,four\n'
    const { whole, notes } = await importContents({ 'a.csv': content })
    expect(whole.map(({ line, text }) => [line, text])).toEqual([
      [2, 'one, "two"\nthree'],
      [4, 'four'],
    ])
    expect(notes.join()).toMatch(/the text is column "Text"/)
  })

  it('takes the longest column with words when none is called text, and says so', async () => {
    const { texts, notes } = await importContents({
      'a.csv': 'date;title;review\n2020-01-01;Good;I liked it a lot\n2020-01-02;Bad;Not for me, no\n',
    })
    expect(texts).toEqual(['I liked it a lot', 'Not for me, no'])
    expect(notes.join()).toMatch(/no column is called "text"; "review" was taken, the longest one with words/)
  })

  it('lists ragged rows and invalid bytes by line, and keeps stray quotes and the rest', async () => {
    const content = Buffer.concat([
      Buffer.from('id,text\n1,one\n2\n3,a"b\n4,"c"d\n5,good é\n6,'),
      Buffer.of(0xff),
      Buffer.from('\n7,last\n'),
    ])
    const { whole, rejections } = await importContents({ 'a.csv': content })
    expect(whole.map(({ line, text }) => [line, text])).toEqual([
      [2, 'one'],
      [4, 'a"b'],
      [5, '"c"d'],
      [6, 'good é'],
      [8, 'last'],
    ])
    expect(rejections.map(({ line, reason }) => [line, reason])).toEqual([
      [3, '1 cells where the first row names 2 columns'],
      [7, 'not valid UTF-8 at byte 1 of cell 2 (0xff)'],
    ])
  })

  it('says where a quote that never closes swallows the rest', async () => {
    const { texts, rejections } = await importContents({ 'a.csv': 'id,text\n1,one\n2,"two\n3,three\n' })
    expect(texts).toEqual(['one'])
    expect(rejections).toMatchObject([
      {
        line: 3,
        reason: expect.stringMatching(
          /a quote that never closes, opened in cell 2 of the row that starts at line 3/,
        ),
      },
    ])
    const later = await importContents({
      'a.csv': 'id,text,more\n1,"one\ntwo",x\n\n\n2,"three\nfour","five\n3,six,y\n\n4,seven,z\n',
    })
    expect(later.rejections).toMatchObject([
      { line: 6, reason: expect.stringMatching(/in cell 3 of the row that starts at line 6/) },
    ])
    const long = await importContents({
      'a.csv': `id,text\n1,one\n2,"${'x\n'.repeat(MAX_ROW_BYTES / 2)}3,three\n`,
    })
    expect(long.texts).toEqual(['one'])
    expect(long.rejections).toMatchObject([
      {
        line: null,
        reason: expect.stringMatching(/row that starts at line 3 is longer than 16 MiB.*quote in cell 2/),
      },
    ])
  })

  it('does not take quotation marks in plain TSV for quotes', async () => {
    const { texts } = await importContents({ 'a.tsv': 'id\ttext\n1\t"Hello," he said\n2\t"and left\n' })
    expect(texts).toEqual(['"Hello," he said', '"and left'])
    const quoted = await importContents({ 'a.tsv': 'id\ttext\n1\t"with\ttab"\n' })
    expect(quoted.texts).toEqual(['with\ttab'])
  })

  it('refuses a table without words, and one of very many columns without harm', async () => {
    expect((await reasons({ 'a.csv': 'a,b\n1,2\n3,4\n' }))[0]![1]).toMatch(/no column holds text/)
    const wide = `${'c,'.repeat(300_000)}\n`
    expect(await reasons({ 'a.csv': wide })).toHaveLength(1)
  })

  it('accounts for every row: accepted + rejected = rows', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '🦊'), maxLength: 8 })
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 30 }),
        async rows => {
          const all = [...rows, ['0', 'always one']]
          const content = `id,text\n${all.map(row => row.map(quoted).join(',')).join('\n')}\n`
          const { accepted, rejected, texts } = await importContents({ 'a.csv': content })
          expect(accepted + rejected).toBe(all.length)
          const usable = all.filter(row => row.length === 2 && /\S/.test(row[1]!)).map(row => row[1]!)
          expect(accepted).toBe(usable.length)
          expect([...texts].sort()).toEqual([...new Set(usable)].sort())
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('Parquet', () => {
  it('reads several row groups and codecs, rows numbered through', async () => {
    const groups = [{ text: ['one', 'two'] }, { text: ['three', ''] }]
    const codecs = [
      { id: 0, compress: (bytes: Buffer) => bytes },
      { id: 2, compress: (bytes: Buffer) => gzipSync(bytes) },
      { id: 4, compress: (bytes: Buffer) => brotliCompressSync(bytes) },
      { id: 6, compress: (bytes: Buffer) => zstdCompressSync(bytes) },
    ]
    for (const codec of codecs) {
      const { whole, rejections } = await importContents({ 'a.parquet': parquetFile({ groups, codec }) })
      expect(whole.map(({ line, text }) => [line, text])).toEqual([
        [1, 'one'],
        [2, 'two'],
        [3, 'three'],
      ])
      expect(rejections).toMatchObject([{ line: 4, reason: 'the text is empty' }])
    }
  })
  it('chooses the column as CSV does, and says which', async () => {
    const group = { title: ['T'], content: ['the content'], summary: ['a longer text than the content'] }
    const { texts, notes } = await importContents({ 'a.parquet': parquetFile({ groups: [group] }) })
    expect(texts).toEqual(['the content'])
    expect(notes.join()).toMatch(/the text is column "content"/)
    const { content: _, ...unnamed } = group
    const longest = await importContents({ 'a.parquet': parquetFile({ groups: [unnamed] }) })
    expect(longest.texts).toEqual(['a longer text than the content'])
    expect(longest.notes.join()).toMatch(/"summary" was taken, the longest/)
  })
  it('rejects cells that are not UTF-8 instead of replacing bytes', async () => {
    const file = parquetFile({ groups: [{ text: ['good', Uint8Array.of(0x61, 0xff)] }] })
    const { texts, rejections } = await importContents({ 'a.parquet': file })
    expect(texts).toEqual(['good'])
    expect(rejections).toMatchObject([{ line: 2, reason: 'the text is not valid UTF-8' }])
  })
  it('refuses damaged files, lying footers and codecs that it does not know', async () => {
    const good = parquetFile({ groups: [{ text: ['one'] }] })
    expect((await reasons({ 'a.parquet': good.subarray(0, -1) }))[0]![1]).toMatch(/no PAR1 at its end/)
    const lying = Buffer.from(good)
    lying.writeUInt32LE(0x7fffffff, good.length - 8)
    expect((await reasons({ 'a.parquet': lying }))[0]![1]).toMatch(/a footer of 2147483647 bytes/)
    const lz4 = parquetFile({ groups: [{ text: ['one'] }], codec: { id: 5, compress: bytes => bytes } })
    expect((await reasons({ 'a.parquet': lz4 }))[0]![1]).toMatch(/unsupported compression codec: LZ4/)
  })
})
