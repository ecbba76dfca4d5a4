// From bytes to rows: lists and lines of JSON, encodings, compression, Parquet, and files that are damaged.
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonListSplitter } from '../../../src-main/core/row-files/readers/json-list.ts'
import { readerOf, readers } from '../../../src-main/core/row-files/readers.ts'
import { parquetFile } from '../corpora/parquet-fixture.ts'
import { jsonLines, reasons } from '../row-files/made-up-rows.ts'
import { previewContent, readContent } from './read-fixture.ts'

const row = (i: number | string) => ({ prompt: `p${i}`, completion: `c${i}` })
/** One good file for every reader. */
const goodFiles: Record<string, string | Uint8Array> = {
  JSON: jsonLines(row(1), row(2)),
  CSV: 'prompt,completion\np1,c1\np2,c2\n',
  TSV: 'prompt\tcompletion\np1\tc1\np2\tc2\n',
  Parquet: parquetFile({ groups: [{ prompt: ['p1', 'p2'], completion: ['c1', 'c2'] }] }),
}
const expected = [
  ['user: p1', 'assistant: c1'],
  ['user: p2', 'assistant: c2'],
]

describe('every reader of the table', () => {
  for (const reader of readers)
    for (const extension of reader.extensions)
      it(`reads a file ${extension}`, async () => {
        expect((await readContent(`A${extension.toUpperCase()}`, goodFiles[reader.name]!)).chats).toEqual(
          expected,
        )
      })

  for (const reader of readers.filter(({ compressible }) => compressible))
    it(`reads ${reader.name} in .gz and .zst`, async () => {
      const name = `a${reader.extensions[0]}`
      const content = goodFiles[reader.name]!
      expect((await readContent(`${name}.gz`, gzipSync(content))).chats).toEqual(expected)
      expect((await readContent(`${name}.zst`, zstdCompressSync(content))).chats).toEqual(expected)
    })

  it('takes anything for any file without failing or hanging, and accounts for every row', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...readers),
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(),
        async (reader, noise, at) => {
          const good = Buffer.from(goodFiles[reader.name]!)
          const position = at % (good.length + 1)
          const damaged = Buffer.concat([good.subarray(0, position), noise, good.subarray(position)])
          const name = `a${reader.extensions[0]}`
          const read = await readContent(name, damaged)
          expect(read.given).toBe(read.rows.length)
          expect(read.rejections).toHaveLength(read.rejected)
          for (const { messages } of read.rows)
            for (const { content } of messages) expect(content.isWellFormed()).toBe(true)
          const preview = await previewContent(name, damaged)
          expect(preview.rows).toEqual(read.rows.slice(0, 20))
        },
      ),
      { numRuns: 150 },
    )
  })

  it('refuses an empty file and one of another kind, with what can be read', async () => {
    for (const name of ['a.jsonl', 'a.csv', 'a.json'])
      expect(reasons(await readContent(name, ''))).toEqual(['file: the file is empty'])
    expect(reasons(await readContent('a.docx', 'PK'))[0]).toMatch(
      /^file: not a file that can be read: \.jsonl/,
    )
    expect(readerOf('a.parquet.gz')).toBeNull()
  })
})

/**
 * Written by pyarrow 25, Zstandard, two row groups: messages as lists of structs, a category and a score; the lists of
 * the last two rows are empty and null.
 */
const nestedParquet = Buffer.from(
  `UEFSMRUAFaoBFXwsFQ4VABUGFQYcAAAAKLUv/SBVrQEAtAICAAAAA3oCAAAADgQEAAAAdXNlcgkAAABhc3Npc3RhbnQGAAAAc3lzdGVt
AgA4PzDxqTIVABWWARWoASwVDhUAFQYVBhwAAAAotS/9IEtZAgACAAAAA3oCAAAADgQFAAAAV2hhdD8HAAAAVGhhdC4NCgkAAABCZSBi
cmllZi4IAAAAR3LDtsOfZT8BAAAANQEAAABjBAAAAPCfjI0VABUiFTQsFQQVABUGFQYcAAAAKLUv/SARiQAAAgAAAAMBBwAAAE9wZW4g
UUEVABUcFS4sFQQVABUGFQYcAAAAKLUv/SAOcQAAAgAAAAMBAwAAAAAAAAAVABUsFT4sFQQVABUGFQYcAAAAKLUv/SAWsQAAAgAAAAQB
BwAAAAAAAAAIAAAAAAAAABUAFRwVLiwVBBUAFQYVBhwAAAAotS/9IA5xAAACAAAABAAEAAAAAwEAABUAFRwVLiwVBBUAFQYVBhwAAAAo
tS/9IA5xAAACAAAABAAEAAAAAwEAABUAFSwVPiwVBBUAFQYVBhwAAAAotS/9IBaxAAACAAAABAEEAAAAY2hhdAQAAABjaGF0FQAVLBU+
LBUEFQAVBhUGHAAAACi1L/0gFrEAAAIAAAAEAQEAAAAAAAAAAQAAAAAAAAAVABUsFT4sFQQVABUGFQYcAAAAKLUv/SAWsQAAAgAAAAQB
CQAAAAAAAAAKAAAAAAAAABUEGZw1ABgGc2NoZW1hFQgANQIYCG1lc3NhZ2VzFQIVBkw8AAAANQQYBGxpc3QVAgA1AhgHZWxlbWVudBUE
ABUMJQIYBHJvbGUlAEwcAAAAFQwlAhgHY29udGVudCUATBwAAAAVDCUCGAhjYXRlZ29yeSUATBwAAAAVBCUCGAVzY29yZQAVBCUCGAJp
ZAAWCBksGVwmABwVDBklBgAZSAhtZXNzYWdlcwRsaXN0B2VsZW1lbnQEcm9sZRUMFg4W0gEWpAEmCEkcFQAVABUCADwWWhkmBAoZVgAA
AAAOAAAAJgAcFQwZJQYAGUgIbWVzc2FnZXMEbGlzdAdlbGVtZW50B2NvbnRlbnQVDBYOFsABFtIBJqwBSRwVABUAFQIAPBZGGSYEChlW
AAAAAA4AAAAmABwVDBklBgAZGAhjYXRlZ29yeRUMFgQWSBZaJv4CSRwVABUAFQIAPBYOGQYZJgICAAAAJgAcFQQZJQYAGRgFc2NvcmUV
DBYEFkIWVCbYA0kcFQAVABUCADwpBhkmAgIAAAAmABwVBBklBgAZGAJpZBUMFgQWUhZkJqwESRwVABUAFQIAPCkGGSYABAAAABbuBBYE
JggWiAUAGVwmABwVDBklBgAZSAhtZXNzYWdlcwRsaXN0B2VsZW1lbnQEcm9sZRUMFgQWQhZUJpAFSRwVABUAFQIAPBYAGSYEABlWAgIA
AAAAAAAmABwVDBklBgAZSAhtZXNzYWdlcwRsaXN0B2VsZW1lbnQHY29udGVudBUMFgQWQhZUJuQFSRwVABUAFQIAPBYAGSYEABlWAgIA
AAAAAAAmABwVDBklBgAZGAhjYXRlZ29yeRUMFgQWUhZkJrgGSRwVABUAFQIAPBYQGQYZJgAEAAAAJgAcFQQZJQYAGRgFc2NvcmUVDBYE
FlIWZCacB0kcFQAVABUCADwpBhkmAAQAAAAmABwVBBklBgAZGAJpZBUMFgQWUhZkJoAISRwVABUAFQIAPCkGGSYABAAAABb6AhYEJpAF
FtQDACggcGFycXVldC1jcHAtYXJyb3cgdmVyc2lvbiAyNS4wLjEZXBwAABwAABwAABwAABwAAAA0AwAAUEFSMQ==`,
  'base64',
)

describe('Parquet', () => {
  it('reads lists of messages, in columns of any depth', async () => {
    const read = await readContent('a.parquet', nestedParquet)
    expect(read.chats).toEqual([
      ['user: What?', 'assistant: That.\r\n'],
      ['system: Be brief.', 'user: Größe?', 'assistant: 5', 'user: c', 'assistant: 🌍'],
    ])
    expect(read.rows.map(({ line, useCase }) => [line, useCase])).toEqual([
      [1, 'open-qa'],
      [2, null],
    ])
    expect(reasons(read)).toEqual([
      '3: the conversation has no messages',
      '4: "messages" is missing, not a list of messages',
    ])
  })
})

describe('JSON', () => {
  it('is a list or lines by its first character, whatever the file is called', async () => {
    expect(
      (await readContent('a.jsonl', ` \n [${JSON.stringify(row(1))}\n,${JSON.stringify(row(2))}]`)).chats,
    ).toEqual(expected)
    expect((await readContent('a.json', jsonLines(row(1), row(2)))).chats).toEqual(expected)
  })

  it('tells the line on which a row of a list starts, and keeps what is around a bad one', async () => {
    const content = `[\n${JSON.stringify(row(1))},\n{"prompt": nothing},\n,\n7,\n${JSON.stringify(row(2), null, 1)}\n]\n`
    const read = await readContent('a.json', content)
    expect(read.rows.map(({ line }) => line)).toEqual([2, 6])
    expect(reasons(read)).toEqual([
      expect.stringMatching(/^3: row 2: not JSON: /),
      expect.stringMatching(/^4: row 3: not JSON: /),
      '5: row 4: this is a number, not an object',
    ])
  })

  it('tells rows of a list on one line apart by their place', async () => {
    const rows = [row(1), { prompt: 'p' }, null, row(2), [1, 2], 'text']
    expect(reasons(await readContent('a.json', JSON.stringify(rows)))).toEqual([
      '1: row 2: "prompt" is a string and "completion" is missing: both must be strings, or both lists of messages',
      '1: row 3: this is null, not an object',
      '1: row 5: this is a list, not an object',
      '1: row 6: this is a string, not an object',
    ])
  })

  it('reads lines that are lists of messages each, and a list of such lists', async () => {
    const chat = (i: number) => [
      { role: 'user', content: `p${i}` },
      { role: 'assistant', content: `c${i}` },
    ]
    for (const content of [
      jsonLines(chat(1), chat(2)),
      JSON.stringify([chat(1), chat(2)]),
      JSON.stringify([chat(1), chat(2)], null, 1),
      `[${JSON.stringify(chat(1))},\n${JSON.stringify(chat(2))}]`,
      `[\n${JSON.stringify(chat(1))},\n${JSON.stringify(chat(2))}\n]`,
    ])
      expect((await readContent('a.jsonl', content)).chats).toEqual(expected)
  })

  it('says of a file without a row that there is none', async () => {
    for (const [name, content] of [
      ['blank.jsonl', ' \n\n\t\n'],
      ['empty.json', ' [ ]\n'],
      ['head.csv', 'prompt,completion\n'],
    ] as const)
      expect(reasons(await readContent(name, content))).toEqual(['file: there are no rows in it'])
  })

  it('says where a list that never ends was last whole, and keeps the rows before', async () => {
    const read = await readContent('a.json', `[${JSON.stringify(row(1))},\n{"prompt": "x`)
    expect(read.given).toBe(1)
    expect(reasons(read)).toEqual([
      'file: the list of rows never ends: the file is not whole, or a bracket or quote is missing in row 2, which starts at line 2',
    ])
  })

  it('says what follows the end of a list', async () => {
    const read = await readContent('a.json', `[${JSON.stringify(row(1))}]\n\n{}`)
    expect(read.given).toBe(1)
    expect(reasons(read)).toEqual(['file: something follows the end of the list at line 3'])
  })

  it('rejects a row too long to hold and goes on', async () => {
    const long = `{"prompt":"p","completion":"${'x'.repeat(17 << 20)}"}`
    const lines = await readContent('a.jsonl', jsonLines(row(1), long, row(2)))
    const list = await readContent(
      'a.json',
      `[${JSON.stringify(row(1))},\n${long},\n${JSON.stringify(row(2))}]`,
    )
    for (const read of [lines, list]) expect(read.chats).toEqual(expected)
    expect(reasons(lines)).toEqual(['2: the row is longer than 16 MiB'])
    expect(reasons(list)).toEqual(['2: row 2: the row is longer than 16 MiB'])
  })

  it('keeps columns of one name apart', async () => {
    const read = await readContent('a.csv', 'prompt,prompt,answer,prompt (2)\na,b,c,d\n')
    expect(read.chats).toEqual([['user: a', 'assistant: c']])
    const preview = await previewContent('a.csv', 'prompt,prompt,answer,prompt (2)\na,b,c,d\n')
    expect(preview.columns).toEqual(['prompt', 'prompt (2)', 'answer', 'prompt (2) (2)'])
  })

  it('cuts a list as JSON.parse does, wherever the chunks end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 8 }),
        fc.constantFrom(0, 1, 3),
        fc.integer({ min: 1, max: 9 }),
        (values, indent, size) => {
          const text = JSON.stringify(values, null, indent)
          const bytes = Buffer.from(text)
          const splitter = new JsonListSplitter()
          const lines = []
          for (let at = 0; at < bytes.length; at += size)
            lines.push(...splitter.push(bytes.subarray(at, at + size)))
          lines.push(...splitter.end())
          expect(lines.map(line => JSON.parse(line.bytes.toString()))).toEqual(JSON.parse(text))
        },
      ),
    )
  })

  it('reads UTF-16, and rejects the lines of a UTF-8 file that are not', async () => {
    const text = jsonLines({ prompt: 'Größe 🌍?', completion: 'c' })
    const wide = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')])
    expect((await readContent('a.jsonl', wide)).chats[0]![0]).toBe('user: Größe 🌍?')
    const mixed = Buffer.concat([
      Buffer.from(jsonLines(row(1))),
      Buffer.from('{"prompt":"\xe9"}\n', 'latin1'),
      Buffer.from(jsonLines(row(2))),
    ])
    const read = await readContent('a.jsonl', mixed)
    expect(read.chats).toEqual(expected)
    expect(reasons(read)).toEqual(['2: not valid UTF-8 at byte 12 of the line (0xe9)'])
  })
})

describe('a preview', () => {
  it('shows the first twenty rows, the first rejections and the mapping, and reads only the beginning', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({
      question: `q${i}`,
      answer: i % 7 === 3 ? '' : `a${i}`,
    }))
    const preview = await previewContent('a.jsonl', jsonLines(...rows))
    expect(preview).toMatchObject({
      file: 'a.jsonl',
      format: 'table',
      columns: ['question', 'answer'],
      mapping: { prompt: 'question', response: 'answer', system: null, context: null, useCase: null },
    })
    expect(preview.rows).toHaveLength(20)
    expect(preview.rows[0]).toEqual({
      line: 1,
      messages: [
        { role: 'user', content: 'q0' },
        { role: 'assistant', content: 'a0' },
      ],
      useCase: null,
      tags: [],
    })
    expect(preview.rejections).toHaveLength(20)
    expect(preview.rejections[0]).toMatchObject({ line: 4, reason: "message 2, the assistant's, is empty" })
  })

  it('says nothing bad of a large file for being cut off', async () => {
    const large = JSON.stringify(
      Array.from({ length: 12 }, (_, i) => row(`${i} ${'x'.repeat(1 << 20)}`.slice(0, 150_000))),
    )
    const lines = jsonLines(...Array.from({ length: 100 }, (_, i) => row(`${i} ${'x'.repeat(190_000)}`)))
    expect(lines.length).toBeGreaterThan(8 << 20)
    for (const content of [
      large,
      lines,
      JSON.stringify(Array.from({ length: 100 }, (_, i) => row(`${i} ${'x'.repeat(190_000)}`))),
    ]) {
      const preview = await previewContent('a.json', content)
      expect(preview.rejections).toEqual([])
      expect(preview.rows.length).toBeGreaterThan(10)
    }
  })

  it('of a file that is not recognised names its columns', async () => {
    const preview = await previewContent('a.csv', 'lat,long\n1,2\n')
    expect(preview).toMatchObject({
      format: null,
      formatTitle: 'Not recognised',
      columns: ['lat', 'long'],
      mapping: null,
      rows: [],
    })
    expect(preview.rejections[0]!.reason).toMatch(/"lat", "long"/)
  })
})
