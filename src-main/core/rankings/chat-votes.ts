// The chat's votes as a set of preferences: always there, read where the chat keeps them. What one vote says of a prompt is
// one prompt here, with all answers that were compared.
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import type { PreferenceResponse } from '../../../src-shared/contract/preferences-contract.ts'
import { LABELER, ownName } from '../../../src-shared/preferences/labeler-name.ts'
import {
  addTally,
  contradictionsOf,
  emptyTally,
  promptTally,
  type SetTally,
} from '../../../src-shared/preferences/set-tally.ts'
import type { Db } from '../database/open.ts'
import { type KeptComparison, keptComparisons } from '../database/queries/comparisons.ts'
import type { StoredPrompt } from '../database/queries/preference-prompts.ts'
import type { StoredSet } from '../database/queries/preference-sets.ts'
import { getSetting } from '../database/queries/settings.ts'
import { promptKey } from './prompt-key.ts'

export const CHAT_SET = 'chat'

/** The set, whose prompts are `chatPrompts`. */
export function chatSet(db: Db): StoredSet {
  const [oldest] = keptComparisons(db)
  return {
    id: CHAT_SET,
    name: 'Votes in the Chat',
    kind: 'chat',
    createdAt: oldest?.createdAt ?? new Date(0).toISOString(),
    removedAt: null,
    bench: null,
    duplicates: 0,
    rejected: 0,
    files: [],
    notes: [],
    nextNumber: 0,
  }
}

/** Oldest first. A prompt's number is that of its first comparison, which a vote that is changed gives anew. */
export function chatPrompts(db: Db): StoredPrompt[] {
  const labeler = ownName(getSetting(db, LABELER))
  return [...votes(keptComparisons(db))].flatMap(vote => votedPrompt(vote, labeler))
}

const winnerOf = ({ a, b, outcome }: KeptComparison): string | null =>
  outcome === 'a' ? a : outcome === 'b' ? b : null

/** Whether a comparison was written by the same vote as those before it, which share their prompt. */
function isOfVote(vote: readonly KeptComparison[], next: KeptComparison): boolean {
  const last = vote.at(-1)!
  if (next.turn !== last.turn || next.prompt !== last.prompt || next.id !== last.id + 1) return false
  if (next.turn !== null) return true
  // Nothing else says where a vote ends whose turn is gone: one vote has one best answer, or none.
  const winner = winnerOf(next)
  if (winner !== null) return winner === winnerOf(last)
  return next.outcome === last.outcome && vote.some(({ a, b }) => [a, b].includes(next.a))
}

function* votes(comparisons: readonly KeptComparison[]): Generator<KeptComparison[]> {
  let vote: KeptComparison[] = []
  for (const comparison of comparisons) {
    if (vote.length > 0 && !isOfVote(vote, comparison)) {
      yield vote
      vote = []
    }
    vote.push(comparison)
  }
  if (vote.length > 0) yield vote
}

/** None where all answers are the same: there was nothing to choose between. */
function votedPrompt(vote: readonly KeptComparison[], labeler: string): StoredPrompt[] {
  const responses = new Map<string, PreferenceResponse>()
  const put = (text: string, stopped: KeptComparison['aStopped']) => {
    if (!responses.has(text))
      responses.set(text, {
        text,
        stopped: stopped === null || stopped === 'end',
        origin: 'model',
        copies: 1,
      })
  }
  for (const { a, aStopped, b, bStopped } of vote) {
    put(a, aStopped)
    put(b, bStopped)
  }
  if (responses.size < 2) return []
  const { id, createdAt, prompt, outcome } = vote[0]!
  const messages = JSON.parse(prompt) as ChatMessage[]
  const best = winnerOf(vote[0]!)
  const isBad = outcome === 'both-bad'
  const rankOf = (text: string) => (isBad ? null : best === null || text === best ? 1 : 2)
  return [
    {
      number: id,
      key: promptKey(messages),
      isSampled: true,
      messages,
      responses: [...responses.values()],
      rankings: [
        {
          labeler,
          pass: 0,
          outcome: isBad ? 'all-bad' : 'ranked',
          ranks: [...responses.keys()].map(rankOf),
          pairs: null,
          seconds: null,
          createdAt,
        },
      ],
      task: null,
      source: null,
    },
  ]
}

/** What the votes say together. */
export function chatTally(prompts: readonly StoredPrompt[]): SetTally {
  const tally = emptyTally()
  for (const { rankings } of prompts) addTally(tally, promptTally(true, rankings))
  for (const same of Map.groupBy(prompts, ({ key }) => key).values())
    tally.contradictions += contradictionsOf(same)
  return tally
}
