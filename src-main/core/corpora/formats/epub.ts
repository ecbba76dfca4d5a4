// EPUB: the chapters in reading order (the package's spine), one document per book.
import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
// The build for browsers: the one for Node declares a `require` of its own, which a bundle of modules cannot hold twice.
import { unzipSync } from 'fflate/browser'
import { Parser } from 'htmlparser2'
import { type Format, Refused, type TextPiece } from './format.ts'
import { HtmlText } from './html.ts'

const MAX_BYTES = 128 << 20
const MAX_CHAPTER_BYTES = 32 << 20
const MAX_TEXT_BYTES = 256 << 20
const MAX_ENTRIES = 10_000
const MAX_RATIO = 100
const RATIO_COUNTS_FROM = 1 << 20

/** A zip file in memory: one entry is unpacked at a time, after its declared size was judged. */
class Archive {
  private readonly bytes: Uint8Array
  private readonly names = new Set<string>()
  private unpacked = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.unzip(({ name }) => {
      if (this.names.size >= MAX_ENTRIES) throw new Refused(`it holds more than ${MAX_ENTRIES} files`)
      this.names.add(name)
      return false
    })
  }

  text(name: string): string {
    if (!this.names.has(name)) throw new Refused(`the book is damaged: it has no ${name}`)
    const files = this.unzip(entry => {
      if (entry.name !== name) return false
      this.unpacked += entry.originalSize
      const isBomb = entry.originalSize > RATIO_COUNTS_FROM && entry.originalSize > MAX_RATIO * entry.size
      if (entry.originalSize > MAX_CHAPTER_BYTES || this.unpacked > MAX_TEXT_BYTES || isBomb)
        throw new Refused(
          `${name} unpacks to ${entry.originalSize} bytes: that looks like a decompression bomb`,
        )
      return true
    })
    const bytes = files[name]!
    const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)
    if (mark === 0xfeff || mark === 0xfffe)
      return new TextDecoder(mark === 0xfeff ? 'utf-16be' : 'utf-16le').decode(bytes)
    if (!isUtf8(bytes)) throw new Refused(`${name} is not valid UTF-8: the book is encrypted or damaged`)
    return new TextDecoder().decode(bytes)
  }

  private unzip(filter: (entry: { name: string; size: number; originalSize: number }) => boolean) {
    try {
      return unzipSync(this.bytes, { filter })
    } catch (error) {
      if (error instanceof Refused) throw error
      throw new Refused(`the zip file is damaged: ${(error as Error).message}`)
    }
  }
}

/** Every opening tag with its attributes; prefixes like `opf:` are dropped. */
function tags(xml: string): { name: string; attributes: Record<string, string> }[] {
  const found: { name: string; attributes: Record<string, string> }[] = []
  const parser = new Parser(
    { onopentag: (name, attributes) => found.push({ name: name.replace(/^.*:/, ''), attributes }) },
    { xmlMode: true, decodeEntities: true },
  )
  parser.end(xml)
  return found
}

/** Names of the chapter files, in reading order. */
function spine(archive: Archive): string[] {
  const container = tags(archive.text('META-INF/container.xml'))
  const packagePath = container.find(tag => tag.name === 'rootfile')?.attributes['full-path']
  if (!packagePath) throw new Refused('the book is damaged: its container names no package')
  const all = tags(archive.text(packagePath))
  const hrefs = new Map(
    all.filter(tag => tag.name === 'item').map(({ attributes }) => [attributes.id, attributes.href]),
  )
  return all
    .filter(tag => tag.name === 'itemref')
    .map(({ attributes }) => hrefs.get(attributes.idref))
    .filter(href => href !== undefined)
    .map(href => posix.join(posix.dirname(packagePath), decoded(href)))
}

function decoded(href: string): string {
  try {
    return decodeURIComponent(href)
  } catch {
    return href // a stray % in a file name is a name, not an escape
  }
}

/** XHTML closes these in one tag; to an HTML parser, which also knows &nbsp;, the rest of the chapter is inside. */
const selfClosed = /<(?:script|style|title|noscript|template|iframe|object|canvas|textarea)\b[^<>]*\/>/gi

export const epub: Format = {
  name: 'EPUB',
  extensions: ['.epub'],
  compressible: false,
  hasRows: false,
  countsLines: false,
  async *read(source): AsyncGenerator<TextPiece> {
    if (source.size > MAX_BYTES) throw new Refused(`the book is larger than ${MAX_BYTES >> 20} MiB`)
    if (source.size === 0) throw new Refused('the file is empty')
    source.encoding = 'EPUB'
    const archive = new Archive(readFileSync(source.path))
    const chapters = spine(archive)
    if (chapters.length === 0) throw new Refused('the book is damaged: its spine names no chapter')
    let continues = false
    for (const chapter of chapters) {
      const extractor = new HtmlText()
      extractor.push(archive.text(chapter).replace(selfClosed, ''))
      extractor.end()
      const text = extractor.take()
      source.advance(source.size / chapters.length)
      if (text === '') continue
      yield { text: continues ? `\n\n${text}` : text, line: null, continues }
      continues = true
    }
  },
}
