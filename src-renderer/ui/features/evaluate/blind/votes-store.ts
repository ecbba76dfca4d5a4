// The blind tournament at work: the pair on screen and how far one is. Every vote is the core's the moment it is given.
import { create } from 'zustand'
import type { LabErrorFacts } from '../../../../../src-shared/contract/errors.ts'
import { toFacts } from '../../../../../src-shared/contract/errors.ts'
import type { VoteState } from '../../../../../src-shared/contract/evaluation-contract.ts'
import type { VoteChoice } from '../../../components/blind/vote-keys.ts'
import { call } from '../../../lab.ts'

interface Votes {
  /** null = the tournament is closed. */
  readonly evaluation: string | null
  readonly labeler: string
  /** null until the core has answered. */
  readonly state: VoteState | null
  /** Of `performance.now()`. */
  readonly shownAt: number
  readonly busy: boolean
  readonly error: LabErrorFacts | null
  /** Why another pair is shown than the one that was voted on; null = it is not so. */
  readonly notice: string | null
}
const closed: Votes = {
  evaluation: null,
  labeler: '',
  state: null,
  shownAt: 0,
  busy: false,
  error: null,
  notice: null,
}
export const useVotes = create<Votes>(() => closed)
const { getState, setState } = useVotes

/** Counts questions, so that a late answer never takes the place of a newer one. */
let asked = 0

const ELSEWHERE =
  'Your vote was not counted: you voted on that pair, or took a vote back, in another window. This is the pair that comes now.'

/** Asks the core, and shows the pair that it answers with. */
async function bring(question: () => Promise<VoteState>): Promise<void> {
  const mine = ++asked
  setState({ busy: true, error: null, notice: null })
  try {
    const state = await question()
    if (mine === asked) setState({ state, shownAt: performance.now(), busy: false })
  } catch (error) {
    if (mine === asked) setState({ error: toFacts(error), busy: false })
  }
}

/** Opens it where this labeler left it. */
export async function openTournament(evaluation: string, labeler: string): Promise<void> {
  setState({ ...closed, evaluation, labeler })
  await refreshPair()
}

export function leaveTournament(): void {
  asked++
  setState(closed)
}

/** Asks anew which pair is next: after an error, or when the connection is back. */
export async function refreshPair(): Promise<void> {
  const { evaluation, labeler } = getState()
  if (evaluation !== null) await bring(() => call('evaluation.nextPair', { evaluation, labeler }))
}

/** What is pressed while an answer is on its way is dropped: it would be about a pair that nobody has seen. */
export async function castVote(choice: VoteChoice): Promise<void> {
  const { evaluation, labeler, state, busy, shownAt } = getState()
  if (evaluation === null || !state?.pair || busy) return
  const { place } = state.pair
  const seconds = (performance.now() - shownAt) / 1000
  await bring(() => call('evaluation.vote', { evaluation, labeler, place, choice, seconds }))
  // Another window was quicker: the pair here is over, and every further key would say so again.
  if (getState().evaluation !== evaluation || getState().error?.code !== 'conflict') return
  await refreshPair()
  const now = getState()
  if (now.evaluation === evaluation && now.error === null && now.state?.pair) setState({ notice: ELSEWHERE })
}

export async function undoVote(): Promise<void> {
  const { evaluation, labeler, state, busy } = getState()
  if (evaluation === null || !state?.canUndo || busy) return
  await bring(() => call('evaluation.undo', { evaluation, labeler }))
}
