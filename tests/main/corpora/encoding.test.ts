import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileBytes } from '../../../src-main/core/corpora/byte-source.ts'
import { detectEncoding, utf8Bytes } from '../../../src-main/core/corpora/encoding.ts'
import { LineSplitter, textBlocks } from '../../../src-main/core/corpora/lines.ts'
import { chunkedSource, importContents } from './import-fixture.ts'

const text = 'Zürich\n日本語 🦊\r\nlast line é'
const wide = (order: 'le' | 'be', of = text) => {
  const bytes = Buffer.from(of, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}
const latin = Buffer.from('Zürich, Genève\nsmall \x93quotes\x94 é', 'latin1')
const encodings: Record<string, { bytes: Buffer; text: string; encoding: string }> = {
  'UTF-8': { bytes: Buffer.from(text), text, encoding: 'UTF-8' },
  'UTF-8 with a mark': { bytes: Buffer.from(`\ufeff${text}`), text, encoding: 'UTF-8 with byte-order mark' },
  'UTF-16 LE': { bytes: wide('le', `\ufeff${text}`), text, encoding: 'UTF-16 LE with byte-order mark' },
  'UTF-16 BE': { bytes: wide('be', `\ufeff${text}`), text, encoding: 'UTF-16 BE with byte-order mark' },
  'UTF-16 LE without a mark': { bytes: wide('le'), text, encoding: 'UTF-16 LE' },
  'UTF-16 BE without a mark': { bytes: wide('be'), text, encoding: 'UTF-16 BE' },
  'Latin-1': { bytes: latin, text: 'Zürich, Genève\nsmall “quotes” é', encoding: 'Latin-1' },
}

async function decode(chunks: Uint8Array[]) {
  const source = chunkedSource(chunks)
  const found: string[] = []
  const rejected: string[] = []
  const detected = await detectEncoding(source)
  for await (const block of textBlocks(utf8Bytes(source, detected), detected))
    if ('rejected' in block) rejected.push(`${block.line}: ${block.rejected}`)
    else found.push(block.text)
  return { text: found.join(''), rejected, encoding: source.encoding, notes: source.notes }
}

describe('the encoding of a file', () => {
  for (const [name, { bytes, text, encoding }] of Object.entries(encodings)) {
    it(`is found and read: ${name}, wherever the bytes are cut`, async () => {
      for (let cut = 0; cut <= bytes.length; cut++) {
        const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)].filter(chunk => chunk.length > 0)
        expect(await decode(chunks)).toMatchObject({ text, rejected: [], encoding })
      }
      expect(await decode([...bytes].map(byte => Uint8Array.of(byte)))).toMatchObject({ text, encoding })
    })
    it(`is stated with the file, and Latin-1 in the notes: ${name}`, async () => {
      const { files, notes, texts } = await importContents({ 'a.txt': bytes })
      expect(files[0]!.encoding).toBe(encoding)
      expect(texts).toEqual([text])
      expect(notes.join().includes('not valid UTF-8')).toBe(name === 'Latin-1')
    })
  }

  it('never puts U+FFFD where it was not, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(60), async (bytes, cut) => {
        const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)].filter(chunk => chunk.length > 0)
        const decoded = await decode(chunks).catch(() => null) // refused as binary
        const had =
          Buffer.from(bytes).includes(Buffer.from('\ufffd')) || decoded?.encoding.startsWith('UTF-16')
        if (decoded && !had) expect(decoded.text).not.toContain('\ufffd')
      }),
      { numRuns: 1000 },
    )
  })

  it('leaves out and lists the lines of a UTF-8 file that are not valid, and keeps the rest', async () => {
    const lines = ['é good', 'bad \xff line', 'è good', 'half \xed\xa0\x80 pair', 'ü last']
    const bytes = Buffer.concat(
      lines.flatMap(line => [Buffer.from(line, /\xff|\xed/.test(line) ? 'latin1' : 'utf8'), Buffer.of(10)]),
    )
    for (const cut of [0, 1, 9, 12, 30]) {
      const { text, rejected } = await decode([bytes.subarray(0, cut), bytes.subarray(cut)])
      expect(text).toBe('é good\nè good\nü last\n')
      expect(rejected).toEqual([
        '2: not valid UTF-8 at byte 13 of the file (0xff); the line was left out',
        '4: not valid UTF-8 at byte 33 of the file (0xed); the line was left out',
      ])
    }
  })

  it('rejects the line of UTF-16 that holds half a character', async () => {
    const bytes = wide('le', '\ufeffone line\nhalf \ud83e pair\nanother line\n')
    for (let cut = 2; cut < bytes.length; cut += 3) {
      const { text, rejected } = await decode([bytes.subarray(0, cut), bytes.subarray(cut)])
      expect(text).toBe('one line\nanother line\n')
      expect(rejected).toEqual([
        '2: not valid UTF-16 LE at byte 31 of the file: half of a surrogate pair (0xd83e); the line was left out',
      ])
    }
  })

  it('loses only the character that the end of a UTF-16 file cuts off, and says so', async () => {
    for (const order of ['le', 'be'] as const) {
      const encoding = `UTF-16 ${order.toUpperCase()}`
      const whole = wide(order, '\ufeffall of\nthe end 🦊')
      for (const missing of [1, 2, 3]) {
        for (const at of [2, 10, whole.length - 4, whole.length - missing]) {
          const { text, rejected, notes } = await decode([
            whole.subarray(0, at),
            whole.subarray(at, whole.length - missing),
          ])
          expect([text, rejected]).toEqual(['all of\nthe end ', []])
          const lost = missing === 3 ? 'byte was' : `${4 - missing} bytes were`
          expect(notes).toEqual([
            expect.stringMatching(`ends in the middle of a character of ${encoding}: its last ${lost}`),
          ])
        }
      }
    }
    const { rejections, notes, texts } = await importContents({
      'a.jsonl': wide('le', '\ufeff{"text":"one"}\n').subarray(0, -1),
    })
    expect([rejections, texts]).toEqual([[], ['one']])
    expect(notes.join()).toMatch(/a\.jsonl ends in the middle of a character of UTF-16 LE/)
  })

  it('says which bytes of a very long line were left out, and keeps the rest of it', async () => {
    const mark = '\ufeff'
    const line = `first\n${mark}${'é word '.repeat(500_000)}`
    const bytes = Buffer.from(`${mark}${line}\nlast`)
    const bad = 2_600_000
    bytes[bad - 1] = 0xff // the first byte has number 1
    const chunks: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += 1 << 18) chunks.push(bytes.subarray(at, at + (1 << 18)))
    const { text, rejected } = await decode(chunks)
    const [, from, to] =
      /^2: not valid UTF-8 at byte 2600000 of the file \(0xff\); of this long line, bytes (\d+) to (\d+) of the file were left out$/.exec(
        rejected.join(),
      )!
    expect(Number(from)).toBeLessThanOrEqual(bad)
    expect(Number(to)).toBeGreaterThanOrEqual(bad)
    const kept = Buffer.concat([bytes.subarray(3, Number(from) - 1), bytes.subarray(Number(to))])
    expect(Buffer.from(text).equals(kept)).toBe(true)
    bytes[bad - 1] = 0x20
    bytes[bytes.length - 8] = 0xff // in the last piece of the line, whose end stays
    const end = await decode(chunks)
    expect(end.rejected).toEqual([
      expect.stringContaining(`to ${bytes.length - 5} of the file were left out`),
    ])
    expect(end.text.endsWith('\nlast')).toBe(true)
  })

  it('refuses binary data, UTF-32 and NULs with the reason', async () => {
    const refused = async (content: Uint8Array) =>
      (await importContents({ 'a.txt': content, 'b.txt': 'good' })).rejections.map(({ reason }) => reason)
    expect(await refused(Buffer.from('text\0more text'))).toEqual([
      'it holds binary data, not text: a NUL at byte 5',
    ])
    expect(await refused(wide('le', '\ufeffwide text\nwith \0 inside'))).toEqual([
      'it holds binary data, not text: a NUL near line 2',
    ])
    expect(await refused(Buffer.from([0xff, 0xfe, 0, 0, 65, 0, 0, 0]))).toEqual([
      'it is encoded in UTF-32, which is not read; save it as UTF-8',
    ])
    const noise = Uint8Array.from({ length: 4000 }, (_, i) => ((i * 7919) % 255) + 1)
    expect(await refused(noise)).toEqual(['it holds binary data, not text'])
  })
})

describe('lines', () => {
  it('are the same wherever the bytes are cut', () => {
    const bytes = Buffer.from('one\r\ntwo\n\nfour é\nlast')
    for (let cut = 0; cut <= bytes.length; cut++) {
      const splitter = new LineSplitter()
      const lines = [
        ...splitter.push(bytes.subarray(0, cut)),
        ...splitter.push(bytes.subarray(cut)),
        ...splitter.end(),
      ]
      expect(lines.map(({ number, bytes }) => `${number} ${bytes}`)).toEqual([
        '1 one',
        '2 two',
        '3 ',
        '4 four é',
        '5 last',
      ])
    }
  })
})

describe('compressed files', () => {
  async function read(bytes: Uint8Array, compression: '.gz' | '.zst'): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'compressed-'))
    try {
      const path = join(folder, 'file')
      writeFileSync(path, bytes)
      const chunks: Buffer[] = []
      for await (const chunk of fileBytes(path, compression)) chunks.push(chunk)
      return Buffer.concat(chunks).toString()
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  const noise = (length: number) =>
    Array.from({ length }, (_, i) => ((i * 2654435761) >>> 8).toString(36)).join(' ')

  it('are read through all their members and frames, however large', async () => {
    const parts = ['small', noise(60_000), 'x', noise(100_000), 'end']
    expect(await read(Buffer.concat(parts.map(part => gzipSync(part))), '.gz')).toBe(parts.join(''))
    expect(await read(Buffer.concat(parts.map(part => zstdCompressSync(part))), '.zst')).toBe(parts.join(''))
  })
  it('are refused when they are cut, damaged, or followed by something else', async () => {
    const gz = gzipSync(noise(5000))
    const zst = zstdCompressSync(noise(5000))
    await expect(read(gz.subarray(0, -100), '.gz')).rejects.toThrow(/ends too early/)
    await expect(read(zst.subarray(0, -100), '.zst')).rejects.toThrow(/ends too early/)
    await expect(read(Buffer.concat([zst, Buffer.from('garbage')]), '.zst')).rejects.toThrow(/damaged/)
    await expect(read(Buffer.from('not gzip at all'), '.gz')).rejects.toThrow(/damaged/)
  })
  it('are refused when they unpack to a thousand times their size', async () => {
    await expect(read(gzipSync(Buffer.alloc(100 << 20, 'a')), '.gz')).rejects.toThrow(/decompression bomb/)
    await expect(read(zstdCompressSync(Buffer.alloc(100 << 20, 'a')), '.zst')).rejects.toThrow(
      /decompression bomb/,
    )
  })
  it('are rejected whole by an import, and the rest is kept', async () => {
    const { texts, rejections } = await importContents({
      'a.txt.gz': gzipSync(noise(5000)).subarray(0, -100),
      'b.txt': 'good',
    })
    expect(texts).toEqual(['good'])
    expect(rejections).toMatchObject([{ file: 'a.txt.gz', line: null, reason: /ends too early/ }])
  })
})
