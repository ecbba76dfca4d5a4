// A run's state in words: what happened, why, and the way out. One place for which actions each state allows.
import type { RunSummary } from '../../src-shared/contract/lab-contract.ts'
import { formatCount } from './format.ts'

export type RunAction = 'pause' | 'resume' | 'stop' | 'continue'

export interface RunState {
  /** One word for badges. */
  readonly word: string
  /** One or two sentences that stand alone. */
  readonly sentence: string
  readonly tone: 'calm' | 'active' | 'good' | 'warning' | 'bad'
  readonly actions: readonly RunAction[]
  /** Why the actions cannot be used just now; null = they can. */
  readonly busy: string | null
}

/** Mantine colours of the badges; the word stands beside the colour. */
export const toneColors: Record<RunState['tone'], string> = {
  calm: 'gray',
  active: 'indigo',
  good: 'teal',
  warning: 'amber',
  bad: 'red',
}

type Facts = Pick<RunSummary, 'status' | 'asked' | 'reason' | 'step' | 'steps'> &
  Partial<Pick<RunSummary, 'phase'>>

/** What a model of this phase is for, once it is there. */
const whatFor = (phase: RunSummary['phase'] = 'pretrain') =>
  phase === 'pretrain'
    ? 'Let it complete a text'
    : phase === 'reward'
      ? 'Read what it can judge'
      : 'Chat with it'

const whatItCan = (phase: RunSummary['phase'] = 'pretrain') =>
  phase === 'pretrain' ? 'complete text' : phase === 'reward' ? 'score' : 'answer'

const ended = (text: string) => (/[.?!]$/.test(text) ? text : `${text}.`)
const because = (reason: string | null) =>
  reason ? ` ${ended(reason[0]!.toUpperCase() + reason.slice(1))}` : ''

const underWay = { pause: 'Pausing', stop: 'Stopping' } as const

/** What a run makes one after another: phase 4 samples and learns in updates, each of several gradient steps. */
export const stepWord = (phase: RunSummary['phase'] = 'pretrain') => (phase === 'ppo' ? 'update' : 'step')

/** @param before the run that trains while this one waits */
export function runState(run: Facts, before?: Pick<RunSummary, 'name'>): RunState {
  if (run.asked && isActive(run)) {
    const word = underWay[run.asked]
    const sentence = `${word} at the next ${stepWord(run.phase)} …`
    return { word, sentence, tone: 'active', actions: ['pause', 'stop'], busy: sentence }
  }
  return { ...settledState(run, before), busy: null }
}

function settledState(
  { status, reason, step, steps, phase }: Facts,
  before: Pick<RunSummary, 'name'> | undefined,
): Omit<RunState, 'busy'> {
  const one = stepWord(phase)
  const at =
    step === 0 ? `before the first ${one}` : `at ${one} ${formatCount(step)} of ${formatCount(steps)}`
  switch (status) {
    case 'queued':
      return {
        word: 'Waiting',
        sentence: `Waiting for ${before ? `“${before.name}” to end` : 'the engine'}.${because(reason)} It starts by itself.`,
        tone: 'calm',
        actions: ['stop'],
      }
    case 'running':
      return {
        word: 'Training',
        sentence: `Training: ${one} ${formatCount(step)} of ${formatCount(steps)}.`,
        tone: 'active',
        actions: ['pause', 'stop'],
      }
    case 'paused':
      return {
        word: 'Paused',
        sentence: `Paused ${at}.${because(reason)} Resume goes on from exactly here.`,
        tone: reason ? 'warning' : 'calm',
        actions: ['resume', 'stop'],
      }
    case 'interrupted':
      return {
        word: 'Interrupted',
        sentence: `Interrupted ${at}.${because(reason)} Resume goes on from the last checkpoint; the ${one}s since then are done again.`,
        tone: 'warning',
        actions: ['resume', 'stop'],
      }
    case 'finished':
      return {
        word: 'Finished',
        sentence: `Finished: ${formatCount(steps)} ${one}s. ${whatFor(phase)}, or continue longer.`,
        tone: 'good',
        actions: ['continue'],
      }
    case 'stopped':
      return {
        word: 'Stopped',
        sentence: `Stopped ${at}.${because(reason)} ${step === 0 ? 'Nothing was learnt yet.' : `Its last checkpoint is kept and can ${whatItCan(phase)}; it can also go on.`}`,
        tone: 'calm',
        actions: ['resume', 'continue'],
      }
    case 'failed':
      return {
        word: 'Failed',
        sentence: `Failed ${at}.${because(reason) || ' No reason was recorded; see the events.'} ${step === 0 ? 'Correct what is wrong and start a new run.' : 'Resume tries again from the last checkpoint.'}`,
        tone: 'bad',
        // Without a step there is nothing to go on from, and what made it fail stands fixed in the run.
        actions: step === 0 ? [] : ['resume', 'stop'],
      }
  }
}

export const isActive = (run: Pick<RunSummary, 'status'>): boolean =>
  run.status === 'running' || run.status === 'queued'

/** The run that has the engine while others wait. */
export const inTraining = (runs: readonly RunSummary[]): RunSummary | undefined =>
  runs.find(run => run.status === 'running')

/**
 * The newest run at work or in turn, and the newest that can go on.
 * @param runs of one phase, in any order
 */
export function underWayOf(runs: readonly RunSummary[]) {
  const newest = (...status: RunSummary['status'][]): RunSummary | null =>
    runs
      .filter(run => status.includes(run.status))
      .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))[0] ?? null
  return { active: newest('running', 'queued'), waiting: newest('paused', 'interrupted') }
}

/**
 * The run a person most likely wants to see: the one at work, else the one waiting for a decision, else the newest.
 * @param runs of one phase, in any order
 */
export function foremost(runs: readonly RunSummary[]): RunSummary | undefined {
  const rank = (r: RunSummary) => (r.status === 'running' ? 0 : isActive(r) ? 1 : 2)
  return [...runs]
    .filter(r => r.removedAt === null)
    .sort((a, b) => rank(a) - rank(b) || b.updatedAt.localeCompare(a.updatedAt))[0]
}
