// The only writer of checkpoint files. A checkpoint is absent or complete and verified; the newest good one is not
// touched until a newer one verifies.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CheckpointFile, TensorEntry } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { CheckpointSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { SafetensorsHeader } from '../../../src-shared/safetensors/header.ts'
import type { CoreContext } from '../context.ts'
import {
  type CheckpointListRow,
  deleteCheckpoint,
  getCheckpoint,
  isNeeded,
  listCheckpoints,
  saveCheckpoint,
  setCheckpointStatus,
} from '../database/queries/checkpoints.ts'
import { getRun, updateRun } from '../database/queries/runs.ts'
import { transaction } from '../database/statement.ts'
import { onDisk, storageError } from '../workspace/storage-error.ts'
import { absolute, beside, renameFolder } from './layout.ts'
import { recover } from './recover.ts'
import { type CheckpointContent, Staging } from './staging.ts'
import { readStateFile, requireConditions, type StateFile } from './state-file.ts'
import { readHeader, readValues } from './tensor-reader.ts'
import { requireWell, verifyFolder } from './verify.ts'

/** Free space asked for before a checkpoint is begun, in checkpoints: this one, the next, and room for the database. */
const SPACE_FACTOR = 2.5

export class CheckpointStore {
  private readonly context: CoreContext
  private readonly stagings = new Map<string, Staging>()
  private nextStaging = 1
  /** Checkpoints read whole and found well since the start. */
  private readonly verified = new Set<string>()
  private readonly headers = new Map<string, SafetensorsHeader>()

  constructor(context: CoreContext) {
    this.context = context
  }

  /**
   * Begins a checkpoint of a run; one that the same run had begun before is dropped.
   * @returns the id to write to
   * @throws LabError `no-space` with needed and free bytes; `not-found` for the run; `bad-input` for the tensor list
   */
  begin(content: CheckpointContent): string {
    const { workspace } = this.context
    const run = getRun(workspace.db, content.run)
    for (const [id, other] of this.stagings) if (other.run.id === run.id) this.abort(id)
    const id = `staging-${this.nextStaging++}`
    const staging = new Staging(workspace, id, run, content)
    this.requireSpace(staging)
    this.onStaging(staging, () => staging.open())
    this.stagings.set(id, staging)
    return id
  }

  /**
   * Appends little-endian float32 bytes to a file, in the order announced.
   * @throws LabError `bad-input` for NaN, infinity or too many bytes; `no-space`; the checkpoint is dropped then
   */
  write(id: string, file: CheckpointFile, bytes: Uint8Array): void {
    const staging = this.staging(id)
    try {
      this.onStaging(staging, () => staging.write(file, bytes))
    } catch (error) {
      this.stagings.delete(id)
      throw error
    }
  }

  /**
   * Makes the checkpoint durable, then records it and its run's progress in one transaction.
   * @throws LabError as `write`; the checkpoint is dropped then, unless only the database could not be written: then
   *   the complete folder is taken in at the next start
   */
  async commit(id: string): Promise<{ checkpoint: string; weightsSha256: string }> {
    const { workspace, publish } = this.context
    const { db } = workspace
    const staging = this.staging(id)
    this.stagings.delete(id)
    let row: Awaited<ReturnType<Staging['commit']>>
    try {
      row = await staging.commit()
    } catch (error) {
      throw this.dropped(staging, error)
    }
    this.forget(row.id)
    const { step, tokens, bestEvalLoss } = staging.state
    transaction(db, () => {
      saveCheckpoint(db, row)
      updateRun(db, row.run, { step, tokens, bestEvalLoss })
    })
    publish('changed', { what: 'checkpoints' })
    return { checkpoint: row.id, weightsSha256: row.weightsSha256 }
  }

  /** Drops a checkpoint that was begun; one that is gone already is no error. */
  abort(id: string): void {
    const staging = this.stagings.get(id)
    this.stagings.delete(id)
    staging?.discard()
  }

  /** Brings folder and database to agree; once, before anything else. @returns what was done, in sentences */
  recover(): Promise<string[]> {
    return recover(this.context.workspace)
  }

  /** Reads every byte of a checkpoint and records whether it is well. @returns problems, none = verified */
  async verify(id: string): Promise<string[]> {
    const { workspace, publish } = this.context
    const row = getCheckpoint(workspace.db, id)
    const { problems, manifest } = await verifyFolder(absolute(workspace, row.folder), id, row.manifestSha256)
    this.forget(id)
    const status =
      problems.length === 0 ? 'verified' : manifest ? 'damaged' : this.withoutManifest(row.folder)
    if (status === 'verified') this.verified.add(id)
    if (status !== row.status) {
      setCheckpointStatus(workspace.db, id, status)
      publish('changed', { what: 'checkpoints' })
    }
    return problems
  }

  /** Newest run first, newest step first; of one run, or of all that were not removed. */
  list(run?: string): CheckpointSummary[] {
    const { workspace } = this.context
    const rows = listCheckpoints(workspace.db, run).filter(row => run !== undefined || !row.runRemovedAt)
    const best = new Set(bestOfRuns(rows).values())
    return rows.map(row => ({
      id: row.id,
      run: row.run,
      runName: row.runName,
      phase: row.phase,
      step: row.step,
      createdAt: row.createdAt,
      path: absolute(workspace, row.folder),
      bytes: row.bytes,
      weightsSha256: row.weightsSha256,
      evalLoss: row.evalLoss,
      best: best.has(row.id),
      status: row.status,
    }))
  }

  /**
   * What a run needs to go on from a checkpoint, after every byte of it was verified.
   * @param expected conditions that must be equal to those recorded, such as the seed and the hash of the data
   * @throws LabError `damaged` or `unsupported` naming file or field; `conflict` naming the condition that differs
   */
  async readState(id: string, expected: Readonly<Record<string, unknown>> = {}): Promise<StateFile> {
    this.verified.delete(id)
    const folder = await this.wellFolder(id)
    const state = onDisk(folder, () => readStateFile(folder))
    requireConditions(state, expected, id)
    return state
  }

  /** Names and shapes in the order of the file. @throws LabError `damaged` when the checkpoint does not verify */
  async tensors(id: string, file: CheckpointFile): Promise<TensorEntry[]> {
    const path = join(await this.wellFolder(id), `${file}.safetensors`)
    const header = onDisk(path, () => readHeader(path))
    this.headers.set(`${id}/${file}`, header)
    return [...header.tensors.values()].map(({ name, shape }) => ({ name, shape: [...shape] }))
  }

  /**
   * Values [offset, offset + length) of a tensor, row-major.
   * @throws LabError `bad-input` for a name or range that is not there
   */
  async readTensor(
    id: string,
    file: CheckpointFile,
    name: string,
    offset: number,
    length: number,
  ): Promise<Float32Array<ArrayBuffer>> {
    if (!this.headers.has(`${id}/${file}`)) await this.tensors(id, file)
    const path = join(this.folderOf(id), `${file}.safetensors`)
    const header = this.headers.get(`${id}/${file}`)!
    return onDisk(path, () => readValues(path, header, name, offset, length))
  }

  /**
   * Deletes older checkpoints of a run, after the newest was read back and verified. Kept: the newest `keep`, the best by
   * validation loss, those that other runs started from or are rewarded by, those in `inUse`, and all that do not verify.
   * @returns ids of the deleted ones
   */
  async retain(run: string, keep: number, inUse: ReadonlySet<string> = new Set()): Promise<string[]> {
    const { workspace, publish } = this.context
    const { db } = workspace
    const newest = listCheckpoints(db, run).find(row => row.status === 'verified')
    if (!newest || (await this.verify(newest.id)).length > 0) return []
    const rows = listCheckpoints(db, run).filter(row => row.status === 'verified')
    const best = bestOfRuns(rows).get(run)
    const surplus = rows
      .slice(Math.max(1, keep))
      .filter(({ id }) => id !== best && !inUse.has(id) && !isNeeded(db, id))
    for (const { id, folder } of surplus) {
      // The row first: a folder without a row is taken in again, a row without a folder would be a false alarm.
      deleteCheckpoint(db, id)
      const aside = beside(workspace, 'deleting', id)
      await renameFolder(absolute(workspace, folder), aside)
      rmSync(aside, { recursive: true, force: true })
      this.forget(id)
    }
    if (surplus.length > 0) publish('changed', { what: 'checkpoints' })
    return surplus.map(row => row.id)
  }

  private staging(id: string): Staging {
    const staging = this.stagings.get(id)
    if (!staging)
      throw new LabError({
        code: 'conflict',
        what: 'this checkpoint was dropped before it was complete',
        where: id,
        fix: 'begin it again',
      })
    return staging
  }

  private onStaging(staging: Staging, act: () => void): void {
    try {
      act()
    } catch (error) {
      throw this.dropped(staging, error)
    }
  }

  /** Takes away what failed, so that its space is free again, and says why it failed. */
  private dropped(staging: Staging, error: unknown): Error {
    const known = storageError(error, this.context.workspace.folder('checkpoints'))
    const isFull = known instanceof LabError && known.facts.code === 'no-space'
    // Not every refusal of space is a full disk: quotas and limits have their own words.
    const freeBytes = isFull ? this.context.workspace.freeBytes() : 0
    staging.discard()
    return isFull && freeBytes < staging.totalBytes
      ? this.noSpace(staging.totalBytes, freeBytes, error)
      : known
  }

  private requireSpace(staging: Staging): void {
    const needed = SPACE_FACTOR * staging.totalBytes
    const freeBytes = this.context.workspace.freeBytes()
    if (freeBytes < needed) throw this.noSpace(needed, freeBytes)
  }

  private noSpace(neededBytes: number, freeBytes: number, cause?: unknown): LabError {
    return new LabError(
      {
        code: 'no-space',
        what: 'the disk is too full for a checkpoint',
        where: this.context.workspace.folder('checkpoints'),
        expected: `${readable(neededBytes)} free`,
        got: readable(freeBytes),
        fix: 'free some space, then resume the run; its earlier checkpoints stand',
      },
      { cause },
    )
  }

  private folderOf(id: string): string {
    const { workspace } = this.context
    return absolute(workspace, getCheckpoint(workspace.db, id).folder)
  }

  private withoutManifest(folder: string): 'missing' | 'damaged' {
    return existsSync(absolute(this.context.workspace, folder)) ? 'damaged' : 'missing'
  }

  /** The checkpoint's folder, verified once while this process lives. */
  private async wellFolder(id: string): Promise<string> {
    const folder = this.folderOf(id)
    if (this.verified.has(id)) return folder
    const problems = await this.verify(id)
    requireWell(id, folder, problems)
    return folder
  }

  private forget(id: string): void {
    this.verified.delete(id)
    this.headers.delete(`${id}/model`)
    this.headers.delete(`${id}/optimizer`)
  }
}

/** Run → id of its verified checkpoint with the lowest validation loss, the newest among equals. */
function bestOfRuns(rows: readonly CheckpointListRow[]): Map<string, string> {
  const best = new Map<string, CheckpointListRow>()
  for (const row of rows) {
    if (row.status !== 'verified' || row.evalLoss === null) continue
    const other = best.get(row.run)
    if (!other || row.evalLoss < other.evalLoss!) best.set(row.run, row)
  }
  return new Map([...best].map(([run, row]) => [run, row.id]))
}

function readable(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
