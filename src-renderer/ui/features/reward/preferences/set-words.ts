// What the lists say of a set of preferences: where it comes from, how far it is, who ranked it, what comes next.
import type {
  PreferencePrompt,
  PreferenceSet,
  StoredRanking,
} from '../../../../../src-shared/contract/preferences-contract.ts'
import { visible } from '../../../components/plain-text.tsx'
import { formatCount, formatCounted, formatPercent } from '../../../format.ts'

export const kindWords = { bench: 'bench', imported: 'imported', chat: 'chat' } as const

/** The newest first; the chat's votes, which are always there, last. */
export const inListOrder = (sets: readonly PreferenceSet[]): PreferenceSet[] =>
  sets
    .filter(set => set.removedAt === null)
    .sort(
      (a, b) =>
        Number(a.kind === 'chat') - Number(b.kind === 'chat') || b.createdAt.localeCompare(a.createdAt),
    )

/** Whether anything in it was ranked by a rule and not by a person. */
export const isSimulated = ({ labelers }: Pick<PreferenceSet, 'labelers'>): boolean =>
  labelers.some(each => each.simulation !== null)

/** The noise that is known, as the accuracy it leaves: what no reward model can exceed. */
export const ceilingOf = (noise: number): number => 1 - noise

/** `me 40, ada 38, simulated (10% noise) 100`. */
export const labelersText = ({ labelers }: Pick<PreferenceSet, 'labelers'>): string =>
  labelers
    .map(({ labeler, rankings, simulation }) => {
      const name = visible(labeler)
      const simulated =
        simulation !== null && !/simulated/i.test(labeler)
          ? ` (simulated, ${formatPercent(simulation.noise)} noise)`
          : ''
      return `${name}${simulated} ${formatCount(rankings)}`
    })
    .join(', ')

/** How far a set is, in one short sentence: `40 of 100 ranked`. */
export function standingOf({ kind, prompts, sampled, ranked, skipped, allBad }: PreferenceSet): string {
  if (prompts === 0) return kind === 'chat' ? 'no votes yet' : 'no prompts'
  const judged = Math.min(prompts, ranked + skipped + allBad)
  if (kind === 'bench' && sampled < prompts)
    return `${formatCount(sampled)} of ${formatCount(prompts)} sampled, ${formatCount(judged)} judged`
  return judged >= prompts ? 'all judged' : `${formatCount(judged)} of ${formatCount(prompts)} judged`
}

/** What can be done next with a set. */
export function nextStep({
  kind,
  prompts,
  sampled,
  ranked,
  skipped,
  allBad,
}: PreferenceSet): 'rank' | 'sample' | null {
  if (kind === 'chat') return null
  if (ranked + skipped + allBad < sampled) return 'rank'
  return kind === 'bench' && sampled < prompts ? 'sample' : null
}

/** `12 pairs, 2 ties`, for where a set is ticked. */
export const pairsText = ({ pairs, ties }: Pick<PreferenceSet, 'pairs' | 'ties'>): string =>
  ties === 0 ? formatCounted(pairs, 'pair') : `${formatCounted(pairs, 'pair')}, ${formatCounted(ties, 'tie')}`

/** The latest ranking that says something, whoever made it. */
export const latestRanking = ({ rankings }: Pick<PreferencePrompt, 'rankings'>): StoredRanking | undefined =>
  [...rankings].sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0]

/** The response that the latest order puts first; undefined where there is none. */
export function bestResponse(prompt: Pick<PreferencePrompt, 'rankings' | 'responses'>): string | undefined {
  const latest = latestRanking(prompt)
  if (latest?.outcome !== 'ranked') return undefined
  const best = latest.ranks.indexOf(1)
  return prompt.responses[best]?.text
}

const outcomes = { ranked: 'ranked', skipped: 'skipped', 'all-bad': 'all bad' } as const

/** What was said of a prompt: `ranked by me and ada`, `skipped by me`, `waits for its answers`. */
export function promptStanding({
  responses,
  rankings,
}: Pick<PreferencePrompt, 'responses' | 'rankings'>): string {
  if (responses.length === 0) return 'not sampled yet'
  if (responses.length === 1) return 'all answers alike'
  if (rankings.length === 0) return 'not ranked'
  const latest = new Map(rankings.map(each => [each.labeler, each.outcome]))
  const by = new Map<string, string[]>()
  for (const [labeler, outcome] of latest) by.set(outcome, [...(by.get(outcome) ?? []), visible(labeler)])
  return [...by]
    .map(([outcome, who]) => `${outcomes[outcome as keyof typeof outcomes]} by ${who.join(', ')}`)
    .join('; ')
}
