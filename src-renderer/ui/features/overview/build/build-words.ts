// A build in words.
import type { BuildPhase, BuildStatus } from '../../../../../src-shared/contract/build-contract.ts'
import { formatDuration } from '../../../format.ts'
import { phaseOf } from '../../../phases.ts'

/** `about 9 minutes`, `under a minute`: no more than an estimate knows. */
export function aboutMinutes(minutes: number): string {
  if (minutes < 1) return 'under a minute'
  const whole = minutes < 20 ? Math.round(minutes) : 5 * Math.round(minutes / 5)
  return whole === 1 ? 'about a minute' : `about ${whole} minutes`
}

/** null = a seed that can be used. */
export const seedProblem = (seed: number | string): string | null =>
  typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0 && seed <= 2 ** 48
    ? null
    : 'The seed must be a whole number of at least 0.'

export const buildPhaseTitle = (phase: BuildPhase): string =>
  phase === 'evaluate' ? 'Evaluation and report' : phaseOf(phase).title

/** The CSS colour of a phase's marks. */
export const buildPhaseColor = (phase: BuildPhase): string =>
  phase === 'evaluate' ? 'var(--mantine-color-dimmed)' : `var(--lab-phase-${phase})`

const states: Readonly<Record<BuildStatus['state'], string>> = {
  running: 'Building all four',
  paused: 'Paused on the way through all four',
  failed: 'The build stopped',
  finished: 'All four are built',
}

export const buildTitle = ({ state, seed }: Pick<BuildStatus, 'state' | 'seed'>): string =>
  `${states[state]}: starter world ${seed}`

type ShownPhase = BuildStatus['phases'][number]

/** What stands beside a phase: what is under way in it, what it took, or that it comes later. */
export function phaseSentence(phase: ShownPhase): string {
  const active = phase.steps.find(({ state }) => state === 'active')
  if (active) return active.title
  if (phase.steps.every(({ state }) => state === 'done')) return `done in ${formatDuration(phase.seconds)}`
  const done = phase.steps.filter(({ state }) => state === 'done').length
  return done > 0 ? `${done} of ${phase.steps.length} steps done` : 'to come'
}
