// What the app remembers of a GPU process that crashed at every start, so that the next start leaves the GPU alone.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as v from 'valibot'

const memory = v.object({ safeModeFor: v.string() })

/** Another version brings another Chromium, which may get along with the driver. @param version of app and Electron */
export function isSafeMode(file: string, version: string): boolean {
  try {
    return v.parse(memory, JSON.parse(readFileSync(file, 'utf8'))).safeModeFor === version
  } catch {
    // Missing on every ordinary start.
    return false
  }
}

export const rememberSafeMode = (file: string, version: string): void =>
  writeFileSync(file, JSON.stringify({ safeModeFor: version } satisfies v.InferOutput<typeof memory>))

export const forgetSafeMode = (file: string): void => rmSync(file, { force: true })
