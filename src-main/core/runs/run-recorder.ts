// What a running run reports, on its way to SQLite and to the screens: twice a second metrics are committed, in one
// transaction with the run's progress, and then pushed.
import type { CoreContext } from '../context.ts'
import type { MetricPoint } from '../database/queries/metrics.ts'
import { recordProgress } from '../database/queries/runs.ts'

const PUSH_MS = 500
/** Speed and time left are read off this many newest steps. */
const RATE_WINDOW = 50

export class RunRecorder {
  private readonly context: CoreContext
  private readonly run: string
  private readonly onPush: () => void
  private uncommitted: MetricPoint[] = []
  private unpushed: MetricPoint[] = []
  private recent: { step: number; tokens: number; seconds: number }[] = []
  private readonly secondsBefore: number
  private readonly startedMs = performance.now()
  private readonly timer: ReturnType<typeof setInterval>
  /** The newest step heard of. */
  step: number

  /** @param seconds spent training before this start */
  constructor(
    context: CoreContext,
    run: string,
    start: { step: number; seconds: number },
    onPush: () => void,
  ) {
    this.context = context
    this.run = run
    this.step = start.step
    this.secondsBefore = start.seconds
    this.onPush = onPush
    this.timer = setInterval(() => this.push(), PUSH_MS)
  }

  record(step: number, tokens: number, values: Record<string, number>): void {
    const seconds = this.secondsBefore + (performance.now() - this.startedMs) / 1000
    this.step = step
    this.uncommitted.push({ step, tokens, seconds, values })
    this.unpushed.push({ step, tokens, seconds, values })
    this.recent = [...this.recent.slice(-RATE_WINDOW), { step, tokens, seconds }]
  }

  /** Tokens and steps per second over the recent steps, evaluation included; null until there are enough. */
  rate(): { tokensPerSecond: number; stepsPerSecond: number } | null {
    const [first, last] = [this.recent[0], this.recent.at(-1)]
    if (!first || !last || last.step - first.step < 5 || last.seconds === first.seconds) return null
    const seconds = last.seconds - first.seconds
    return {
      tokensPerSecond: (last.tokens - first.tokens) / seconds,
      stepsPerSecond: (last.step - first.step) / seconds,
    }
  }

  commit(): void {
    const newest = this.uncommitted.at(-1)
    if (!newest) return
    const { step, tokens, seconds } = newest
    recordProgress(this.context.workspace.db, this.run, { step, tokens, seconds }, this.uncommitted)
    this.uncommitted = []
  }

  /** Commits and pushes what is pending and ends the timer. */
  close(): void {
    clearInterval(this.timer)
    this.push()
  }

  private push(): void {
    // Who asks for the series after a push must find in it what was pushed.
    this.commit()
    if (this.unpushed.length === 0) return
    this.context.publish('points', {
      run: this.run,
      points: this.unpushed.map(point => ({ ...point, values: { ...point.values } })),
    })
    this.unpushed = []
    this.onPush()
  }
}
