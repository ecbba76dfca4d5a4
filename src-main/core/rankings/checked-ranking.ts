// What a labeler says of a card, checked before it is stored.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { StoredRanking } from '../../../src-shared/contract/preferences-contract.ts'

type Said = Pick<StoredRanking, 'outcome' | 'ranks'>

/** Ranks without gaps: 1, 3, 3 is 1, 2, 2. Where nothing was ranked, none. @throws LabError `bad-input` */
export function checkedRanks({ outcome, ranks }: Said, responses: number): (number | null)[] {
  if (ranks.length !== responses)
    throw new LabError({
      code: 'bad-input',
      what: `${ranks.length} ranks are given for ${responses} answers`,
      where: 'ranks',
      expected: String(responses),
      got: String(ranks.length),
      fix: 'load the card anew; nothing was stored',
    })
  if (outcome !== 'ranked') return ranks.map(() => null)
  const given = ranks.filter(rank => rank !== null)
  if (given.length < 2)
    throw new LabError({
      code: 'bad-input',
      what: 'an order needs at least two ranked answers',
      where: 'ranks',
      got: String(given.length),
      fix: 'rank another one, or skip the prompt',
    })
  const levels = [...new Set(given)].sort((a, b) => a - b)
  return ranks.map(rank => (rank === null ? null : levels.indexOf(rank) + 1))
}

/** @throws LabError `bad-input` for a pair of responses that are not there */
export function requirePairs(pairs: StoredRanking['pairs'], responses: number): void {
  if (!pairs?.flat().some(i => i >= responses)) return
  throw new LabError({
    code: 'bad-input',
    what: 'a pair names an answer that is not there',
    where: 'pairs',
    expected: `answers below ${responses}`,
    got: JSON.stringify(pairs),
    fix: 'mend the label anew',
  })
}

/** Two windows of one labeler: what the other one said is not overwritten unseen. The same twice is no quarrel. @throws LabError `conflict` */
export function refuseStale(
  stands: string | null | undefined,
  { pass, outcome, ranks }: Said & Pick<StoredRanking, 'pass'>,
  own: readonly StoredRanking[],
): void {
  if (stands === undefined) return
  const there = own.find(each => each.pass === pass)
  if ((there?.createdAt ?? null) === stands) return
  if (there?.outcome === outcome && there.ranks.every((rank, i) => rank === ranks[i])) return
  throw new LabError({
    code: 'conflict',
    what: there
      ? 'this prompt was ranked meanwhile in another window'
      : 'the ranking of this prompt was taken back meanwhile in another window',
    fix: 'yours was not stored; mend that label, or take it back and rank anew',
  })
}
