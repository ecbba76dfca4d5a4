// What a comparison is, whatever file it comes from; and when two are the same.
import { hash } from 'node:crypto'
import * as v from 'valibot'
import { labeler, type PreferenceResponse } from '../../../../src-shared/contract/preferences-contract.ts'
import { isSimulatedName } from '../../../../src-shared/preferences/labeler-name.ts'
import type { NewRanking } from '../../database/queries/rankings.ts'
import { MAX_MESSAGE_CHARACTERS, type Reading, textFault } from '../../demonstrations/conversation.ts'
import { shortName } from '../../demonstrations/formats/format.ts'
import { checkedPrompt } from '../checked-prompt.ts'
import type { Comparison } from './formats/format.ts'

const MAX_RESPONSES = 9
const MAX_RANK = 9
/** Of one prompt: more are no rankings of people. */
const MAX_RANKINGS = 1000

/** The comparison, byte by byte as it was given, without an empty system message; or why it cannot be learnt from. */
export function checkedComparison(given: Comparison): Reading<Comparison> {
  const prompt = checkedPrompt(given.messages)
  if ('rejected' in prompt) return prompt
  const fault = responsesFault(given.responses)
  if (fault !== null) return { rejected: fault }
  if (given.rankings.length > MAX_RANKINGS)
    return { rejected: `there are ${given.rankings.length} rankings, more than ${MAX_RANKINGS}` }
  const rankings: NewRanking[] = []
  const said = new Set<string>()
  for (const [i, ranking] of given.rankings.entries()) {
    const checked = checkedRanking(ranking, given.responses.length)
    if ('rejected' in checked) return { rejected: `ranking ${i + 1} ${checked.rejected}` }
    const who = JSON.stringify([checked.labeler, checked.pass])
    if (said.has(who))
      return { rejected: `ranking ${i + 1} is of a labeler who has ranked this already in the same pass` }
    said.add(who)
    rankings.push(checked)
  }
  return { ...given, messages: prompt.messages, rankings }
}

function responsesFault(responses: readonly PreferenceResponse[]): string | null {
  if (responses.length < 2)
    return `there ${responses.length === 1 ? 'is one response' : 'are no responses'}: there is nothing to choose between`
  if (responses.length > MAX_RESPONSES)
    return `there are ${responses.length} responses, more than ${MAX_RESPONSES}`
  const seen = new Map<string, number>()
  for (const [i, response] of responses.entries()) {
    const fault = responseFault(response)
    if (fault !== null) return `response ${i + 1} ${fault}`
    const same = JSON.stringify([response.text, response.stopped])
    const before = seen.get(same)
    if (before !== undefined)
      return `responses ${before + 1} and ${i + 1} are the same: there is nothing to choose between them`
    seen.set(same, i)
  }
  return null
}

/** A model may have said nothing, and any byte: its answers are ranked as they are. */
function responseFault({ text, origin }: PreferenceResponse): string | null {
  if (origin !== 'model') return textFault(text)
  return text.length <= MAX_MESSAGE_CHARACTERS && text.isWellFormed() ? null : textFault(text)
}

function checkedRanking(ranking: NewRanking, responses: number): Reading<NewRanking> {
  const { pass, ranks, pairs } = ranking
  const named = v.safeParse(labeler, ranking.labeler)
  if (!named.success)
    return { rejected: `is by "${shortName(ranking.labeler)}": a labeler has a name of 1 to 120 characters` }
  if (!ranking.simulation && isSimulatedName(named.output))
    return {
      rejected: `is by "${shortName(named.output)}": only simulated labelers, of which "simulation" says by what they label, have names that begin with "simulated"`,
    }
  if (pass > 1) return { rejected: `is of pass ${pass}: a prompt comes back once, in pass 1` }
  if (ranks.length !== responses) return { rejected: `has ${ranks.length} ranks for ${responses} responses` }
  const odd = ranks.find(rank => rank !== null && (!Number.isInteger(rank) || rank < 1 || rank > MAX_RANK))
  if (odd !== undefined) return { rejected: `has the rank ${odd}: ranks are 1 to ${MAX_RANK}, or null` }
  const fault = pairs && pairsFault(pairs, responses)
  return fault ? { rejected: fault } : { ...ranking, labeler: named.output }
}

function pairsFault(pairs: readonly (readonly [number, number])[], responses: number): string | null {
  const seen = new Set<number>()
  for (const [winner, loser] of pairs) {
    if (winner === loser || winner >= responses || loser >= responses)
      return `has the pair [${winner}, ${loser}]: pairs are of two of the ${responses} responses, counted from 0`
    const two = Math.min(winner, loser) * responses + Math.max(winner, loser)
    if (seen.has(two)) return `judges the responses ${winner} and ${loser} twice`
    seen.add(two)
  }
  return null
}

/** What tells comparisons apart, as hexadecimal digests. */
export interface Sameness {
  /** Of the prompt and the texts of its responses, whatever their order. */
  readonly same: string
  /** Of each ranking: by whom, of what, in which pass; and the same with what it says. */
  readonly rankings: readonly { readonly who: string; readonly what: string }[]
}

const digest = (...parts: unknown[]): string => hash('sha256', JSON.stringify(parts)).slice(0, 32)

/** @param key `promptKey` of the messages */
export function sameness(
  key: string,
  responses: readonly PreferenceResponse[],
  rankings: readonly NewRanking[],
): Sameness {
  const order = responses.map((_, i) => i).sort((a, b) => byText(responses[a]!, responses[b]!))
  const same = digest(key, ...order.map(i => responses[i]!.text))
  return {
    same,
    rankings: rankings.map(ranking => {
      const who = digest(same, ranking.labeler, ranking.pass)
      return { who, what: digest(who, saidInOrder(ranking, order)) }
    }),
  }
}

/** Prompts with the same responses of which one labeler says different things stand side by side: the n-th of them, from 0. */
export const nthOf = (same: string, n: number): string => (n === 0 ? same : digest(same, n))

function byText(a: PreferenceResponse, b: PreferenceResponse): number {
  if (a.text !== b.text) return a.text < b.text ? -1 : 1
  return Number(a.stopped) - Number(b.stopped)
}

/** What a ranking says of responses in this order: 1, 3 is what 1, 2 is. */
function saidInOrder({ outcome, ranks, pairs }: NewRanking, order: readonly number[]): unknown {
  if (outcome !== 'ranked') return outcome
  const levels = [...new Set(ranks.filter(rank => rank !== null))].sort((a, b) => a - b)
  const place = order.map((_, i) => order.indexOf(i))
  return [
    order.map(i => (ranks[i] === null ? null : levels.indexOf(ranks[i]!))),
    pairs
      ?.map(([winner, loser]) => [place[winner]!, place[loser]!])
      .sort(([a, b], [c, d]) => a! - c! || b! - d!) ?? null,
  ]
}

/**
 * A ranking of some responses as one of the same texts in another order.
 * @param from the responses that it ranks  @param to the same texts
 */
export function reordered(
  ranking: NewRanking,
  from: readonly PreferenceResponse[],
  to: readonly PreferenceResponse[],
): NewRanking {
  const free = new Set(to.keys())
  const take = (fits: (candidate: PreferenceResponse) => boolean): number | undefined => {
    const found = [...free].find(i => fits(to[i]!))
    if (found !== undefined) free.delete(found)
    return found
  }
  const exact = from.map(({ text, stopped }) => take(to => to.text === text && to.stopped === stopped))
  const places = from.map(({ text }, i) => exact[i] ?? take(to => to.text === text)!)
  const ranks: (number | null)[] = to.map(() => null)
  for (const [i, place] of places.entries()) ranks[place] = ranking.ranks[i]!
  const pairs =
    ranking.pairs?.map(([winner, loser]): [number, number] => [places[winner]!, places[loser]!]) ?? null
  return { ...ranking, ranks, pairs }
}
