// A file as readers see it: its bytes, how far they have come, and what was decided for it.
import { type Compression, fileBytes } from '../corpora/byte-source.ts'
import { type ImportSource, Refused } from '../corpora/formats/format.ts'

export interface RowFile {
  readonly path: string
  /** As the person knows it; it decides the reader. */
  readonly name: string
  readonly bytes: number
}

/**
 * @param advance hears bytes of the file, each once although a file is read twice: for its encoding, then for its rows
 */
export function fileSource(
  { path, name, bytes: size }: RowFile,
  compression: Compression,
  advance: (bytes: number) => void,
  note: (sentence: string) => void,
): ImportSource {
  return {
    name,
    path,
    size,
    encoding: '',
    advance,
    note,
    bytes: () => fileBytes(path, compression, bytes => advance(bytes / 2)),
  }
}

/** The beginning of a file, cut after a line where there is one; `isCut` once it is known that there is more. */
export function headOf(source: ImportSource, limit: number): ImportSource & { readonly isCut: boolean } {
  let isCut = false
  const head = async function* () {
    let read = 0
    for await (const chunk of source.bytes()) {
      if (read + chunk.length <= limit) {
        read += chunk.length
        yield chunk
        continue
      }
      isCut = true
      const rest = chunk.subarray(0, limit - read)
      yield rest.subarray(0, rest.lastIndexOf(10) + 1 || rest.length)
      return
    }
  }
  return {
    ...source,
    bytes: head,
    get isCut() {
      return isCut
    },
  }
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'the file is not there any more',
  EACCES: 'you may not read this file',
  EPERM: 'you may not read this file',
  EISDIR: 'it is a folder: give the files in it',
  EIO: 'the disk cannot read this file',
  EBUSY: 'another program holds this file',
}

/** Why a file, or the rest of it, cannot be read. @throws the error itself when it is not the file's fault */
export function fileFault(error: unknown): string {
  if (error instanceof Refused) return error.message
  const { code, syscall } = error as NodeJS.ErrnoException
  const words = unreadable[code ?? '']
  if (words && (syscall === 'open' || syscall === 'read' || syscall === 'stat')) return words
  throw error
}
