// Which checkpoints are in the engine's memory. As many as fit stay there; when another is asked for, the least recently
// used of those that nobody is using make room. Where none can, the one who asked waits until somebody is done: models
// that do not fit together are swapped in turn.
import { freemem } from 'node:os'
import { countParameters, type ModelConfig } from '../../../src-shared/config/model-config.ts'
import { WASM_BYTES } from '../../../src-shared/config/training-memory.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Db } from '../database/open.ts'
import { getSetting, setSetting } from '../database/queries/settings.ts'
import type { EngineSupervisor } from '../engine-supervisor/engine-supervisor.ts'

/** Name of a setting. */
const RESIDENT_MODELS = 'residentModels'
const MOST_RESIDENT_MODELS = 4

export interface ResidentModel {
  readonly checkpoint: string
  readonly model: ModelConfig
}

export interface UseOptions {
  /** Ends waiting and loading; `work` has to hear it by itself. */
  readonly signal?: AbortSignal
  /** Loading begins. @param swapped another checkpoint had to make room */
  readonly onLoading?: (swapped: boolean) => void
}

interface Resident extends ResidentModel {
  readonly bytes: number
  /** Settles when it is loaded. */
  readonly ready: Promise<void>
  state: 'making-room' | 'loading' | 'loaded'
  /** Whether another had to go for it. */
  swapped: boolean
  /** Who is to hear that loading begins. */
  listeners: ((swapped: boolean) => void)[]
  users: number
  /** Grows with every use. */
  usedAt: number
}

export class Residency {
  private readonly db: Db
  private readonly supervisor: EngineSupervisor
  private readonly freeBytes: () => number
  private readonly residents = new Map<string, Resident>()
  /** While a model is loaded or waits for room, others that are not there wait. */
  private isLoading = false
  /** What was found to be too much, in bytes of all models together; a GPU does not tell before. */
  private tooManyBytes = Number.POSITIVE_INFINITY
  private uses = 0
  private waiting: (() => void)[] = []

  /** @param freeBytes of this machine's memory */
  constructor(db: Db, supervisor: EngineSupervisor, freeBytes: () => number = freemem) {
    this.db = db
    this.supervisor = supervisor
    this.freeBytes = freeBytes
  }

  /** How many models are kept at once; null = as many as fit. */
  get limit(): number | null {
    const limit = getSetting(this.db, RESIDENT_MODELS)
    return typeof limit === 'number' && limit >= 1 && limit <= MOST_RESIDENT_MODELS ? limit : null
  }

  /** What is too much is released, as soon as nobody uses it. */
  setLimit(limit: number | null): void {
    setSetting(this.db, RESIDENT_MODELS, limit)
    this.tooManyBytes = Number.POSITIVE_INFINITY
    this.trim()
    this.wake()
  }

  /** The engine is a fresh one, or has released everything. */
  forget(): void {
    // Who waits for room still comes; what was being loaded fails by itself.
    for (const [checkpoint, { state }] of this.residents)
      if (state === 'loaded') this.residents.delete(checkpoint)
    this.tooManyBytes = Number.POSITIVE_INFINITY
    this.wake()
  }

  /**
   * Runs `work` while the checkpoint is loaded and cannot be released.
   * @param work is told whether another checkpoint had to make room
   * @throws LabError `cancelled` when `signal` ends the wait; what loading or `work` throws
   */
  async use<T>(
    wanted: ResidentModel,
    work: (swapped: boolean) => Promise<T>,
    { signal, onLoading }: UseOptions = {},
  ): Promise<T> {
    const resident = await this.claim(wanted, signal)
    const { state } = resident
    try {
      if (state === 'loading') onLoading?.(resident.swapped)
      else if (state === 'making-room' && onLoading) resident.listeners.push(onLoading)
      await unlessAborted(resident.ready, signal)
      // Between the two a moment may pass.
      if (signal?.aborted) throw cancelled()
      return await work(state !== 'loaded' && resident.swapped)
    } finally {
      resident.users--
      this.trim()
      this.wake()
    }
  }

  /** The resident, or a new one that is being loaded, with one user more. New ones come one after another. */
  private async claim(wanted: ResidentModel, signal: AbortSignal | undefined): Promise<Resident> {
    for (;;) {
      const resident =
        this.residents.get(wanted.checkpoint) ?? (this.isLoading ? undefined : this.add(wanted))
      if (resident) {
        resident.users++
        resident.usedAt = ++this.uses
        return resident
      }
      await unlessAborted(this.change(), signal)
    }
  }

  private add(wanted: ResidentModel): Resident {
    this.isLoading = true
    const { promise, resolve } = Promise.withResolvers<void>()
    const resident: Resident = {
      ...wanted,
      bytes: inferenceBytes(wanted.model),
      // Begun when whoever asked for it is counted as its user.
      ready: promise.then(() => this.load(resident)),
      state: 'making-room',
      swapped: false,
      listeners: [],
      users: 0,
      usedAt: 0,
    }
    this.residents.set(wanted.checkpoint, resident)
    resolve()
    return resident
  }

  private async load(resident: Resident): Promise<void> {
    const { checkpoint, model } = resident
    const read = async () => {
      resident.state = 'loading'
      for (const listener of resident.listeners) listener(resident.swapped)
      await this.supervisor.call('engine.load', { checkpoint, model })
    }
    try {
      await this.makeRoom(resident, () => this.fits(resident))
      try {
        await read()
      } catch (error) {
        const isFull = error instanceof LabError && error.facts.code === 'no-space'
        if (!isFull || this.others(resident).length === 0) throw error
        this.tooManyBytes = this.residentBytes()
        resident.state = 'making-room'
        await this.makeRoom(resident, async () => false)
        await read()
      }
      resident.state = 'loaded'
      resident.listeners = []
    } catch (error) {
      this.drop(resident)
      throw error
    } finally {
      this.isLoading = false
      this.wake()
    }
  }

  /** Releases others until there is room enough, or nobody wants the model any more. @throws LabError `cancelled` then */
  private async makeRoom(resident: Resident, isEnough: () => Promise<boolean>): Promise<void> {
    for (;;) {
      // What changes while it looks must not be missed.
      const changed = this.change()
      if (this.others(resident).length === 0 || (await isEnough())) return
      if (resident.users === 0) {
        this.drop(resident)
        throw cancelled()
      }
      if (await this.releaseIdle()) resident.swapped = true
      else await changed
    }
  }

  private async fits(resident: Resident): Promise<boolean> {
    const { limit } = this
    if (limit !== null && this.residents.size > limit) return false
    if (this.residentBytes() >= this.tooManyBytes) return false
    await this.supervisor.ready()
    const { device } = this.supervisor.current()
    // A GPU's memory is not told: it is tried.
    if (!device || device.backend === 'webgpu') return true
    const inEngine = (await this.supervisor.call('engine.ping', {})).bytes
    const addressable = device.backend === 'wasm' ? WASM_BYTES : Number.POSITIVE_INFINITY
    return inEngine + resident.bytes <= addressable && resident.bytes <= this.freeBytes()
  }

  /** After the limit was lowered. Who makes room does so itself. */
  private trim(): void {
    while (!this.isLoading && this.limit !== null && this.residents.size > this.limit) {
      const oldest = this.takeIdle()
      if (!oldest) return
      // An engine that is lost has nothing left to release.
      void this.supervisor.call('engine.release', { checkpoint: oldest.checkpoint }).catch(() => {})
    }
  }

  /** Releases the least recently used model that nobody uses. @returns whether there was one */
  private async releaseIdle(): Promise<boolean> {
    const oldest = this.takeIdle()
    if (oldest) await this.supervisor.call('engine.release', { checkpoint: oldest.checkpoint })
    return oldest !== undefined
  }

  private takeIdle(): Resident | undefined {
    const [oldest] = [...this.residents.values()]
      .filter(({ users, state }) => users === 0 && state === 'loaded')
      .sort((a, b) => a.usedAt - b.usedAt)
    if (oldest) this.residents.delete(oldest.checkpoint)
    return oldest
  }

  private others(resident: Resident): Resident[] {
    return [...this.residents.values()].filter(other => other !== resident)
  }

  private residentBytes(): number {
    return [...this.residents.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  }

  private drop(resident: Resident): void {
    if (this.residents.get(resident.checkpoint) === resident) this.residents.delete(resident.checkpoint)
  }

  /** Settles when something may be otherwise. */
  private change(): Promise<void> {
    return new Promise<void>(resolve => this.waiting.push(resolve))
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve()
  }
}

/** What asking a model holds: its weights, and keys and values of one text as long as the context. float32. */
export function inferenceBytes(model: ModelConfig): number {
  const keyWidth = (model.nKvHead * model.nEmbd) / model.nHead
  return 4 * (countParameters(model).total + 2 * model.nLayer * model.contextLength * keyWidth)
}

/** Settles as `work` does, or at once when the signal aborts; `work` then goes on by itself. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  work.catch(() => {})
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(cancelled())
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

export const cancelled = (): LabError =>
  new LabError({ code: 'cancelled', what: 'it was stopped', fix: 'ask again when you like' })
