// Files of rows made up for a test, and what reading them rejected.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rejection } from '../../../src-shared/contract/shapes.ts'
import { temporaryFolder } from '../workspace/temporary-folder.ts'

/** A file as an import takes it; the name need not be one that the disk allows. */
export function onDisk(name: string, content: string | Uint8Array) {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, content)
  return { path, name, bytes: Buffer.byteLength(content) }
}

/** Each value on a line. */
export const jsonLines = (...rows: unknown[]): string =>
  rows.map(row => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join('')

/** What was rejected, as `line: reason`. */
export const reasons = ({ rejections }: { readonly rejections: readonly Rejection[] }): string[] =>
  rejections.map(({ line, reason }) => `${line ?? 'file'}: ${reason}`)
