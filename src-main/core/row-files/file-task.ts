// Starts a worker that reads files of rows.
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { GrantedFile } from '../files/file-grants.ts'
import { runWorker } from '../jobs/worker.ts'
import { onDisk } from '../workspace/storage-error.ts'
import type { RowFile } from './file-source.ts'
import { readerOf } from './readers.ts'

/** A row group of Parquet with lists of messages is in memory whole. */
const MEMORY_MB = 1024

/**
 * @param files that the task reads, for its error
 * @throws LabError as `runWorker`, and `no-space` for a file that the worker's memory does not hold
 */
export async function runFileTask<T>(
  url: URL,
  task: object,
  files: readonly RowFile[],
  options: Omit<NonNullable<Parameters<typeof runWorker>[2]>, 'memoryMb'> = {},
): Promise<T> {
  try {
    return await runWorker<T>(url, task, { ...options, memoryMb: MEMORY_MB })
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: unknown }
    if (code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error
    throw new LabError(
      {
        code: 'no-space',
        what: `reading this takes more than ${MEMORY_MB} MB of memory`,
        where: files.map(({ name }) => name).join(', '),
        fix: 'write a Parquet file again with smaller row groups, or give the rows as JSON lines; nothing was changed',
      },
      { cause: error },
    )
  }
}

/** @throws LabError `not-found`, `bad-input` for a folder and what else is no file */
export function sizedFile({ path, name }: GrantedFile): RowFile {
  const status = onDisk(path, () => statSync(path))
  if (status.isFile()) return { path, name, bytes: status.size }
  throw new LabError({
    code: 'bad-input',
    what: status.isDirectory() ? 'this is a folder' : 'this is no file',
    where: path,
    fix: 'choose the files that hold the rows',
  })
}

/** The name of a set when the person gave none: its file's, and how many more there are. */
export function nameOfFiles(files: readonly RowFile[]): string {
  const first = basename(files[0]!.name)
  const bare = readerOf(first) ? first.replace(/(\.[A-Za-z0-9]+)(\.(gz|zst))?$/i, '') : first
  const name = (bare || first).replace(/\p{Cc}/gu, ' ').slice(0, 80)
  return files.length > 1 ? `${name} and ${files.length - 1} more` : name
}
