// Plain text: a file is one document, as it is.
import { detectEncoding, utf8Bytes } from '../encoding.ts'
import { textBlocks } from '../lines.ts'
import { type Format, type ImportSource, Refused, type RejectedRow, type TextPiece } from './format.ts'

/** The text of a file in its own encoding, block by block. @throws Refused for binary data */
export async function* textFile(source: ImportSource) {
  const detected = await detectEncoding(source)
  if (detected.nul !== null)
    throw new Refused(`it holds binary data, not text: a NUL at byte ${detected.nul + 1}`)
  yield* textBlocks(utf8Bytes(source, detected), detected)
}

export async function* readText(source: ImportSource): AsyncGenerator<TextPiece | RejectedRow> {
  let continues = false
  for await (const block of textFile(source)) {
    if ('rejected' in block) {
      yield block
      continue
    }
    if (block.text.includes('\0'))
      throw new Refused(`it holds binary data, not text: a NUL near line ${block.line}`)
    yield { ...block, continues }
    continues = true
  }
}

export const txt: Format = {
  name: 'text',
  extensions: ['.txt', '.text'],
  compressible: true,
  hasRows: false,
  countsLines: true,
  read: readText,
}
