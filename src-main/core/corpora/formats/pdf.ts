// PDF: its text layer, page by page; a scan without one is refused.
import { readFileSync } from 'node:fs'
import { getDocumentProxy } from 'unpdf'
import { type Format, Refused, type TextPiece } from './format.ts'

/** pdf.js holds the whole file in memory. */
const MAX_BYTES = 100 << 20

/** Words that the typesetter hyphenated at a line end become whole again. */
const joinHyphens = (text: string): string => text.replace(/(\p{Ll})-\n(?=\p{Ll})/gu, '$1')

export const pdf: Format = {
  name: 'PDF',
  extensions: ['.pdf'],
  compressible: false,
  hasRows: false,
  countsLines: false,
  async *read(source): AsyncGenerator<TextPiece> {
    if (source.size > MAX_BYTES)
      throw new Refused(`the PDF is larger than ${MAX_BYTES >> 20} MiB; split it, or convert it to text`)
    if (source.size === 0) throw new Refused('the file is empty')
    source.encoding = 'text layer'
    const document = await library(() =>
      getDocumentProxy(new Uint8Array(readFileSync(source.path)), { verbosity: 0 }),
    )
    try {
      let empty = 0
      for (let number = 1; number <= document.numPages; number++) {
        const text = await library(async () => {
          const page = await document.getPage(number)
          const { items } = await page.getTextContent()
          const found = items
            .map(item => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''))
            .join('')
          page.cleanup()
          return joinHyphens(found).trim()
        })
        source.advance(source.size / document.numPages)
        const continues = number - empty > 1
        if (text === '') empty++
        else yield { text: continues ? `\n\n${text}` : text, line: null, continues }
      }
      if (empty === document.numPages)
        throw new Refused('no page has a text layer: it is a scan; run text recognition (OCR) on it first')
      if (empty > 0) source.note(`${source.name}: ${empty} of ${document.numPages} pages hold no text`)
      source.note(`${source.name}: words hyphenated at line ends were joined`)
    } finally {
      await document.loadingTask.destroy()
    }
  },
}

/** Whatever the library throws at a damaged file is the file's fault. */
async function library<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    const { name, message } = error as Error
    throw new Refused(
      name === 'PasswordException'
        ? 'the PDF is locked with a password'
        : `the PDF cannot be read: ${message}`,
    )
  }
}
