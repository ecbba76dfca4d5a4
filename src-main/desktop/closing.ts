// Closing while a model trains: the person chooses, and nothing is lost either way.
import type { RunSummary } from '../../src-shared/contract/lab-contract.ts'

export type Closing = 'background' | 'pause-and-quit' | 'cancel'

type ActiveRun = Pick<RunSummary, 'name' | 'step' | 'steps'>

export interface ClosingQuestion {
  readonly type: 'question'
  readonly title: string
  readonly message: string
  readonly detail: string
  readonly buttons: string[]
  readonly defaultId: number
  readonly cancelId: number
  /** What each button means. */
  readonly answers: readonly Closing[]
}

/**
 * The question to ask before the window closes or the app quits; null when nothing is training.
 * @param from quitting (from the menu, or the system shuts down) leaves no window to go on behind
 */
export function closingQuestion(runs: readonly ActiveRun[], from: 'window' | 'quit'): ClosingQuestion | null {
  const [run] = runs
  if (!run) return null
  const message =
    runs.length === 1
      ? `“${run.name}” is training (step ${run.step} of ${run.steps}).`
      : `${runs.length} runs are training or waiting.`
  const pause = {
    label: 'Pause and quit',
    answer: 'pause-and-quit',
    detail: 'Pausing writes a checkpoint; the run goes on from it, bit for bit, when you resume it.',
  } as const
  const background = {
    label: 'Keep training in the background',
    answer: 'background',
    detail: 'In the background it keeps this computer awake; start Andromeda again to see the window.',
  } as const
  const choices = from === 'window' ? [background, pause] : [pause]
  return {
    type: 'question',
    title: 'Andromeda',
    message,
    detail: choices.map(({ detail }) => detail).join('\n'),
    buttons: [...choices.map(({ label }) => label), 'Cancel'],
    defaultId: 0,
    cancelId: choices.length,
    answers: [...choices.map(({ answer }) => answer), 'cancel'],
  }
}
