// Which evaluations there are, and which of them somebody names.
import type { Output } from '../command.ts'
import { findNamed } from '../find.ts'
import type { Session } from '../session.ts'
import { table } from '../text.ts'

/** Newest first. */
export async function evaluationList(session: Session): Promise<Output> {
  const evaluations = await session.call('evaluation.list', {})
  return {
    json: { evaluations },
    text: table(
      ['evaluation', 'name', 'begun', 'models', 'answers', 'votes'],
      evaluations.map(({ evaluation, name, createdAt, models, answers, answersPlanned, votes }) => [
        evaluation,
        name,
        createdAt.slice(0, 16).replace('T', ' '),
        models.map(({ label }) => label).join(', '),
        answers === answersPlanned
          ? answers.toLocaleString('en-US')
          : `${answers.toLocaleString('en-US')} of ${answersPlanned.toLocaleString('en-US')}`,
        votes,
      ]),
      'Nothing was evaluated yet. Start with: andromeda evaluate',
    ),
  }
}

/** Its id. @param given id or name @throws LabError `not-found`; `bad-input` when several have the name */
export async function findEvaluation(session: Session, given: string): Promise<string> {
  const all = await session.call('evaluation.list', {})
  const named = all.map(({ evaluation, name }) => ({ id: evaluation, name }))
  return findNamed(given, named, 'evaluation', 'evaluate --list').id
}
