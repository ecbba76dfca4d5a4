// A set as a file that other tools read: JSON lines of {"messages": […]}, as TRL and OpenAI take them.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { syncFolder, writeFully } from '../workspace/durable.ts'
import { storageError } from '../workspace/storage-error.ts'

const TURN_MS = 20
const WRITTEN_AT_ONCE = 1 << 18

/**
 * Writes rows to a file of their own: one that is there is never written over.
 * @param name of the set; the file is called after it
 * @throws LabError `no-space` and what else the disk refuses; nothing is left then
 */
export async function exportRows(
  folder: string,
  name: string,
  rows: Iterable<{ messages: readonly ChatMessage[] }>,
): Promise<{ path: string; rows: number }> {
  const base = fileName(name)
  const temporary = join(folder, `.${base}.${process.pid}.${performance.now()}.tmp`)
  let count = 0
  try {
    const fd = openSync(temporary, 'wx')
    try {
      let text = ''
      let turn = performance.now()
      for (const { messages } of rows) {
        text += `${JSON.stringify({ messages })}\n`
        count++
        if (text.length < WRITTEN_AT_ONCE) continue
        writeFully(fd, Buffer.from(text))
        text = ''
        if (performance.now() - turn < TURN_MS) continue
        await nextTurn()
        turn = performance.now()
      }
      writeFully(fd, Buffer.from(text))
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    const path = freePath(folder, base)
    renameSync(temporary, path)
    syncFolder(folder)
    return { path, rows: count }
  } catch (error) {
    rmSync(temporary, { force: true })
    throw storageError(error, folder)
  }
}

function freePath(folder: string, base: string): string {
  for (let i = 1; ; i++) {
    const path = join(folder, i === 1 ? `${base}.jsonl` : `${base} (${i}).jsonl`)
    if (!existsSync(path)) return path
  }
}

/** A name that files may have on every system. */
export function fileName(name: string): string {
  const safe = name
    .replace(/[<>:"/\\|?*\p{Cc}\p{Bidi_Control}]/gu, '-')
    .slice(0, 80)
    .toWellFormed()
    .replace(/^[.\s]+|[.\s]+$/g, '')
  return safe === '' || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(safe)
    ? `demonstrations ${safe}`.trim()
    : safe
}
