// The contract's 'evaluation.*'.
import type { evaluationMethods } from '../../../src-shared/contract/evaluation-contract.ts'
import type { Handlers } from '../../../src-shared/contract/method.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import { starterWorldOf } from '../exhibit/questions.ts'
import { Ballots } from './ballots.ts'
import type { Evaluations } from './evaluations.ts'

export function evaluationHandlers(evaluations: Evaluations): Handlers<typeof evaluationMethods> {
  const ballots = new Ballots(evaluations)
  const done = (act: () => void) => {
    act()
    return {}
  }
  return {
    'evaluation.start': request => evaluations.start(request),
    'evaluation.resume': ({ evaluation }) => ({ job: evaluations.resume(evaluation) }),
    'evaluation.world': ({ checkpoint }) => {
      getCheckpoint(evaluations.db, checkpoint)
      return { seed: starterWorldOf(evaluations.db, checkpoint)?.seed ?? null }
    },
    'evaluation.list': () => evaluations.list(),
    'evaluation.show': ({ evaluation }) => evaluations.show(evaluation),
    'evaluation.answers': ({ evaluation, filter = {}, ...page }) =>
      evaluations.answers(evaluation, filter, page),
    'evaluation.rename': ({ evaluation, name }) => done(() => evaluations.rename(evaluation, name)),
    'evaluation.remove': ({ evaluation }) => done(() => evaluations.remove(evaluation)),
    'evaluation.restore': ({ evaluation }) => done(() => evaluations.restore(evaluation)),
    'evaluation.nextPair': ({ evaluation, labeler }) => ballots.state(evaluation, labeler),
    'evaluation.vote': ({ evaluation, labeler, ...vote }) => ballots.vote(evaluation, labeler, vote),
    'evaluation.undo': ({ evaluation, labeler }) => ballots.undo(evaluation, labeler),
  }
}
