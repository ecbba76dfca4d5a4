// Markdown: a file is one document, its marks kept: a model can learn them.
import type { Format } from './format.ts'
import { readText } from './txt.ts'

export const md: Format = {
  name: 'Markdown',
  extensions: ['.md', '.markdown'],
  compressible: true,
  hasRows: false,
  countsLines: true,
  read: readText,
}
