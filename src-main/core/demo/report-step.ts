// The last step of a build: some answers of the evaluation are scored by the reward model, and the report is written.
import type { AnswerFilter } from '../../../src-shared/contract/evaluation-contract.ts'
import { useCaseIds } from '../../../src-shared/demonstrations/use-cases.ts'
import { lastCheckpoint } from './run-result.ts'
import type { DemoLab, DemoMade, DemoStep } from './step.ts'

/** Questions that the report shows answers to, by their places among those of a kind. A fact is asked in two phrasings in turn. */
const SHOWN: readonly { readonly filter: AnswerFilter; readonly offset: number }[] = [
  { filter: { set: 'known' }, offset: 0 },
  { filter: { set: 'known' }, offset: 3 },
  { filter: { set: 'unknown' }, offset: 0 },
  { filter: { set: 'unknown' }, offset: 1 },
  ...useCaseIds
    .filter(id => id !== 'open-qa')
    .map(group => ({ filter: { set: 'task' as const, group }, offset: 0 })),
  { filter: { set: 'sum' }, offset: 0 },
]

export const reportStep: DemoStep = {
  name: 'report',
  phase: 'evaluate',
  title: 'Writing the report',
  async work({ build, lab, made, signal, remember }) {
    if (!made.said) remember({ said: await scoredAnswers(lab, made, signal) })
    remember({ report: (await lab.handlers['build.saveReport']({ build })).path })
  },
}

async function scoredAnswers(
  lab: DemoLab,
  { evaluation, rewardRun }: DemoMade,
  signal: AbortSignal,
): Promise<NonNullable<DemoMade['said']>> {
  const judge = (await lastCheckpoint(lab, rewardRun!)).id
  const pages = []
  for (const { filter, offset } of SHOWN)
    pages.push(
      await lab.handlers['evaluation.answers']({
        evaluation: evaluation!,
        filter: { ...filter, temperature: 0 },
        offset,
        limit: 1,
      }),
    )
  const rows = pages.flatMap(({ rows }) => rows)
  const responses = rows.flatMap(({ messages, answers }) =>
    answers.map(({ text, stopped }) => ({ messages, text, stopped })),
  )
  const { lengths, contextLength } = await lab.rewardScores.lengths(judge, responses)
  const fits = (_: unknown, i: number) => lengths[i]! <= contextLength
  const scored = (await lab.rewardScores.score(judge, responses.filter(fits), { signal })).values()
  const scores = responses.map((_, i) => (fits(_, i) ? scored.next().value!.score : null)).values()
  return rows.map(({ messages, answers }) => ({
    prompt: messages.at(-1)!.content,
    answers: answers.map(({ label, text, stopped }) => ({
      label,
      text,
      stopped,
      score: scores.next().value!,
    })),
  }))
}
