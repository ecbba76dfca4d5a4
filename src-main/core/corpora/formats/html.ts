// HTML: the text that a reader sees, paragraphs and lines kept, everything else dropped.
import { Parser } from 'htmlparser2'
import type { Format } from './format.ts'
import { textFile } from './txt.ts'

const dropped = new Set([
  'script',
  'style',
  'title',
  'noscript',
  'template',
  'svg',
  'iframe',
  'object',
  'canvas',
])
/** Element → line ends that it stands between: 2 = a blank line. */
const breaks = new Map<string, number>()
for (const name of 'p h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table figure hr article section header footer'.split(
  ' ',
))
  breaks.set(name, 2)
for (const name of 'div li dt dd tr caption figcaption main nav aside address form fieldset body html option'.split(
  ' ',
))
  breaks.set(name, 1)

/** Markup in, readable text out, piece by piece. */
export class HtmlText {
  private readonly parser: Parser
  private out = ''
  private isEmpty = true
  private droppedDepth = 0
  private preDepth = 0
  private lineEnds = 0
  private space = false

  constructor() {
    this.parser = new Parser(
      {
        onopentagname: name => this.open(name.toLowerCase()),
        onclosetag: name => this.close(name.toLowerCase()),
        ontext: text => this.text(text),
      },
      { decodeEntities: true },
    )
  }

  push(markup: string): void {
    this.parser.write(markup)
  }

  end(): void {
    this.parser.end()
  }

  /** The text since the last call. */
  take(): string {
    const { out } = this
    this.out = ''
    return out
  }

  private open(name: string): void {
    if (dropped.has(name)) this.droppedDepth++
    else if (name === 'br') this.lineEnds = Math.min(2, this.lineEnds + 1)
    else if (name === 'td' || name === 'th') this.space = true
    else this.break(name)
    if (name === 'pre') this.preDepth++
  }

  private close(name: string): void {
    if (dropped.has(name)) this.droppedDepth--
    else this.break(name)
    if (name === 'pre') this.preDepth--
  }

  private break(name: string): void {
    this.lineEnds = Math.max(this.lineEnds, breaks.get(name) ?? 0)
  }

  private text(text: string): void {
    if (this.droppedDepth > 0) return
    if (this.preDepth > 0) {
      this.emit(text)
      return
    }
    const words = text.replace(/[ \t\n\r\f]+/g, ' ')
    if (words.startsWith(' ')) this.space = true
    // Not trim(): a no-break space is text.
    const trimmed = words.replace(/^ | $/g, '')
    if (trimmed === '') return
    this.emit(trimmed)
    this.space = words.endsWith(' ')
  }

  private emit(text: string): void {
    if (!this.isEmpty) this.out += this.lineEnds > 0 ? '\n'.repeat(this.lineEnds) : this.space ? ' ' : ''
    this.out += text
    this.isEmpty = false
    this.lineEnds = 0
    this.space = false
  }
}

export const html: Format = {
  name: 'HTML',
  extensions: ['.html', '.htm', '.xhtml'],
  compressible: true,
  hasRows: false,
  countsLines: false,
  async *read(source) {
    const extractor = new HtmlText()
    let continues = false
    const piece = () => {
      const one = { text: extractor.take(), line: null, continues }
      continues = true
      return one
    }
    for await (const block of textFile(source)) {
      if ('rejected' in block) yield block
      else {
        extractor.push(block.text)
        yield piece()
      }
    }
    extractor.end()
    yield piece()
  },
}
