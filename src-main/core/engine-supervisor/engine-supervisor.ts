// Keeps one engine alive: starts it, listens for its heartbeat, and after a loss waits, starts a fresh one and tells the
// runs to go on from their last checkpoint.
import { availableParallelism } from 'node:os'
import type { BackendChoice, Calibration, DeviceInfo } from '../../../src-shared/contract/device-info.ts'
import {
  engineHostMethods,
  engineHostTopics,
  engineMethods,
  engineTopics,
} from '../../../src-shared/contract/engine-contract.ts'
import { LabError, type LabErrorFacts, toFacts } from '../../../src-shared/contract/errors.ts'
import type { EngineStatus } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers, InputOf, OutputOf, TopicPayload } from '../../../src-shared/contract/method.ts'
import { createPeer, type Peer } from '../../../src-shared/contract/peer.ts'
import type { EngineHost } from './engine-host.ts'
import { type Loss, restartPolicy } from './restart-policy.ts'

type EngineMethods = typeof engineMethods
type EngineTopics = typeof engineTopics

/** Silence that means death. A busy engine computes without a pause for as long as one step takes. */
const SILENCE_SECONDS = { idle: 60, busy: 600 }
/** An engine that has not connected after this long is called absent; it may still come. */
const ABSENT_AFTER_SECONDS = 8

export interface SupervisorOptions {
  host: EngineHost
  choice: BackendChoice
  /** CPU threads; null = as many as cores. */
  threads: number | null
  /** How `auto` chose before. */
  calibration: Calibration | null
  handlers: Handlers<typeof engineHostMethods>
  onTopic: <K extends keyof EngineTopics & string>(topic: K, payload: TopicPayload<EngineTopics, K>) => void
  onStatus: (status: EngineStatus) => void
  /** A fresh engine has opened its device. */
  onReady: (device: DeviceInfo) => void
  /** Step under way when the engine was lost, for the restart policy. */
  stepUnderWay: () => number | null
}

export class EngineSupervisor {
  private readonly options: SupervisorOptions
  private status: EngineStatus
  private peer: Peer<EngineMethods, typeof engineHostTopics> | null = null
  private losses: Loss[] = []
  private lastHeardMs = 0
  private calibration: Calibration | null
  private busy = false
  private closed = false
  /** Grows with every start; what an older start still reports is ignored. */
  private generation = 0
  private waiting: ((ready: boolean) => void)[] = []
  private settling: (() => void)[] = []
  private restartTimer: ReturnType<typeof setTimeout> | undefined
  private readonly watchdog: ReturnType<typeof setInterval>

  constructor(options: SupervisorOptions) {
    this.options = options
    this.calibration = options.calibration
    this.status = {
      state: 'starting',
      device: null,
      error: null,
      retryInSeconds: null,
      choice: options.choice,
      threads: options.threads,
      cores: availableParallelism(),
    }
    this.watchdog = setInterval(() => this.checkHeartbeat(), 5000)
    this.watchdog.unref()
  }

  current(): EngineStatus {
    return this.status
  }

  /** Starts the engine; failures become status, not exceptions. */
  async start(): Promise<void> {
    const generation = ++this.generation
    this.set({ state: 'starting', device: null, error: null, retryInSeconds: null })
    const absent = setTimeout(() => {
      if (generation === this.generation && this.status.state === 'starting')
        this.set({
          state: 'absent',
          error: {
            code: 'engine-lost',
            what: `no engine has answered in the ${this.options.host.name}`,
            fix: 'keep the page open, or reload it',
          },
        })
    }, ABSENT_AFTER_SECONDS * 1000)
    absent.unref()
    try {
      const transport = await this.options.host.start()
      if (generation !== this.generation || this.closed) return transport.close()
      this.lastHeardMs = performance.now()
      const peer = createPeer({
        transport,
        local: engineHostMethods,
        handlers: this.options.handlers,
        remote: engineMethods,
        incoming: engineTopics,
        outgoing: engineHostTopics,
        onTopic: (topic, payload) => {
          if (generation !== this.generation) return
          this.lastHeardMs = performance.now()
          if (topic === 'heartbeat') this.busy = (payload as TopicPayload<EngineTopics, 'heartbeat'>).busy
          else if (topic === 'lost')
            this.lost(generation, (payload as TopicPayload<EngineTopics, 'lost'>).reason)
          else this.options.onTopic(topic, payload)
        },
      })
      void peer.closed.then(() => this.channelClosed(generation))
      const { choice, threads } = this.status
      const device = await peer.call('engine.open', {
        backend: choice,
        ...(threads === null ? {} : { threads }),
        ...(this.calibration === null ? {} : { calibration: this.calibration }),
      })
      if (generation !== this.generation || this.closed) return peer.close()
      this.peer = peer
      this.calibration = device.calibration ?? this.calibration
      this.set({ state: 'ready', device, error: null })
      for (const resolve of this.waiting.splice(0)) resolve(true)
      this.options.onReady(device)
    } catch (error) {
      if (generation !== this.generation || this.closed) return
      const facts = toFacts(error)
      // An engine that answers but cannot open its device will not do so by being asked again.
      if (facts.code === 'engine-lost') this.lost(generation, facts.what)
      else this.giveUp(facts)
    } finally {
      clearTimeout(absent)
    }
  }

  /** Waits for a ready engine and calls it. @throws LabError when the engine needs a person first */
  async call<K extends keyof EngineMethods & string>(
    name: K,
    input: InputOf<EngineMethods[K]>,
  ): Promise<OutputOf<EngineMethods[K]>> {
    await this.ready()
    return this.peer!.call(name, input)
  }

  async ready(): Promise<void> {
    if (this.peer) return
    if (this.closed || this.status.state === 'needs-user')
      throw new LabError(
        this.status.error ?? {
          code: 'engine-lost',
          what: 'the engine is closed',
          fix: 'open the workspace again',
        },
      )
    const ready = await new Promise<boolean>(resolve => this.waiting.push(resolve))
    if (!ready)
      throw new LabError(
        this.status.error ?? { code: 'engine-lost', what: 'the engine did not start', fix: 'try again' },
      )
  }

  /** Waits while the engine is starting: after that its device is known, or why there is none. */
  async settled(): Promise<void> {
    if (this.status.state !== 'starting') return
    await new Promise<void>(resolve => this.settling.push(resolve))
  }

  /** Restarts on another backend, or with another number of CPU threads (null = as many as cores). */
  async choose(choice: BackendChoice, threads = this.status.threads): Promise<void> {
    this.losses = []
    this.dropPeer()
    this.set({ choice, threads })
    await this.start()
  }

  /** A person asked to try again. */
  retry(): void {
    this.losses = []
    clearTimeout(this.restartTimer)
    this.dropPeer()
    void this.start()
  }

  async close(): Promise<void> {
    this.closed = true
    this.generation++
    clearInterval(this.watchdog)
    clearTimeout(this.restartTimer)
    this.dropPeer()
    for (const resolve of this.waiting.splice(0)) resolve(false)
    await this.options.host.stop()
  }

  private async channelClosed(generation: number): Promise<void> {
    if (generation !== this.generation || this.closed) return
    const { host } = this.options
    this.dropPeer() // at once: nobody may call into the closed channel while the host finds out
    if (!(await host.heldByNobody?.())) return this.lost(generation, `the ${host.name} went away`)
    if (generation === this.generation && !this.closed) void this.start()
  }

  private lost(generation: number, reason: string): void {
    if (generation !== this.generation || this.closed) return
    this.generation++
    this.losses.push({ at: performance.now() / 1000, step: this.options.stepUnderWay() })
    this.dropPeer()
    const decision = restartPolicy(this.losses)
    const error: LabErrorFacts = {
      code: 'engine-lost',
      what: `the engine was lost: ${reason}`,
      fix: 'it is started again by itself',
    }
    if (decision === 'needs-user') {
      this.giveUp({
        ...error,
        fix: 'it was lost several times in a row; use a smaller batch or another backend, then press Retry',
      })
      return
    }
    this.set({ state: 'backing-off', device: null, error, retryInSeconds: decision.waitSeconds })
    this.restartTimer = setTimeout(() => void this.start(), decision.waitSeconds * 1000)
  }

  private giveUp(error: LabErrorFacts): void {
    this.set({ state: 'needs-user', device: null, error, retryInSeconds: null })
    for (const resolve of this.waiting.splice(0)) resolve(false)
  }

  private checkHeartbeat(): void {
    if (!this.peer) return
    const silence = (performance.now() - this.lastHeardMs) / 1000
    if (silence > (this.busy ? SILENCE_SECONDS.busy : SILENCE_SECONDS.idle))
      this.lost(this.generation, `it has not answered for ${Math.round(silence)} s`)
  }

  private dropPeer(): void {
    const peer = this.peer
    this.peer = null
    peer?.close()
  }

  private set(change: Partial<EngineStatus>): void {
    this.status = { ...this.status, ...change }
    if (this.status.state !== 'starting') for (const resolve of this.settling.splice(0)) resolve()
    this.options.onStatus(this.status)
  }
}
