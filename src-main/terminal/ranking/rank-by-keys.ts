// The ranking bench by keys: cards one after another, each ranking kept before the next card is shown.
import type {
  BenchCard,
  BenchState,
  StoredRanking,
} from '../../../src-shared/contract/preferences-contract.ts'
import type { Session } from '../session.ts'
import { cardText, keysHelp, saidText } from './card-text.ts'
import type { Key } from './keys.ts'
import { RankingEntry } from './ranking-entry.ts'

/** What was said and stands, and how often something was taken back. */
export interface Ranked {
  ranked: number
  skipped: number
  allBad: number
  undone: number
}

/** What is shown, and what is being typed. */
export interface RankingScreen {
  show(text: string): void
  /** The line that is typed in; redrawn with every key. */
  entry(text: string): void
}

type Said = Pick<StoredRanking, 'outcome' | 'ranks'>

/** Goes from card to card until all are ranked, q is pressed or the keys end. @returns what was said, and where it stands */
export async function rankByKeys(
  session: Pick<Session, 'call'>,
  { set, labeler, state: first }: { set: string; labeler: string; state: BenchState },
  keys: AsyncIterable<Key>,
  screen: RankingScreen,
): Promise<{ counts: Ranked; state: BenchState }> {
  /** By card. */
  const said = new Map<string, Said['outcome']>()
  let undone = 0
  let state = first
  let entry = new RankingEntry(0)
  let since = performance.now()
  const deal = () => {
    since = performance.now()
    if (!state.card) return
    entry = new RankingEntry(state.card.order.length)
    screen.show(cardText(state.card, state, labeler))
    screen.entry('')
  }
  /** By the places of the card, as it is shown. */
  const say = async (card: BenchCard, outcome: Said['outcome'], places: Said['ranks'] | null) => {
    const ranks: (number | null)[] = card.responses.map(() => null)
    if (places) for (const [place, index] of card.order.entries()) ranks[index] = places[place]!
    const seconds = (performance.now() - since) / 1000
    const { number, pass } = card
    state = await session.call('ranking.rank', { set, labeler, number, pass, outcome, ranks, seconds })
    said.set(nameOf(card), outcome)
    screen.show(`${saidText(card, { outcome, ranks })}\n`)
    deal()
  }
  const hint = (text: string | null) => {
    if (text !== null) screen.show(text)
    screen.entry(entry.toString())
  }
  const undo = async () => {
    if (!state.canUndo) return hint('there is nothing to take back')
    state = await session.call('ranking.undo', { set, labeler })
    undone++
    if (state.card) said.delete(nameOf(state.card))
    screen.show('Taken back.\n')
    deal()
  }
  const enter = async (card: BenchCard) => {
    if (entry.isEmpty && card.ranking) {
      const { outcome, ranks } = card.ranking
      return say(card, outcome, outcome === 'ranked' ? card.order.map(index => ranks[index]!) : null)
    }
    const typed = entry.end()
    return 'hint' in typed ? hint(typed.hint) : say(card, typed.outcome, [...typed.ranks])
  }
  deal()
  if (!state.card) return { counts: countsOf(said, undone), state }
  for await (const key of keys) {
    const { card } = state
    if (!card || key === 'quit') break
    if (key === 'enter') await enter(card)
    else if (key === 'back') {
      entry.back()
      hint(null)
    } else if (key.char === 'q') break
    else if (key.char === 's') await say(card, 'skipped', null)
    else if (key.char === 'b') await say(card, 'all-bad', null)
    else if (key.char === 'u') await undo()
    else if (key.char === '=') hint(entry.tie())
    else if (/^[0-9]$/.test(key.char)) hint(entry.add(Number(key.char)))
    else if (key.char.trim() !== '') hint(keysHelp(card.order.length))
    if (!state.card) break
  }
  screen.entry('')
  return { counts: countsOf(said, undone), state }
}

const nameOf = ({ number, pass }: BenchCard): string => `${number}/${pass}`

function countsOf(said: ReadonlyMap<string, Said['outcome']>, undone: number): Ranked {
  const count = (outcome: Said['outcome']) => [...said.values()].filter(one => one === outcome).length
  return { ranked: count('ranked'), skipped: count('skipped'), allBad: count('all-bad'), undone }
}
