// The report of an evaluation in a terminal.
import { temperatureName } from '../../../src-shared/build-report/figures.ts'
import type { EvaluationReport } from '../../../src-shared/contract/evaluation-contract.ts'
import { counted, duration, fields, percent, table } from '../text.ts'

export function evaluationText(report: EvaluationReport): string {
  const { evaluation, prompts, answers, seconds } = report
  const asked =
    prompts.from === 'starter-world'
      ? `starter world ${prompts.seed}, ${prompts.split} questions`
      : prompts.from === 'typed'
        ? counted(prompts.prompts.length, 'prompt')
        : 'questions of demonstrations'
  return [
    fields([
      ['evaluation', evaluation],
      ['asked', asked],
      ['answers', `${counted(answers, 'answer')} in ${duration(seconds)}`],
    ]),
    tournament(report),
    truthfulness(report),
    manner(report),
    ladder(report),
  ]
    .filter(part => part !== null)
    .join('\n\n')
}

function tournament({ evaluation, winRates, judges, parts }: EvaluationReport): string | null {
  if (!parts.includes('tournament')) return null
  const judgeOf = (id: string) => {
    const judge = judges.find(each => each.id === id)
    const against = judge?.trainedAgainst ?? []
    return `${judge?.name ?? id}${against.length > 0 ? ` (trained against by ${against.join(', ')})` : ''}`
  }
  return table(
    ['who wins', 'answers', 'wins', 'losses', 'ties', 'rate', '95 %', 'judge'],
    winRates.map(({ a, b, temperature, wins, losses, ties, rate, low, high, judge }) => [
      `${a} over ${b}`,
      temperatureName(temperature),
      wins,
      losses,
      ties,
      percent(rate),
      `${percent(low)} – ${percent(high)}`,
      judgeOf(judge),
    ]),
    `Nobody has judged yet: vote with andromeda evaluate --vote ${evaluation}, or in the Evaluate tab; or name a reward model with --reward-checkpoint.`,
  )
}

function truthfulness({ truthfulness }: EvaluationReport): string | null {
  const rows = Object.entries(truthfulness).flatMap(([label, { known, unknown }]) =>
    [['known', known] as const, ['unknown', unknown] as const].map(([set, shares]) => [
      label,
      `${set}: ${shares.questions}`,
      percent(shares.correct),
      percent(shares.abstains),
      percent(shares.fabricates),
      percent(shares.stopped),
    ]),
  )
  return rows.length === 0
    ? null
    : table(['truth, greedy', 'questions', 'correct', 'abstains', 'fabricates', 'ends by itself'], rows, '')
}

function manner({ manner }: EvaluationReport): string | null {
  return manner.length === 0
    ? null
    : table(
        ['manner', 'answers', 'tasks right', 'abstains on tasks', 'bad style', 'ends by itself', 'words'],
        manner.map(({ label, temperature, tasks, abstainsOnTasks, badStyle, stopped, words }) => [
          label,
          temperatureName(temperature),
          percent(tasks.share),
          percent(abstainsOnTasks.share),
          percent(badStyle.share),
          percent(stopped.share),
          words.toFixed(1),
        ]),
        '',
      )
}

function ladder({ arithmetic }: EvaluationReport): string | null {
  const labels = Object.keys(arithmetic)
  if (labels.length === 0) return null
  const rungs = arithmetic[labels[0]!]!.rungs
  return table(
    ['ladder', 'sums', ...labels.map(label => `${label}: right, confident`)],
    rungs.map(({ rung, title, example, accuracy }) => [
      `${example}: ${title.toLowerCase()}`,
      accuracy.n,
      ...labels.map(label => {
        const of = arithmetic[label]!.rungs.find(each => each.rung === rung)!
        return `${percent(of.accuracy.share)}, ${percent(of.confidence)}`
      }),
    ]),
    '',
  )
}
