// The bench at work: the card on it, the order being made, and what the core knows of this labeler. Everything that was
// entered is the core's; leaving in the middle of a card keeps its order here for when it is opened again.
import { create } from 'zustand'
import type { LabErrorFacts } from '../../../../../src-shared/contract/errors.ts'
import { sentence, toFacts } from '../../../../../src-shared/contract/errors.ts'
import type {
  BenchCard,
  BenchState,
  StoredRanking,
} from '../../../../../src-shared/contract/preferences-contract.ts'
import type { BenchAsk } from '../../../app-state.ts'
import { useApp } from '../../../app-state.ts'
import { visible } from '../../../components/plain-text.tsx'
import { toast, toastError, toastUndo } from '../../../components/toast.tsx'
import { call } from '../../../lab.ts'
import { emptyOrder, isComplete, type OrderDraft, orderOf, press, ranksOf, unplaced } from './order-draft.ts'

type Outcome = StoredRanking['outcome']

interface Bench {
  /** What it was opened for; null = it is closed. */
  readonly ask: BenchAsk | null
  /** Under whose name rankings are kept. */
  readonly labeler: string
  /** Whose label is shown to be mended: the same but where a simulated labeler ranked. */
  readonly whose: string
  /** null until the core has answered. */
  readonly state: BenchState | null
  readonly card: BenchCard | null
  readonly draft: OrderDraft
  /** The order on screen is the one that was said before, and nobody has touched it. */
  readonly asSaid: boolean
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
  whose: '',
  state: null,
  card: null,
  draft: emptyOrder,
  asSaid: false,
  shownAt: 0,
  busy: false,
  error: null,
  hint: null,
}
export const useBench = create<Bench>(() => closed)
const { getState, setState } = useBench

/** Orders of cards that were left before Enter. */
const left = new Map<string, OrderDraft>()
const keyOf = (
  card: Pick<BenchCard, 'set' | 'number' | 'pass'>,
  { labeler, whose }: Pick<Bench, 'labeler' | 'whose'>,
): string => JSON.stringify([card.set, card.number, card.pass, labeler, whose])

/** Something changed while an answer was on its way: ask again when it is there. */
let missed = false

/** Counts questions, so that a late answer never takes the place of a newer one. */
let asked = 0

const said = ({ ranking, order }: BenchCard): OrderDraft =>
  ranking?.outcome === 'ranked' ? orderOf(ranking.ranks, order) : emptyOrder

function shown(card: BenchCard | null, who: Pick<Bench, 'labeler' | 'whose'>): Partial<Bench> {
  const unfinished = card ? left.get(keyOf(card, who)) : undefined
  return {
    card,
    draft: unfinished ?? (card ? said(card) : emptyOrder),
    asSaid: card?.ranking?.outcome === 'ranked' && !unfinished,
    shownAt: performance.now(),
    hint: null,
  }
}

/** What is to be on the bench now. */
async function present(ask: BenchAsk, who: Pick<Bench, 'labeler' | 'whose'>): Promise<Partial<Bench>> {
  const { labeler, whose: from } = who
  const state = await call('ranking.state', { set: ask.set, labeler })
  const card =
    ask.card === null
      ? state.card
      : await call('ranking.card', { set: ask.set, number: ask.card, labeler, from })
  return { state, ...shown(card, who) }
}

/**
 * Opens the bench, or shows what it was opened for to another labeler.
 * @param whose label is shown to be mended
 */
export async function openFor(ask: BenchAsk, labeler: string, whose = labeler): Promise<void> {
  const mine = ++asked
  setState({ ...closed, ask, labeler, whose, busy: true })
  try {
    const now = await present(ask, { labeler, whose })
    if (mine === asked) settle(now)
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
  const { ask, labeler, whose, busy } = getState()
  missed = ask !== null && busy
  if (!ask || busy) return
  const mine = ++asked
  try {
    const now = getState().card
      ? { state: await call('ranking.state', { set: ask.set, labeler }) }
      : await present(ask, { labeler, whose })
    if (mine === asked) setState({ ...now, error: null })
  } catch (error) {
    if (mine === asked) setState({ error: toFacts(error) })
  }
}

export function changeDraft(change: (draft: OrderDraft, count: number) => OrderDraft): void {
  const { card, draft, busy, labeler, whose } = getState()
  if (!card || busy) return
  const next = change(draft, card.order.length)
  left.set(keyOf(card, { labeler, whose }), next)
  setState({ draft: next, asSaid: false, hint: null })
}

/** A number, or a click: the answer takes the next rank. Of a label to be mended the first one begins a new order. */
export function rankNext(place: number, tied: boolean): void {
  const { ask, asSaid } = getState()
  const anew = ask !== null && ask.card !== null && asSaid && !tied
  changeDraft((now, count) => press(anew ? emptyOrder : now, place, count, tied))
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
  const { ask, card, draft, busy, labeler, whose, shownAt } = getState()
  if (!ask || !card || busy) return
  if (outcome === 'ranked') {
    const hint = enterObstacle(draft, card.order.length)
    if (hint) return setState({ hint })
  }
  const ranks = outcome === 'ranked' ? ranksOf(draft, card.order)! : card.order.map(() => null)
  if (ask.card !== null && saysTheSame(card, outcome, ranks)) {
    left.delete(keyOf(card, { labeler, whose }))
    toast('info', 'The label stays as it was: this is what it says already.')
    return useApp.getState().closeBench()
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
      ranks,
      seconds: (performance.now() - shownAt) / 1000,
      stands: card.stands?.createdAt ?? null,
    })
    left.delete(keyOf(card, { labeler, whose }))
    if (ask.card !== null) mended(card, { labeler, whose })
    if (mine !== asked) return
    if (ask.card !== null) useApp.getState().closeBench()
    else settle({ state, ...shown(state.card, { labeler, whose }) })
  } catch (error) {
    const facts = toFacts(error)
    if (mine !== asked) toastError(error)
    else if (facts.code === 'conflict') await showPresent(facts)
    else settle({ error: facts })
  }
}

/** Whether that is what the label says already. */
export const saysTheSame = (
  { ranking }: Pick<BenchCard, 'ranking'>,
  outcome: Outcome,
  ranks: readonly (number | null)[],
): boolean =>
  ranking?.outcome === outcome &&
  (outcome !== 'ranked' || ranks.every((rank, i) => rank === ranking.ranks[i]))

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** Something else stands there than what was on screen: shows that, and says why nothing was stored. */
async function showPresent(why: LabErrorFacts): Promise<void> {
  const { ask, card, labeler, whose } = getState()
  if (!ask) return
  const mine = asked
  if (card) left.delete(keyOf(card, { labeler, whose }))
  try {
    const now = await present(ask, { labeler, whose })
    if (mine === asked) settle({ ...now, hint: capital(sentence(why)) })
  } catch (error) {
    if (mine === asked) settle({ error: toFacts(error) })
  }
}

/** Says that a label was changed, and under whose name; taking it back puts in its place what stood there before, whole. */
function mended(card: BenchCard, { labeler, whose }: Pick<Bench, 'labeler' | 'whose'>): void {
  const { set, number, pass, stands: ranking } = card
  toastUndo(
    labeler === whose
      ? 'The label is changed.'
      : `The label is changed: your ranking is kept as ${visible(labeler)}, and counts instead of the simulated one.`,
    () => call('ranking.putBack', { set, number, pass, labeler, ranking }),
  )
}

/** U: the last card of this labeler comes back as it was judged. */
export async function undo(): Promise<void> {
  const { ask, state, busy, labeler, whose } = getState()
  if (!ask || busy || ask.card !== null) return
  if (!state?.canUndo) return setState({ hint: 'Nothing to undo: you have ranked nothing in this set yet.' })
  const mine = ++asked
  setState({ busy: true, error: null, hint: null })
  try {
    const before = await call('ranking.undo', { set: ask.set, labeler })
    if (mine === asked) settle({ state: before, ...shown(before.card, { labeler, whose }) })
  } catch (error) {
    if (mine === asked) settle({ error: toFacts(error) })
  }
}
