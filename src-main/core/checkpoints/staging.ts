// A checkpoint on its way to the disk: staging folder → tensors streamed → small files → manifest last → rename.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import type { CheckpointFile, TensorEntry, TrainState } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { CheckpointRow } from '../database/queries/checkpoints.ts'
import type { Run } from '../database/queries/runs.ts'
import { syncFolder, writeFully } from '../workspace/durable.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { absolute, beside, checkpointId, folderOf, renameFolder } from './layout.ts'
import { encodeManifest, type FileRecord, fileName, MANIFEST, sha256 } from './manifest.ts'
import { encodeState, STATE } from './state-file.ts'
import { TensorFile } from './tensor-file.ts'

export interface CheckpointContent {
  run: string
  phase: Run['phase']
  state: TrainState
  evalLoss: number | null
  /** Tensors in the order in which their bytes will come; names and layout as in the files of `transformers`. */
  model: readonly TensorEntry[]
  optimizer: readonly TensorEntry[]
  /** Name → text: config.json, generation_config.json, the tokenizer's files. */
  files: Readonly<Record<string, string>>
  /** What must be equal when the run is resumed: seed, configs, hashes of data and tokenizer … */
  stateFile: Readonly<Record<string, unknown>>
  fingerprint: string
}

const reserved = new Set(['model.safetensors', 'optimizer.safetensors', STATE, MANIFEST])

export class Staging {
  readonly run: Run
  readonly state: TrainState
  private readonly workspace: Workspace
  private readonly content: CheckpointContent
  private readonly folder: string
  private readonly texts: [name: string, text: string][]
  private readonly tensors: Record<CheckpointFile, TensorFile>

  /** Checks everything that can be checked; nothing is created yet. */
  constructor(workspace: Workspace, id: string, run: Run, content: CheckpointContent) {
    this.workspace = workspace
    this.run = run
    this.state = content.state
    this.content = content
    this.folder = beside(workspace, 'staging', id)
    const { phase, fingerprint, state, stateFile } = content
    for (const name of Object.keys(content.files))
      if (reserved.has(name) || !v.is(fileName, name))
        throw new LabError({
          code: 'internal',
          what: `a checkpoint cannot have a file named ${JSON.stringify(name)}`,
          fix: 'use another name',
        })
    const conditions = { ...stateFile }
    this.texts = [
      ...Object.entries(content.files),
      [STATE, encodeState({ phase, fingerprint, state, conditions })],
    ]
    this.tensors = {
      model: new TensorFile(join(this.folder, 'model.safetensors'), content.model),
      optimizer: new TensorFile(join(this.folder, 'optimizer.safetensors'), content.optimizer),
    }
  }

  /** Bytes of the whole checkpoint, the manifest estimated. */
  get totalBytes(): number {
    const texts = this.texts.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0)
    return this.tensors.model.totalBytes + this.tensors.optimizer.totalBytes + texts + 4096
  }

  open(): void {
    // A folder of this name can only be left over: ids are not used twice while a process lives.
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(this.folder)
    this.tensors.model.open()
    this.tensors.optimizer.open()
  }

  write(file: CheckpointFile, bytes: Uint8Array): void {
    this.tensors[file].write(bytes)
  }

  /** Makes the checkpoint complete and durable under its final name. @returns its row, not yet in the database */
  async commit(): Promise<CheckpointRow> {
    const { run, state, workspace, folder } = this
    const weights = await this.tensors.model.finish()
    const files = [weights, await this.tensors.optimizer.finish()]
    for (const [name, text] of this.texts) files.push(this.writeText(name, text))
    const checkpoint = checkpointId(run.id, state.step)
    const createdAt = new Date().toISOString()
    const { evalLoss, fingerprint } = this.content
    const manifest = encodeManifest({
      checkpoint,
      createdAt,
      step: state.step,
      tokens: state.tokens,
      evalLoss,
      bestEvalLoss: state.bestEvalLoss,
      fingerprint,
      run: {
        id: run.id,
        name: run.name,
        phase: run.phase,
        createdAt: run.createdAt,
        parentCheckpoint: run.parentCheckpoint,
        tokenizer: run.tokenizer,
        model: run.model,
        config: run.config,
        data: run.data,
        steps: run.steps,
        tags: run.tags,
        notes: run.notes,
      },
      files,
    })
    const manifestRecord = this.writeText(MANIFEST, manifest)
    syncFolder(folder)
    await this.moveIntoPlace(checkpoint, absolute(workspace, folderOf(run.id, state.step)))
    return {
      id: checkpoint,
      run: run.id,
      step: state.step,
      createdAt,
      folder: folderOf(run.id, state.step),
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      weightsSha256: weights.sha256,
      manifestSha256: manifestRecord.sha256,
      evalLoss,
      fingerprint,
      status: 'verified',
    }
  }

  /** Takes everything away that was written. */
  discard(): void {
    this.tensors.model.close()
    this.tensors.optimizer.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private async moveIntoPlace(checkpoint: string, target: string): Promise<void> {
    const root = this.workspace.folder('checkpoints')
    const parent = dirname(target)
    if (!existsSync(parent)) {
      mkdirSync(parent)
      syncFolder(root)
    }
    // A step that was made again after a resume: the older folder waits aside until the newer one stands.
    const older = beside(this.workspace, 'replaced', checkpoint)
    const replaces = existsSync(target)
    if (replaces) {
      rmSync(older, { recursive: true, force: true })
      await renameFolder(target, older)
    }
    try {
      await renameFolder(this.folder, target)
    } catch (error) {
      if (replaces) await renameFolder(older, target)
      throw error
    }
    syncFolder(parent)
    syncFolder(root)
    rmSync(older, { recursive: true, force: true })
  }

  private writeText(name: string, text: string): FileRecord {
    const bytes = Buffer.from(text)
    const fd = openSync(join(this.folder, name), 'wx')
    try {
      writeFully(fd, bytes)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    return { name, bytes: bytes.byteLength, sha256: sha256(bytes) }
  }
}
