// At start: the folder and the database are brought to agree, whatever ended the last process. May itself be cut off at
// any point and run again.
import { existsSync, rmSync } from 'node:fs'
import {
  type CheckpointRow,
  listCheckpoints,
  saveCheckpoint,
  setCheckpointStatus,
} from '../database/queries/checkpoints.ts'
import { findRun, insertRun, updateRun } from '../database/queries/runs.ts'
import { transaction } from '../database/statement.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { absolute, findFolders, folderOf, folderOfId, renameFolder } from './layout.ts'
import type { Manifest } from './manifest.ts'
import { glanceAtFolder, type Verification, verifyFolder } from './verify.ts'

const LOST = 'The database had lost this run; it was restored from its checkpoint.'

/**
 * Removes what was being written or deleted, adopts complete folders that have no row, and marks rows whose folder is
 * missing or changed. Deletes nothing that could be a checkpoint.
 * @returns what was found and done, in sentences
 */
export async function recover(workspace: Workspace): Promise<string[]> {
  const notes: string[] = []
  await clearBeside(workspace)
  const known = new Set<string>()
  for (const row of listCheckpoints(workspace.db)) {
    known.add(row.id)
    notes.push(...(await reconcile(workspace, row)))
  }
  // Newest step first: what the newest manifest says of a run that the database lost is what holds.
  const found = findFolders(workspace).checkpoints.sort((a, b) => (a.folder < b.folder ? 1 : -1))
  for (const { checkpoint, folder } of found)
    if (!known.has(checkpoint)) notes.push(await adoptFolder(workspace, checkpoint, folder))
  return notes
}

async function clearBeside(workspace: Workspace): Promise<void> {
  for (const { kind, checkpoint, path } of findFolders(workspace).beside) {
    const target = folderOfId(workspace, checkpoint)
    // Cut off between two renames: the older checkpoint is the only one of its step.
    if (kind === 'replaced' && !existsSync(target)) await renameFolder(path, target)
    else rmSync(path, { recursive: true, force: true })
  }
}

async function reconcile(workspace: Workspace, row: CheckpointRow): Promise<string[]> {
  const { db } = workspace
  const folder = absolute(workspace, row.folder)
  if (!existsSync(folder)) {
    if (row.status === 'missing') return []
    setCheckpointStatus(db, row.id, 'missing')
    return [`The folder of checkpoint ${row.id} is gone: ${folder}`]
  }
  const glance = glanceAtFolder(folder, row.id, row.manifestSha256)
  if (glance.problems.length === 0 && row.status === 'verified') return []
  // Either a commit was cut off before its row was written, or a folder came back, or it is damaged.
  const full = await verifyFolder(folder, row.id)
  if (full.problems.length === 0) {
    adopt(workspace, full)
    return [`Checkpoint ${row.id} was found complete and is used again.`]
  }
  if (row.status === 'damaged') return []
  setCheckpointStatus(db, row.id, 'damaged')
  return [`Checkpoint ${row.id} is damaged: ${full.problems.join('; ')}`]
}

async function adoptFolder(workspace: Workspace, checkpoint: string, folder: string): Promise<string> {
  const found = await verifyFolder(absolute(workspace, folder), checkpoint)
  const { manifest, problems } = found
  if (manifest && folderOf(manifest.run.id, manifest.step) !== folder)
    problems.push('its manifest names another run or step')
  if (problems.length > 0) return `The folder ${folder} is not a whole checkpoint: ${problems.join('; ')}`
  adopt(workspace, found)
  return `Checkpoint ${checkpoint} was found complete and taken into the database.`
}

/**
 * Writes the row that a verified folder's manifest describes, and its run's where that is gone or, in a restored backup,
 * older: with the steps that the run had then been given, and as finished when this checkpoint is their last.
 */
function adopt({ db }: Workspace, { manifest, manifestSha256 }: Verification): void {
  const { checkpoint, run, step, tokens, createdAt, evalLoss, fingerprint, files, bestEvalLoss } =
    manifest as Manifest
  transaction(db, () => {
    const standing = findRun(db, run.id)
    if (!standing)
      insertRun(db, {
        ...run,
        status: 'interrupted',
        reason: LOST,
        fingerprint,
      })
    if (!standing || standing.step < step) {
      const { config, data } = run
      // A run that was given more steps after this manifest was written keeps them.
      const steps = Math.max(step, run.steps, standing?.steps ?? 0)
      updateRun(db, run.id, {
        ...{ step, tokens, steps },
        ...(steps === run.steps && { config, data }),
        bestEvalLoss: bestEvalLoss ?? evalLoss,
        ...(step === steps && { status: 'finished', reason: null }),
        // Finished when the backup was made, and given more steps since.
        ...(step < steps && standing?.status === 'finished' && { status: 'interrupted', reason: LOST }),
      })
    }
    saveCheckpoint(db, {
      id: checkpoint,
      run: run.id,
      step,
      createdAt,
      folder: folderOf(run.id, step),
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      weightsSha256: files.find(file => file.name === 'model.safetensors')!.sha256,
      manifestSha256: manifestSha256!,
      evalLoss,
      fingerprint,
      status: 'verified',
    })
  })
}
