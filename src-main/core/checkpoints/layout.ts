// Where checkpoints lie: checkpoints/<run>/step-00001000/, and dot-folders for what is being made or taken away.
import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Workspace } from '../workspace/workspace.ts'

const stepFolder = (step: number): string => `step-${String(step).padStart(8, '0')}`

export const checkpointId = (run: string, step: number): string => `${run}-${stepFolder(step)}`

/** Relative to the workspace, as the database has it. */
export const folderOf = (run: string, step: number): string => `checkpoints/${run}/${stepFolder(step)}`

export const absolute = (workspace: Workspace, folder: string): string =>
  join(workspace.path, ...folder.split('/'))

const BESIDE = /^\.(staging|deleting|replaced)-(.+)$/

/** A folder beside the runs' own: being written, being deleted, or giving way to a newer one of the same step. */
export const beside = (
  workspace: Workspace,
  kind: 'staging' | 'deleting' | 'replaced',
  name: string,
): string => join(workspace.folder('checkpoints'), `.${kind}-${name}`)

export interface FoundFolders {
  /** Dot-folders left by an end without notice. */
  beside: { kind: 'staging' | 'deleting' | 'replaced'; checkpoint: string; path: string }[]
  /** Folders that look like a checkpoint, relative to the workspace. */
  checkpoints: { checkpoint: string; folder: string }[]
}

export function findFolders(workspace: Workspace): FoundFolders {
  const root = workspace.folder('checkpoints')
  const found: FoundFolders = { beside: [], checkpoints: [] }
  for (const run of readdirSync(root, { withFileTypes: true })) {
    const left = BESIDE.exec(run.name)
    if (left) {
      const kind = left[1] as FoundFolders['beside'][number]['kind']
      found.beside.push({ kind, checkpoint: left[2]!, path: join(root, run.name) })
    } else if (run.isDirectory())
      for (const step of readdirSync(join(root, run.name), { withFileTypes: true }))
        if (step.isDirectory() && /^step-\d{8,}$/.test(step.name))
          found.checkpoints.push({
            checkpoint: `${run.name}-${step.name}`,
            folder: `checkpoints/${run.name}/${step.name}`,
          })
  }
  return found
}

/** The folder of the checkpoint with this id. */
export function folderOfId(workspace: Workspace, checkpoint: string): string {
  const [, run, step] = /^(.+)-(step-\d{8,})$/.exec(checkpoint) ?? []
  return join(workspace.folder('checkpoints'), run ?? '', step ?? checkpoint)
}

/** Renames a folder; on Windows a virus scanner may hold it for a moment. */
export async function renameFolder(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++)
    try {
      renameSync(from, to)
      return
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? ''
      if (process.platform !== 'win32' || !/^(EPERM|EACCES|EBUSY)$/.test(code) || attempt === 20) throw error
      await wait(100)
    }
}
