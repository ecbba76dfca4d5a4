// A blind A/B break at work: the pair on screen and how far one is. Every vote is the core's the moment it is given.
import { create } from 'zustand'
import { type LabErrorFacts, toFacts } from '../../../../../src-shared/contract/errors.ts'
import type { BreakPair } from '../../../../../src-shared/contract/ppo-contract.ts'
import { call } from '../../../lab.ts'
import { refetchQuery } from '../../../queries.ts'
import { breakEnd, votesOf } from './standing.ts'

interface BreakAsk {
  readonly run: string
  readonly step: number
}

interface BreakState {
  /** null = no break is on. */
  readonly ask: BreakAsk | null
  /** null = none is left, or none has come yet. */
  readonly pair: BreakPair | null
  /** Votes of this evaluation, earlier breaks included. */
  readonly voted: number
  /** Votes at which this break ends; null until the first pair is there. */
  readonly until: number | null
  readonly over: boolean
  readonly busy: boolean
  readonly error: LabErrorFacts | null
}

const closed: BreakState = {
  ask: null,
  pair: null,
  voted: 0,
  until: null,
  over: false,
  busy: false,
  error: null,
}
export const useBreak = create<BreakState>(() => closed)
const { getState, setState } = useBreak

/** Counts questions, so that a late answer never takes the place of a newer one. */
let asked = 0

/** @param change what is done before the next pair is asked for */
async function bring(change: (ask: BreakAsk) => Promise<unknown>): Promise<void> {
  const { ask } = getState()
  if (ask === null) return
  const mine = ++asked
  setState({ busy: true, error: null })
  try {
    await change(ask)
    const pair = await call('ppo.breakPair', ask)
    // What is told at the end; the next pair does not wait for it.
    void refetchQuery('ppo.evaluations', { run: ask.run })
    const voted = pair?.voted ?? (await votesGiven(ask))
    if (mine !== asked) return
    const until = getState().until ?? (pair ? breakEnd(pair.pairs, pair.voted) : null)
    const over = pair === null || (until !== null && voted >= until)
    setState({ pair: over ? null : pair, voted, until, over, busy: false })
  } catch (error) {
    if (mine === asked) setState({ error: toFacts(error), busy: false })
  }
}

/** Where no pair is left to say it. */
async function votesGiven({ run, step }: BreakAsk): Promise<number> {
  const evaluations = await call('ppo.evaluations', { run })
  const evaluation = evaluations.find(each => each.step === step)
  return evaluation ? votesOf(evaluation) : 0
}

export async function openBreak(run: string, step: number): Promise<void> {
  setState({ ...closed, ask: { run, step } })
  await bring(async () => {})
}

export function leaveBreak(): void {
  asked++
  setState(closed)
}

/** Asks anew which pair is next: after an error. */
export const refreshBreak = (): Promise<void> => bring(async () => {})

/** Ten more of the same evaluation. */
export async function goOn(): Promise<void> {
  setState({ until: null, over: false })
  await refreshBreak()
}

/** What is pressed while an answer is on its way is dropped: it would be about a pair that nobody has seen. */
export async function voteInBreak(choice: 'a' | 'b' | 'tie'): Promise<void> {
  const { pair, busy } = getState()
  if (!pair || busy) return
  await bring(ask => call('ppo.vote', { ...ask, prompt: pair.prompt, choice }))
}

export async function undoInBreak(): Promise<void> {
  const { voted, busy } = getState()
  if (voted === 0 || busy) return
  await bring(ask => call('ppo.undoVote', ask))
}
