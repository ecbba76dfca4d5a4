// Training keeps the computer awake; when a person sends it to sleep all the same, runs pause before and go on after.
import type { Lab } from '../core/lab.ts'

/** Keeps the system from suspending itself while something trains. */
export class Wakefulness {
  private readonly blocker: { start(): number; stop(id: number): void }
  private held: number | null = null

  constructor(blocker: { start(): number; stop(id: number): void }) {
    this.blocker = blocker
  }

  set(awake: boolean): void {
    if (awake === (this.held !== null)) return
    if (this.held === null) this.held = this.blocker.start()
    else {
      this.blocker.stop(this.held)
      this.held = null
    }
  }
}

/** A GPU does not survive sleep on every driver: a checkpoint before is worth more than the last minute. */
export class SleepPause {
  private readonly lab: Pick<Lab, 'activeRuns' | 'handlers' | 'waitForRun'>
  private paused: string[] = []

  constructor(lab: Pick<Lab, 'activeRuns' | 'handlers' | 'waitForRun'>) {
    this.lab = lab
  }

  async suspend(): Promise<void> {
    for (const { id: run } of this.lab.activeRuns()) {
      this.paused.push(run)
      await this.lab.handlers['runs.pause']({ run })
    }
  }

  /** Only what sleep paused goes on; what the person paused stays as it is. */
  async resume(): Promise<void> {
    for (const run of this.paused.splice(0)) {
      // The checkpoint may still be on its way to the disk.
      const { status } = await this.lab.waitForRun(run)
      if (status === 'paused') await this.lab.handlers['runs.resume']({ run })
    }
  }
}
