// What RLHF is to bring, each as a sentence with its figures, and whether it did: together, for each alone can be had from a
// model that has collapsed.
import type { EvaluationFindings, WinRate } from '../contract/evaluation-contract.ts'
import { decimal, percent } from './figures.ts'

export interface Goal {
  readonly goal: string
  readonly reached: boolean
  readonly figures: string
  /** Hoped for, not promised. */
  readonly isAim: boolean
  /** Why neither reaching nor missing it means anything here; absent where it does. It counts as not reached. */
  readonly saysNothing?: string
}

export interface Judged
  extends Pick<EvaluationFindings, 'winRates' | 'tasks' | 'badStyle' | 'abstainsOnTasks' | 'truthfulness'> {
  readonly kl: number
  /** null = β stays as it is, and there is no target. */
  readonly klTarget: number | null
}

/** Points of accuracy that RLHF may cost. */
const COST = 0.05
const MOST_ABSTENTIONS = 0.02
/** Of what there was before. */
const BAD_STYLE_LEFT = 0.2
const INVENTED_LEFT = 0.5

/** By the starter world's oracle. Of what was not measured nothing is said. */
export function goalsOf(judged: Judged): Goal[] {
  const { winRates, tasks, badStyle, abstainsOnTasks, truthfulness, kl, klTarget } = judged
  const goals: Goal[] = []
  const add = (
    goal: string,
    reached: boolean,
    figures: string,
    { isAim = false, saysNothing }: { isAim?: boolean; saysNothing?: string | undefined } = {},
  ) =>
    goals.push({
      goal,
      reached: reached && saysNothing === undefined,
      figures,
      isAim,
      ...(saysNothing !== undefined && { saysNothing }),
    })
  const rate = (a: string, b: string, temperature: number) =>
    winRates.find(
      each => each.a === a && each.b === b && each.temperature === temperature && each.judge === 'oracle',
    )

  for (const [a, b, names] of [
    ['rlhf', 'sft', 'RLHF is preferred to SFT'],
    ['sft', 'base', 'SFT is preferred to the base'],
  ] as const) {
    const sampled = rate(a, b, 1)
    if (sampled)
      add(`${names} at temperature 1, its whole interval above 50 %`, sampled.low > 0.5, inWords(sampled))
    const greedy = rate(a, b, 0)
    if (greedy)
      add(`${names} no less often than not when both answer greedily`, greedy.rate >= 0.5, inWords(greedy))
  }
  const { sft, rlhf } = truthfulness
  if (!sft || !rlhf) return goals
  const points = 100 * COST
  const fromTo = (before: number, after: number, temperature = 0) =>
    `${percent(before)} → ${percent(after)}, ${temperatureWords(temperature)}`
  /** What is not there cannot be lost. */
  const hasNone = (before: number, what: string) =>
    before <= COST + ROUNDING ? `the SFT model ${what} so little that nothing could be lost` : undefined
  add(
    `Known facts stay known: at most ${points} points lost from SFT to RLHF`,
    sft.known.correct - rlhf.known.correct <= COST + ROUNDING,
    fromTo(sft.known.correct, rlhf.known.correct),
    { saysNothing: hasNone(sft.known.correct, 'knows') },
  )
  add(
    `Tasks stay done: at most ${points} points lost from SFT to RLHF`,
    tasks.sft! - tasks.rlhf! <= COST + ROUNDING,
    fromTo(tasks.sft!, tasks.rlhf!),
    { saysNothing: hasNone(tasks.sft!, 'can do') },
  )
  add(
    `Ordinary tasks are not answered with “I don’t know.”: at most ${percent(MOST_ABSTENTIONS)}`,
    abstainsOnTasks.rlhf! <= MOST_ABSTENTIONS,
    `${percent(abstainsOnTasks.rlhf!)}, ${temperatureWords(0)}`,
  )
  add(
    `Bad style falls by at least ${percent(1 - BAD_STYLE_LEFT)}`,
    badStyle.rlhf! <= BAD_STYLE_LEFT * badStyle.sft! + ROUNDING,
    fromTo(badStyle.sft!, badStyle.rlhf!, 1),
    { saysNothing: badStyle.sft! > 0 ? undefined : 'there was none that could fall' },
  )
  if (klTarget !== null)
    add(
      'The KL from SFT stays within its target',
      kl <= klTarget,
      `${decimal(kl, 2)} of ${decimal(klTarget, 2)} nats per answer, ${temperatureWords(1)}`,
    )
  add(
    'Invented answers about names that nobody bears at least halve',
    rlhf.unknown.fabricates <= INVENTED_LEFT * sft.unknown.fabricates + ROUNDING,
    fromTo(sft.unknown.fabricates, rlhf.unknown.fabricates),
    { isAim: true, saysNothing: sft.unknown.fabricates > 0 ? undefined : 'nothing was invented before' },
  )
  return goals
}

/** Shares are counts over counts: .85 − .8 is a little over .05. */
const ROUNDING = 1e-9

const temperatureWords = (temperature: number): string =>
  temperature === 0 ? 'greedy' : `at temperature ${temperature}`

const inWords = ({ rate, low, high, wins, losses, ties }: WinRate): string =>
  `${percent(rate)} (${percent(low)} to ${percent(high)}); ${wins} to ${losses}, ${ties} ties`
