// What is going on, on stderr: one line that is redrawn on a terminal, a plain line every few seconds elsewhere.
import type { JobStatus, RunSummary } from '../../src-shared/contract/lab-contract.ts'
import { duration, escapeControls, shortCount } from './text.ts'

const PLAIN_LINE_SECONDS = 5
const REDRAW_SECONDS = 0.1

export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export class Progress {
  private readonly stream: ProgressStream
  private readonly seconds: () => number
  private drawn = false
  private lastSeconds = Number.NEGATIVE_INFINITY
  private lastText = ''

  /** @param seconds a monotonic clock */
  constructor(stream: ProgressStream, seconds: () => number = () => performance.now() / 1000) {
    this.stream = stream
    this.seconds = seconds
  }

  /** Where it stands now; shown as often as the stream can bear. */
  update(text: string): void {
    const now = this.seconds()
    const pause = this.stream.isTTY ? REDRAW_SECONDS : PLAIN_LINE_SECONDS
    if (text === this.lastText || now - this.lastSeconds < pause) return
    this.lastSeconds = now
    this.lastText = text
    if (this.stream.isTTY) this.redraw(text)
    else this.stream.write(`${oneLine(text)}\n`)
  }

  /** What somebody is typing: drawn with every key, and only on a terminal. */
  typed(text: string): void {
    if (this.stream.isTTY) this.redraw(text)
  }

  private redraw(text: string): void {
    const line = oneLine(text)
    const width = (this.stream.columns || 80) - 1
    const cut = line.length > width ? `${line.slice(0, width - 1)}…` : line
    this.stream.write(`\r\x1b[K${cut}`)
    this.drawn = true
  }

  /** A line that stays. */
  note(text: string): void {
    this.clear()
    this.stream.write(`${escapeControls(text)}\n`)
  }

  /** Takes the redrawn line away, before something else is written. */
  clear(): void {
    if (this.drawn) this.stream.write('\r\x1b[K')
    this.drawn = false
    this.lastText = ''
  }
}

const oneLine = (text: string): string => escapeControls(text).replace(/[\n\t]/g, ' ')

/** `Importing a.txt · 3.1M of 9.8M bytes · 12 s left` */
export function jobLine({ title, done, total, unit, note, etaSeconds }: JobStatus): string {
  const amount =
    done > 0 || total ? `${shortCount(done)}${total ? ` of ${shortCount(total)}` : ''} ${unit}` : null
  const left = etaSeconds !== null && etaSeconds >= 1 ? `${duration(etaSeconds)} left` : null
  return [title, amount, note, left].filter(Boolean).join(' · ')
}

/** What a person watches of a run: in phase 4 the loss says nothing. */
const watched = {
  loss: [
    ['loss', 'loss'],
    ['val', 'eval_loss'],
  ],
  reward: [
    ['reward', 'objective/scores'],
    ['KL', 'objective/kl'],
    ['held-out wins', 'eval_win_rate'],
  ],
} as const

/** `step 120/2000 · loss 2.313 · val 2.401 · 12.3k tokens/s · 3 min 5 s left` */
export function runLine({ phase, step, steps, latest, tokensPerSecond, etaSeconds }: RunSummary): string {
  const number = (label: string, value: number | undefined) =>
    value !== undefined && `${label} ${value.toFixed(3)}`
  return [
    `step ${step}/${steps}`,
    ...watched[phase === 'ppo' ? 'reward' : 'loss'].map(([label, name]) => number(label, latest[name])),
    tokensPerSecond !== null && `${shortCount(tokensPerSecond)} tokens/s`,
    etaSeconds !== null && `${duration(etaSeconds)} left`,
  ]
    .filter(Boolean)
    .join(' · ')
}
