// A little space that is kept for the day on which the disk is full: SQLite cannot even say that a corpus was removed
// without room to write it down.
import { rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { refuseFolder } from './storage-error.ts'

const RESERVE_BYTES = 2 ** 20
/** The reserve is only taken where it is a trifle. */
const PLENTY_BYTES = 32 * RESERVE_BYTES

/**
 * Gives the reserve back when the disk is full and takes it again when there is plenty.
 * @param freeBytes what the disk has now
 * @throws LabError `bad-input` when a folder has its name
 * @returns a sentence for the person on a full disk, else null
 */
export function keepReserve(folder: string, freeBytes: number): string | null {
  const path = join(folder, 'reserve')
  refuseFolder(path)
  if (freeBytes < RESERVE_BYTES) {
    rmSync(path, { force: true })
    return 'The disk is full: what is there can be looked at and removed, but nothing new can be stored until there is space.'
  }
  if (freeBytes > PLENTY_BYTES && statSync(path, { throwIfNoEntry: false })?.size !== RESERVE_BYTES)
    try {
      writeFileSync(path, new Uint8Array(RESERVE_BYTES))
    } catch {
      // A quota or a limit on this account, of which the disk's free space says nothing: it needs what there is.
      rmSync(path, { force: true })
    }
  return null
}
