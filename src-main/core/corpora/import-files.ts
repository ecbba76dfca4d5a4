// An import, from files to a finished staging folder. Runs in import-worker.ts.
import { join } from 'node:path'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { CorpusSummary, Rejection } from '../../../src-shared/contract/lab-contract.ts'
import { fileBytes } from './byte-source.ts'
import { type CorpusStatistics, CorpusWriter, type Fate } from './corpus-writer.ts'
import { AppendFile } from './document-writer.ts'
import { type ImportSource, Refused } from './formats/format.ts'
import { formatOf, readableExtensions } from './formats.ts'

export interface ImportFile {
  readonly path: string
  /** As the person knows it; it decides the format. */
  readonly name: string
  readonly bytes: number
  /** Why it cannot be read, when that is known already: it is listed as rejected. */
  readonly fault?: string
}

export interface Imported extends CorpusStatistics {
  /** Rows and files that gave a text, duplicates included. */
  accepted: number
  /** All of them, also those not listed below; rejections.jsonl in the folder has each. */
  rejected: number
  rejections: Rejection[]
  files: CorpusSummary['files']
}

/** Rejections listed in memory and in the database. */
const MAX_REJECTIONS = 10_000
const MAX_FILES_LISTED = 1000
const MAX_FILE_NOTES = 200

/** All rejections of an import, one a line; there is none where nothing was rejected. */
export const REJECTIONS_FILE = 'rejections.jsonl'

/**
 * Reads files into a staging folder.
 * @param folder empty   @param onProgress hears bytes of the files read
 * @throws LabError `bad-input` when nothing could be used; the folder is the caller's to remove
 */
export async function importFiles(
  files: readonly ImportFile[],
  folder: string,
  onProgress: (bytes: number, file: string) => void,
): Promise<Imported> {
  const importing = new Importing(folder, onProgress)
  try {
    for (const file of files) await importing.file(file)
    return importing.finish()
  } catch (error) {
    importing.abandon()
    throw error
  }
}

class Importing {
  private readonly writer: CorpusWriter
  private readonly onProgress: (bytes: number, file: string) => void
  private readonly listed: CorpusSummary['files'] = []
  private readonly notes: string[] = []
  private notesLeftOut = 0
  private readonly rejections: Rejection[] = []
  private rejectionsFile: AppendFile | null = null
  private readonly folder: string
  private files = 0
  private rejected = 0
  private accepted = 0
  private bytesRead = 0

  constructor(folder: string, onProgress: (bytes: number, file: string) => void) {
    this.folder = folder
    this.writer = new CorpusWriter(folder)
    this.onProgress = onProgress
  }

  async file(file: ImportFile): Promise<void> {
    const { name, fault } = file
    const start = this.bytesRead
    const report = { file: name, format: '', encoding: '', bytes: this.writer.size, documents: 0 }
    const settle = (fate: Fate | null) => {
      if (fate === 'empty') this.reject({ file: name, line: null, reason: 'the text is empty', preview: '' })
      else if (fate !== null) this.accepted++
      if (fate === 'kept') report.documents++
    }
    const found = formatOf(name)
    try {
      if (fault !== undefined) throw new Refused(fault)
      if (!found)
        throw new Refused(`not a format that can be read: ${readableExtensions} (text ones also .gz, .zst)`)
      const { format } = found
      report.format = format.name + (found.compression ?? '')
      const source = this.source(file, found)
      for await (const item of format.read(source)) {
        if ('rejected' in item)
          this.reject({ file: name, line: item.line, reason: item.rejected, preview: item.preview })
        else settle(this.writer.add(name, item, format.countsLines))
      }
      settle(this.writer.close())
      report.encoding = source.encoding
    } catch (error) {
      // Half a file is no document, but rows are whole.
      if (found?.format.hasRows) settle(this.writer.close())
      else this.writer.drop()
      this.reject({ file: name, line: null, reason: refusal(error), preview: '' })
    }
    report.bytes = this.writer.size - report.bytes
    if (this.files++ < MAX_FILES_LISTED) this.listed.push(report)
    this.bytesRead = start + file.bytes
    this.onProgress(this.bytesRead, name)
  }

  private source(file: ImportFile, found: NonNullable<ReturnType<typeof formatOf>>): ImportSource {
    const start = this.bytesRead
    const advance = (bytes: number) => {
      // Formats that estimate, and files that grow while they are read, must not run past the end.
      this.bytesRead = Math.min(start + file.bytes, this.bytesRead + bytes)
      this.onProgress(this.bytesRead, file.name)
    }
    let passes = 0
    return {
      name: file.name,
      path: file.path,
      size: file.bytes,
      encoding: '',
      advance,
      // The first pass finds the encoding, the second one reads: each is half of the way.
      bytes: () => {
        if (++passes > 2) throw new Error(`${found.format.name} reads a file more than twice`)
        return fileBytes(file.path, found.compression, bytes => advance(bytes / 2))
      },
      note: sentence => {
        if (this.notes.length < MAX_FILE_NOTES) this.notes.push(sentence)
        else this.notesLeftOut++
      },
    }
  }

  private reject(rejection: Rejection): void {
    this.rejected++
    this.rejectionsFile ??= new AppendFile(join(this.folder, REJECTIONS_FILE))
    this.rejectionsFile.appendText(`${JSON.stringify(rejection)}\n`)
    if (this.rejections.length < MAX_REJECTIONS) this.rejections.push(rejection)
  }

  finish(): Imported {
    const statistics = this.writer.finish()
    if (statistics.documents === 0) throw nothingUsable(this.files, this.rejected, this.rejections)
    this.rejectionsFile?.finish(true)
    const notes = [...statistics.notes, ...this.notes]
    if (this.notesLeftOut > 0) notes.push(`${this.notesLeftOut} more notes on single files are left out`)
    if (this.files > MAX_FILES_LISTED)
      notes.push(`only the first ${MAX_FILES_LISTED} of ${this.files} files are listed; all were read`)
    return {
      ...statistics,
      notes,
      accepted: this.accepted,
      rejected: this.rejected,
      rejections: this.rejections,
      files: this.listed,
    }
  }

  abandon(): void {
    this.rejectionsFile?.close()
    this.writer.abandon()
  }
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'the file is not there any more',
  EACCES: 'you may not read this file',
  EPERM: 'you may not read this file',
  EISDIR: 'it is a folder',
  EIO: 'the disk cannot read this file',
  EBUSY: 'another program holds this file',
}

/** Why a file cannot be read. @throws the error itself when it is not the file's fault */
function refusal(error: unknown): string {
  if (error instanceof Refused) return error.message
  const { code, syscall } = error as NodeJS.ErrnoException
  const words = unreadable[code ?? '']
  if (words && (syscall === 'open' || syscall === 'read' || syscall === 'stat')) return words
  throw error
}

function nothingUsable(files: number, rejected: number, [first]: readonly Rejection[]): LabError {
  return new LabError({
    code: 'bad-input',
    what: [
      `there is no text to learn from in ${files === 1 ? 'this file' : `these ${files} files`}`,
      ...(first ? [first.reason] : []),
      ...(rejected > 1 ? [`and ${rejected - 1} more were rejected`] : []),
    ].join('; '),
    ...(first && { where: first.line === null ? first.file : `${first.file}, line ${first.line}` }),
    fix: 'give files with text, or rows with a field "text"',
  })
}
