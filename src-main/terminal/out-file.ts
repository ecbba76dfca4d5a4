// A file that a person names on the command line to be written.
import { appendFileSync, copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { onDisk } from '../core/workspace/storage-error.ts'

/** Before the work: leaves nothing behind. @throws LabError when it cannot be written */
export function refuseUnwritable(file: string): void {
  const existed = existsSync(file)
  onDisk(file, () => appendFileSync(file, ''))
  if (!existed) rmSync(file, { force: true })
}

/** Leaves no part behind where there was no file. @throws LabError when it cannot be written */
export const writeTo = (file: string, text: string): void => putAt(file, () => writeFileSync(file, text))

/** The file `from` at another place, of another disk perhaps. It stays where it is when it cannot be written there. @throws LabError */
export function moveTo(file: string, from: string): void {
  putAt(file, () => copyFileSync(from, file))
  rmSync(from, { force: true })
}

function putAt(file: string, write: () => void): void {
  const existed = existsSync(file)
  try {
    onDisk(file, write)
  } catch (error) {
    if (!existed) rmSync(file, { force: true })
    throw error
  }
}
