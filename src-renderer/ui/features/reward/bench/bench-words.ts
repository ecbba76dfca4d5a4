// What the bench says: how far, how long still, how well a person agrees with themselves and with others.
import type {
  Agreement,
  BenchCard,
  BenchState,
  PreferenceSet,
  ShareWithInterval,
} from '../../../../../src-shared/contract/preferences-contract.ts'
import { visible } from '../../../components/plain-text.tsx'
import { formatCount, formatCounted, formatEta } from '../../../format.ts'
import { shareText } from '../agreement-words.ts'

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const endings: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' }

/** `1st`, `2nd`, `3rd`, `4th`. @param rank from 1 */
export const rankWord = (rank: number): string => `${rank}${endings[ordinals.select(rank)]}`

type Standing = Pick<BenchState, 'done' | 'total' | 'secondsPerCard' | 'sampling'>

/**
 * Cards that there will be; while answers are sampled, every prompt with its share of repeats.
 * @param set undefined while it is not listed yet
 */
const expectedCards = (
  { total, sampling }: Pick<Standing, 'total' | 'sampling'>,
  set: Pick<PreferenceSet, 'prompts' | 'bench'> | undefined,
): number =>
  sampling && set ? Math.max(total, Math.round(set.prompts * (1 + (set.bench?.repeatShare ?? 0)))) : total

/** Percent. */
export const shareDone = (
  state: Pick<Standing, 'done' | 'total' | 'sampling'>,
  set: Pick<PreferenceSet, 'prompts' | 'bench'> | undefined,
): number => (100 * state.done) / Math.max(1, expectedCards(state, set))

/** `12 of 110 · about 20 min left`; while answers are sampled, that they are. */
export function standing(state: Standing, set: Pick<PreferenceSet, 'prompts' | 'bench'> | undefined): string {
  const { done, secondsPerCard, sampling } = state
  const cards = expectedCards(state, set)
  const left = Math.max(0, cards - done)
  const eta = secondsPerCard === null || left === 0 ? '' : formatEta(left * secondsPerCard)
  return [
    `${formatCount(done)} of ${sampling ? 'about ' : ''}${formatCount(cards)}`,
    ...(eta ? [eta] : []),
    ...(sampling ? ['still sampling'] : []),
  ].join(' · ')
}

/** `83% (61–94%) of 24 pairs`: a share never stands without its interval. */
export const shareSentence = (share: ShareWithInterval): string =>
  `${shareText(share)} of ${formatCounted(share.n, 'pair')}`

export interface AgreementLine {
  readonly label: string
  /** null = nothing to compare yet; `sentence` says why. */
  readonly agreement: ShareWithInterval | null
  readonly sentence: string
}

/** With oneself first, then with every other labeler of the same prompts. */
export function agreementLines(
  { self, between }: Pick<Agreement, 'self' | 'between'>,
  labeler: string,
): AgreementLine[] {
  const own = self.find(each => each.labeler === labeler)?.agreement
  const others = between.flatMap(({ a, b, agreement }) =>
    agreement.n === 0 || (a !== labeler && b !== labeler)
      ? []
      : [{ other: a === labeler ? b : a, agreement }],
  )
  return [
    own && own.n > 0
      ? { label: 'with yourself', agreement: own, sentence: shareSentence(own) }
      : {
          label: 'with yourself',
          agreement: null,
          sentence: 'not measured yet: some prompts come back silently',
        },
    ...others.map(({ other, agreement }) => ({
      label: `with ${visible(other)}`,
      agreement,
      sentence: shareSentence(agreement),
    })),
  ]
}

/** What was said of a card before, in words; null = nothing, or an order that stands on the screen itself. */
export const saidBefore = (ranking: BenchCard['ranking']): string | null =>
  ranking?.outcome === 'skipped'
    ? 'Said before: skipped.'
    : ranking?.outcome === 'all-bad'
      ? 'Said before: all bad.'
      : ranking?.ranks.every(rank => rank === null)
        ? 'Its pairs, with their errors, make no one order: rank from best to worst.'
        : null
