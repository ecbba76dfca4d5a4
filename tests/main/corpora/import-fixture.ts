// Imports made-up files in this thread, and gives back what a person would find.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type StoredDocument, storedDocuments } from '../../../src-main/core/corpora/document-store.ts'
import type { ImportSource } from '../../../src-main/core/corpora/formats/format.ts'
import { type Imported, importFiles } from '../../../src-main/core/corpora/import-files.ts'

export interface ImportedTexts extends Imported {
  train: StoredDocument[]
  validation: StoredDocument[]
  /** Put together from their parts and their tails. */
  whole: WholeDocument[]
  texts: string[]
}
export interface WholeDocument {
  file: string
  line: number | null
  text: string
}

/** @param files name → content  @throws what the import throws */
export async function importContents(files: Record<string, string | Uint8Array>): Promise<ImportedTexts> {
  const root = mkdtempSync(join(tmpdir(), 'import-'))
  try {
    const folder = join(root, 'corpus')
    mkdirSync(folder)
    const list = Object.entries(files).map(([name, content]) => {
      const path = join(root, 'files', name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
      return { path, name, bytes: Buffer.byteLength(content) }
    })
    const imported = await importFiles(list, folder, () => {})
    const train = [...storedDocuments(folder, 'train')]
    const validation = [...storedDocuments(folder, 'validation')]
    const documents = whole(train, validation)
    return { ...imported, train, validation, whole: documents, texts: documents.map(({ text }) => text) }
  } finally {
    rmSync(root, { recursive: true })
  }
}

function whole(train: StoredDocument[], validation: StoredDocument[]): WholeDocument[] {
  const documents: WholeDocument[] = []
  const join = (parts: StoredDocument[], start: (part: StoredDocument) => WholeDocument) => {
    let last: WholeDocument | undefined
    for (const part of parts) {
      if (!part.continues) last = start(part)
      last!.text += part.text
    }
  }
  const begin = ({ file, line }: StoredDocument) => {
    documents.push({ file, line, text: '' })
    return documents.at(-1)!
  }
  join(train, begin)
  const heads = [...documents]
  // A tail has its head's line where rows are documents; where a file is one document, its head is the only one.
  join(validation, part => {
    const ofFile = heads.filter(({ file }) => file === part.file)
    return ofFile.find(({ line }) => line === part.line) ?? (ofFile.length === 1 ? ofFile[0]! : begin(part))
  })
  return documents
}

/** A source whose bytes come in the given chunks, each time it is read. */
export function chunkedSource(chunks: readonly Uint8Array[]): ImportSource & { notes: string[] } {
  const notes: string[] = []
  return {
    name: 'test.txt',
    path: '',
    size: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    encoding: '',
    notes,
    async *bytes() {
      for (const chunk of chunks) yield Buffer.from(chunk)
    },
    advance: () => {},
    note: sentence => notes.push(sentence),
  }
}
