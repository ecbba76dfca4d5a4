// A person's votes in a tournament: which two answers come next, without their names, and what becomes of a vote. Each is
// on the disk before the next pair is shown.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { BlindPair, VoteState } from '../../../src-shared/contract/evaluation-contract.ts'
import type { AnswerSheet } from '../../../src-shared/evaluation/answers.ts'
import { aIsLeft, type Ballot, shownBlind, voteOrder } from '../../../src-shared/evaluation/vote-order.ts'
import {
  deleteLatestVote,
  insertVote,
  type StoredVote,
  votedPlaces,
} from '../database/queries/evaluation-votes.ts'
import { requirePersonsName } from '../rankings/persons-name.ts'
import type { Evaluations } from './evaluations.ts'

export interface Vote {
  readonly place: number
  readonly choice: 'left' | 'right' | 'tie' | 'skip'
  readonly seconds?: number | undefined
}

/** What a labeler is asked, in this order. Answers do not change once all are there, so it stays true. */
interface Sitting {
  readonly evaluation: string
  readonly labeler: string
  readonly seed: number
  readonly sheet: AnswerSheet
  readonly order: readonly Ballot[]
}

export class Ballots {
  private readonly evaluations: Evaluations
  private latest: Sitting | null = null

  constructor(evaluations: Evaluations) {
    this.evaluations = evaluations
  }

  /** @throws LabError as 'evaluation.nextPair' says; `bad-input` for a name that is nobody's */
  state(evaluation: string, labeler: string): VoteState {
    const sitting = this.sitting(evaluation, labeler)
    const voted = votedPlaces(this.evaluations.db, evaluation, labeler)
    const place = nextPlace(voted)
    return {
      pair: place < sitting.order.length ? pairAt(sitting, place) : null,
      done: voted.length,
      total: sitting.order.length,
      canUndo: voted.length > 0,
    }
  }

  /** @throws LabError `conflict` for a pair that is not the next: another window voted, or took a vote back */
  vote(evaluation: string, labeler: string, { place, choice, seconds }: Vote): VoteState {
    const sitting = this.sitting(evaluation, labeler)
    const { db } = this.evaluations
    const next = nextPlace(votedPlaces(db, evaluation, labeler))
    if (place !== next || next >= sitting.order.length)
      throw new LabError({
        code: 'conflict',
        what: 'this pair is not the next one any more: you voted on it, or took a vote back, in another window',
        where: 'place',
        expected: next < sitting.order.length ? String(next) : 'no more votes',
        got: String(place),
        fix: 'go on with the pair that is shown now',
      })
    const ballot = sitting.order[place]!
    insertVote(
      db,
      evaluation,
      { ...ballot, labeler, place, choice: unblinded(choice, aIsLeft(sitting.seed, labeler, place)) },
      seconds ?? null,
    )
    this.evaluations.changed(evaluation)
    return this.state(evaluation, labeler)
  }

  /** @throws LabError `conflict` when there is nothing to take back */
  undo(evaluation: string, labeler: string): VoteState {
    this.sitting(evaluation, labeler)
    if (!deleteLatestVote(this.evaluations.db, evaluation, labeler))
      throw new LabError({
        code: 'conflict',
        what: `"${labeler}" has not voted here`,
        fix: 'there is nothing to take back',
      })
    this.evaluations.changed(evaluation)
    return this.state(evaluation, labeler)
  }

  private sitting(evaluation: string, labeler: string): Sitting {
    const known = this.latest
    if (known?.evaluation === evaluation && known.labeler === labeler) return known
    requirePersonsName(labeler)
    const { stored, sheet } = this.evaluations.open(evaluation)
    const { parts, temperatures, seed } = stored.setting
    if (!parts.includes('tournament'))
      throw new LabError({
        code: 'conflict',
        what: `"${stored.name}" has no tournament to vote in`,
        fix: 'start an evaluation of two or more models with one',
      })
    if (stored.answers < stored.planned)
      throw new LabError({
        code: 'conflict',
        what: `${stored.planned - stored.answers} of ${stored.planned} answers are not there yet`,
        fix: 'wait for them, or go on with the evaluation where it was cut off',
      })
    this.latest = { evaluation, labeler, seed, sheet, order: voteOrder(sheet, temperatures, seed, labeler) }
    return this.latest
  }
}

/** The first that was not voted on: the one that was taken back, else the one after the last. */
function nextPlace(voted: readonly number[]): number {
  const seen = new Set(voted)
  let place = 0
  while (seen.has(place)) place++
  return place
}

function pairAt({ sheet, order, seed, labeler }: Sitting, place: number): BlindPair {
  const { question, temperature, a, b } = order[place]!
  const { messages } = sheet.questions.find(({ number }) => number === question)!
  const said = (model: number) => {
    const { text, stopped } = sheet.answer(model, temperature, question)!
    return { text: shownBlind(text), stopped }
  }
  const [left, right] = aIsLeft(seed, labeler, place) ? [said(a), said(b)] : [said(b), said(a)]
  return { place, messages: [...messages], left, right }
}

function unblinded(choice: Vote['choice'], isALeft: boolean): StoredVote['choice'] {
  if (choice === 'tie' || choice === 'skip') return choice
  return (choice === 'left') === isALeft ? 'a' : 'b'
}
