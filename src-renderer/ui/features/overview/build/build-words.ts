// A build in words.
import { MOST_SEED } from '../../../../../src-shared/config/train-config.ts'
import type { BuildPhase, BuildStatus } from '../../../../../src-shared/contract/build-contract.ts'
import { formatDuration, formatExact } from '../../../format.ts'
import { phaseOf } from '../../../phases.ts'

/** `about 9 minutes`, `under a minute`: no more than an estimate knows. */
export function aboutMinutes(minutes: number): string {
  if (minutes < 1) return 'under a minute'
  const whole = minutes < 20 ? Math.round(minutes) : 5 * Math.round(minutes / 5)
  return whole === 1 ? 'about a minute' : `about ${whole} minutes`
}

/** null = a seed that can be used. */
export const seedProblem = (seed: number | string): string | null =>
  typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0 && seed <= MOST_SEED
    ? null
    : `The seed must be a whole number from 0 to ${formatExact(MOST_SEED)}, which is 2^48.`

/** Another one than was built from. */
export const nextSeed = (seed: number): number => (seed < MOST_SEED ? seed + 1 : 0)

export const buildPhaseTitle = (phase: BuildPhase): string =>
  phase === 'evaluate' ? 'Evaluation and report' : phaseOf(phase).title

/** The CSS colour of a phase's marks. */
export const buildPhaseColor = (phase: BuildPhase): string =>
  phase === 'evaluate' ? 'var(--mantine-color-dimmed)' : `var(--lab-phase-${phase})`

type ShownPhase = BuildStatus['phases'][number]

/** From the terminal a build can end after any phase. */
export const isWhole = ({ phases }: { phases: readonly Pick<ShownPhase, 'phase'>[] }): boolean =>
  phases.some(({ phase }) => phase === 'ppo')

const states: Readonly<Record<BuildStatus['state'], (what: string, one: boolean) => string>> = {
  running: what => `Building ${what}`,
  paused: what => `Paused on the way through ${what}`,
  failed: () => 'The build stopped',
  finished: (what, one) => `${what.charAt(0).toUpperCase()}${what.slice(1)} ${one ? 'is' : 'are'} built`,
}

export function buildTitle(build: {
  state: BuildStatus['state']
  seed: number
  phases: readonly Pick<ShownPhase, 'phase'>[]
}): string {
  const trained = build.phases.filter(({ phase }) => phase !== 'evaluate').length
  const what = isWhole(build)
    ? 'all four'
    : trained === 1
      ? 'the first phase'
      : `the first ${trained === 2 ? 'two' : 'three'} phases`
  return `${states[build.state](what, trained === 1)}: starter world ${build.seed}`
}

/** What a build that is done has brought, in how long. */
export const finishedSentence = (build: Pick<BuildStatus, 'phases' | 'seconds'>): string =>
  isWhole(build)
    ? `Data, four models and their evaluation in ${formatDuration(build.seconds)}. The report says what each phase brought and what it cost; every model is in the chat, and every run can be looked at.`
    : `As far as was asked for, in ${formatDuration(build.seconds)}; a report needs all four. Every run can be looked at, and gone on from in the next phase.`

/** Behind what is said of making the starter world by itself. @param minutes to train its base; undefined = not known */
export const baseWords = (made: boolean, minutes: number | undefined): string =>
  `${made ? ', where its recipe is filled in' : '; its recipe is then filled in'}${
    minutes === undefined
      ? ''
      : `${made ? ';' : ', and'} its base model is trained in ${aboutMinutes(minutes)}`
  }.`

/** What stands beside a phase: what is under way in it, what it took, or that it comes later. */
export function phaseSentence(phase: ShownPhase): string {
  const active = phase.steps.find(({ state }) => state === 'active')
  if (active) return active.title
  if (phase.steps.every(({ state }) => state === 'done')) return `done in ${formatDuration(phase.seconds)}`
  const done = phase.steps.filter(({ state }) => state === 'done').length
  return done > 0 ? `${done} of ${phase.steps.length} steps done` : 'to come'
}
