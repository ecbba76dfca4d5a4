// How the policy stands against the fine-tuned model on prompts that it never trains on: what both said, who judged it, and
// which checkpoint a person liked best.
import type { PpoEvaluation, WinRate } from '../../../src-shared/contract/ppo-contract.ts'
import { shownBlind } from '../../../src-shared/evaluation/vote-order.ts'
import { shareOf } from '../../../src-shared/metrics/share.ts'
import { oracleScore } from '../../../src-shared/starter-world/labeler.ts'
import { promptKinds } from '../../../src-shared/starter-world/preferences.ts'
import { ABSTENTION, withoutBadStyle } from '../../../src-shared/starter-world/style.ts'
import type { Db } from '../database/open.ts'
import {
  type EvaluationSummary,
  evaluationSummaries,
  type HeldOutAnswer,
  heldOutAnswers,
  listVotes,
  type PpoChoice,
  saveHeldOutAnswers,
} from '../database/queries/ppo.ts'
import { promptKey } from '../rankings/prompt-key.ts'
import type { PpoPromptRow } from './ppo-prompts.ts'

export type Verdict = 'win' | 'loss' | 'tie'

/** Of the policy's answer over the fine-tuned model's, by the starter world's own judge; null where it cannot judge. */
export function oracleVerdict(
  { task, answers }: PpoPromptRow,
  policy: Pick<HeldOutAnswer, 'text' | 'stopped'>,
  reference: Pick<HeldOutAnswer, 'text' | 'stopped'>,
): Verdict | null {
  if (!task) return null
  const judged = { useCase: task.useCase, answers }
  const difference = oracleScore(judged, policy) - oracleScore(judged, reference)
  return difference > 0 ? 'win' : difference < 0 ? 'loss' : 'tie'
}

/** @param verdicts of the policy, each on a prompt by a name of its own: the same one twice tells no more about others */
export function winRateOf(
  verdicts: readonly { readonly verdict: Verdict; readonly prompt: string }[],
): WinRate {
  const count = (of: Verdict) => verdicts.filter(({ verdict }) => verdict === of).length
  const [wins, losses, ties] = [count('win'), count('loss'), count('tie')]
  const decided = verdicts.filter(({ verdict }) => verdict !== 'tie')
  const prompts = new Set(decided.map(({ prompt }) => prompt)).size
  return { wins, losses, ties, ...shareOf(wins, wins + losses, prompts) }
}

/** What is not seen when two answers are compared blind makes no pair of them. */
export const differ = (a: Pick<HeldOutAnswer, 'text'>, b: Pick<HeldOutAnswer, 'text'>): boolean =>
  shownBlind(a.text) !== shownBlind(b.text)

/**
 * Keeps the answers of an evaluation with what can be said of them.
 * @returns metrics: `eval_win_rate`, and `eval_loss`, the share that may be lost, by the low end of the interval of the wins, of
 *   the kind of prompts where that is most. The best checkpoint is chosen by it: a model that answers everything alike may win
 *   on the whole, but not on every kind, and a single win is no proof
 */
export function recordHeldOut(
  db: Db,
  run: string,
  step: number,
  rows: readonly PpoPromptRow[],
  answers: readonly HeldOutAnswer[],
): Record<string, number> {
  const judges = rows.every(({ task }) => task !== null)
  const reference = step === 0 ? undefined : heldOutAnswers(db, run, 0)
  const verdicts =
    judges && reference
      ? rows.map((row, i) => ({
          kind: row.task!.kind,
          prompt: promptKey(row.messages),
          verdict: oracleVerdict(row, answers[i]!, reference[i]!)!,
        }))
      : null
  const oracle = verdicts && winRateOf(verdicts)
  const share = (of: (answer: HeldOutAnswer) => boolean) => answers.filter(of).length / answers.length
  const mean = (of: (answer: HeldOutAnswer) => number) =>
    answers.reduce((sum, answer) => sum + of(answer), 0) / answers.length
  const summary: EvaluationSummary = {
    step,
    answers: answers.length,
    score: mean(({ score }) => score),
    kl: mean(({ kl }) => kl),
    abstains: share(({ text }) => text === ABSTENTION),
    stopped: share(({ stopped }) => stopped),
    badStyle: judges ? share(({ text }) => withoutBadStyle(text).found.length > 0) : null,
    oracle,
    pairs: reference ? answers.filter((answer, i) => differ(answer, reference[i]!)).length : 0,
  }
  // Of a model whose weights are no numbers any more there is nothing to keep; its next update says so.
  if (!Number.isFinite(summary.score) || !Number.isFinite(summary.kl)) return {}
  saveHeldOutAnswers(db, run, summary, answers)
  // Without a decided comparison there is no share.
  if (!oracle || oracle.n === 0) return {}
  const byKind = promptKinds.map(kind => winRateOf(verdicts!.filter(verdict => verdict.kind === kind)))
  const lost = byKind.filter(({ n }) => n > 0).map(({ low }) => 1 - low)
  return { eval_win_rate: oracle.share, eval_loss: Math.max(...lost) }
}

const verdictOf: Readonly<Record<PpoChoice, Verdict>> = { policy: 'win', reference: 'loss', tie: 'tie' }

/** By step, with the person's votes. */
export function evaluations(db: Db, run: string): PpoEvaluation[] {
  const byStep = Map.groupBy(listVotes(db, run), ({ step }) => step)
  return evaluationSummaries(db, run).map(summary => {
    const votes = byStep.get(summary.step)
    const verdicts = votes?.map(({ choice, prompt }) => ({
      verdict: verdictOf[choice],
      prompt: String(prompt),
    }))
    return { ...summary, person: verdicts ? winRateOf(verdicts) : null }
  })
}

/**
 * The step whose answers the person preferred most often, by the low end of the interval, so that one vote does not outweigh
 * nine of ten; the later of equals; null before any vote was decided.
 * @param steps among which is chosen: those whose checkpoints are there
 */
export function bestByPerson(db: Db, run: string, steps: readonly number[]): number | null {
  const voted = evaluations(db, run).filter(
    ({ step, person }) => steps.includes(step) && person && person.n > 0,
  )
  return (
    voted.reduce<PpoEvaluation | null>(
      (best, each) => (best === null || each.person!.low >= best.person!.low ? each : best),
      null,
    )?.step ?? null
  )
}
