// Under whose name the bench stands.
import { useEffect, useState } from 'react'
import { ownName } from '../../../../../src-shared/preferences/labeler-name.ts'
import { type BenchAsk, useSettings } from '../../../app-state.ts'
import { useQuery } from '../../../queries.ts'

/**
 * Whose label is looked at: the one that was asked for, else one's own, else that of whoever ranked the prompt. A simulated
 * labeler's gives way to one's own, which counts in its place.
 */
export function useLabeler(ask: BenchAsk): {
  /** null until it is known. */
  labeler: string | null
  /** Under whose name what is said now is kept: a person's, never a simulated labeler's. */
  keptAs: string
  /** Those whose label can be looked at instead, oneself first; empty where there is no choice. */
  choices: readonly string[]
  choose: (name: string) => void
} {
  const mine = ownName(useSettings().labeler)
  const settled = useQuery('settings.all', {}).data !== undefined
  const mending = ask.card !== null
  const prompt = useQuery('preferences.prompt', ask.card === null ? null : { set: ask.set, number: ask.card })
  const set = useQuery('preferences.show', mending ? { set: ask.set } : null)
  const simulated = (name: string) =>
    set.data?.labelers.some(each => each.labeler === name && each.simulation !== null) ?? false
  const rankers = [...new Set(prompt.data?.rankings.map(each => each.labeler))]
  // A prompt that cannot be read says so itself, when its card is asked for.
  const known =
    settled &&
    (prompt.data !== undefined || prompt.error !== null) &&
    (set.data !== undefined || set.error !== null)
  // Once it is shown whose label it is, it stays so, whatever others rank meanwhile.
  const [chosen, choose] = useState<string | null>(null)
  const wanted = ask.labeler !== undefined && rankers.includes(ask.labeler) ? ask.labeler : null
  const first =
    wanted !== null && !simulated(wanted)
      ? wanted
      : rankers.includes(mine)
        ? mine
        : (wanted ?? rankers[0] ?? mine)
  const proposed = known ? first : null
  useEffect(() => {
    if (mending && proposed !== null) choose(now => now ?? proposed)
  }, [mending, proposed])
  if (!mending) return { labeler: settled ? mine : null, keptAs: mine, choices: [], choose }
  const others = rankers.filter(name => name !== mine)
  const keptAs = chosen === null || simulated(chosen) ? mine : chosen
  return { labeler: chosen, keptAs, choices: others.length > 0 ? [mine, ...others] : [], choose }
}
