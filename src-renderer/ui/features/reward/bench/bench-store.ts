// The bench at work: the card on it, the order being made, and what the core knows of this labeler. Everything that was
// entered is the core's; leaving in the middle of a card keeps its order here for when it is opened again.
import { create } from 'zustand'
import type { LabErrorFacts } from '../../../../../src-shared/contract/errors.ts'
import { toFacts } from '../../../../../src-shared/contract/errors.ts'
import type {
  BenchCard,
  BenchState,
  StoredRanking,
} from '../../../../../src-shared/contract/preferences-contract.ts'
import type { BenchAsk } from '../../../app-state.ts'
import { useApp } from '../../../app-state.ts'
import { toastError, toastUndo } from '../../../components/toast.tsx'
import { call } from '../../../lab.ts'
import { emptyOrder, isComplete, type OrderDraft, orderOf, ranksOf, unplaced } from './order-draft.ts'

type Outcome = StoredRanking['outcome']

interface Bench {
  /** What it was opened for; null = it is closed. */
  readonly ask: BenchAsk | null
  readonly labeler: string
  /** null until the core has answered. */
  readonly state: BenchState | null
  readonly card: BenchCard | null
  readonly draft: OrderDraft
  /** Of `performance.now()`. */
  readonly shownAt: number
  /** A ranking or an undo is on its way. */
  readonly busy: boolean
  readonly error: LabErrorFacts | null
  /** Why the last key did nothing, for the foot of the screen. */
  readonly hint: string | null
}
const closed: Bench = {
  ask: null,
  labeler: '',
  state: null,
  card: null,
  draft: emptyOrder,
  shownAt: 0,
  busy: false,
  error: null,
  hint: null,
}
export const useBench = create<Bench>(() => closed)
const { getState, setState } = useBench

/** Orders of cards that were left before Enter. */
const left = new Map<string, OrderDraft>()
const keyOf = (card: Pick<BenchCard, 'set' | 'number' | 'pass'>, labeler: string): string =>
  JSON.stringify([card.set, card.number, card.pass, labeler])

/** Something changed while an answer was on its way: ask again when it is there. */
let missed = false

/** Counts questions, so that a late answer never takes the place of a newer one. */
let asked = 0

const said = ({ ranking, order }: BenchCard): OrderDraft =>
  ranking?.outcome === 'ranked' ? orderOf(ranking.ranks, order) : emptyOrder

const shown = (card: BenchCard | null, labeler: string): Partial<Bench> => ({
  card,
  draft: card ? (left.get(keyOf(card, labeler)) ?? said(card)) : emptyOrder,
  shownAt: performance.now(),
  hint: null,
})

/** Opens the bench, or shows what it was opened for to another labeler. */
export async function openFor(ask: BenchAsk, labeler: string): Promise<void> {
  const mine = ++asked
  setState({ ...closed, ask, labeler, busy: true })
  try {
    const state = await call('ranking.state', { set: ask.set, labeler })
    const card =
      ask.card === null ? state.card : await call('ranking.card', { set: ask.set, number: ask.card, labeler })
    if (mine === asked) settle({ state, ...shown(card, labeler) })
  } catch (error) {
    if (mine === asked) settle({ error: toFacts(error) })
  }
}

/** What was on its way is there. */
function settle(change: Partial<Bench>): void {
  setState({ ...change, busy: false })
  if (missed) void refresh()
}

/** Keeps what is on the bench for the next time. */
export function leave(): void {
  asked++
  setState(closed)
}

/** Asks the core where this labeler stands; a card that is being ranked stays. */
export async function refresh(): Promise<void> {
  const { ask, labeler, busy } = getState()
  missed = ask !== null && busy
  if (!ask || busy) return
  const mine = ++asked
  try {
    const state = await call('ranking.state', { set: ask.set, labeler })
    if (mine !== asked) return
    const waiting = getState().card === null && ask.card === null
    setState({ state, error: null, ...(waiting ? shown(state.card, labeler) : {}) })
  } catch (error) {
    if (mine === asked) setState({ error: toFacts(error) })
  }
}

export function changeDraft(change: (draft: OrderDraft, count: number) => OrderDraft): void {
  const { card, draft, busy, labeler } = getState()
  if (!card || busy) return
  const next = change(draft, card.order.length)
  left.set(keyOf(card, labeler), next)
  setState({ draft: next, hint: null })
}

/** Why Enter cannot go on yet; null = it can. */
export function enterObstacle(draft: OrderDraft, count: number): string | null {
  if (isComplete(draft, count) && draft.placed.length > 0) return null
  const open = unplaced(draft, count).length
  return open === count
    ? 'Rank the answers first: press their numbers from best to worst, or S to skip.'
    : `${open} answers have no rank yet: press the number of the next best.`
}

/** Enter, S and B: the card is judged, and the next one comes. */
export async function judge(outcome: Outcome): Promise<void> {
  const { ask, card, draft, busy, labeler, shownAt } = getState()
  if (!ask || !card || busy) return
  if (outcome === 'ranked') {
    const hint = enterObstacle(draft, card.order.length)
    if (hint) return setState({ hint })
  }
  const mine = ++asked
  const { set, number, pass } = card
  setState({ busy: true, error: null, hint: null })
  try {
    const state = await call('ranking.rank', {
      set,
      number,
      pass,
      labeler,
      outcome,
      ranks: outcome === 'ranked' ? ranksOf(draft, card.order)! : card.order.map(() => null),
      seconds: (performance.now() - shownAt) / 1000,
    })
    left.delete(keyOf(card, labeler))
    if (ask.card !== null) mended(card, labeler)
    if (mine !== asked) return
    if (ask.card !== null) useApp.getState().closeBench()
    else settle({ state, ...shown(state.card, labeler) })
  } catch (error) {
    if (mine === asked) settle({ error: toFacts(error) })
    else toastError(error)
  }
}

/** Says that a label was changed; taking it back puts in its place what was said before. */
function mended(card: BenchCard, labeler: string): void {
  const { set, number, pass, ranking } = card
  toastUndo('The label is changed.', () =>
    ranking
      ? call('ranking.rank', { set, number, pass, labeler, ...ranking, seconds: 0 })
      : call('ranking.undo', { set, labeler }),
  )
}

/** U: the last card of this labeler comes back as it was judged. */
export async function undo(): Promise<void> {
  const { ask, state, busy, labeler } = getState()
  if (!ask || busy || ask.card !== null) return
  if (!state?.canUndo) return setState({ hint: 'Nothing to undo: you have ranked nothing in this set yet.' })
  const mine = ++asked
  setState({ busy: true, error: null, hint: null })
  try {
    const before = await call('ranking.undo', { set: ask.set, labeler })
    if (mine === asked) settle({ state: before, ...shown(before.card, labeler) })
  } catch (error) {
    if (mine === asked) settle({ error: toFacts(error) })
  }
}
