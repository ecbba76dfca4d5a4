// Under whose name the bench stands.
import { useEffect, useState } from 'react'
import { type BenchAsk, useSettings } from '../../../app-state.ts'
import { useQuery } from '../../../queries.ts'

/** Whose label is looked at: one's own, or, where one has none, that of whoever ranked the prompt. */
export function useLabeler(ask: BenchAsk): {
  /** null until it is known. */
  labeler: string | null
  /** Those whose label can be looked at instead, oneself first; empty where there is no choice. */
  choices: readonly string[]
  choose: (name: string) => void
} {
  const mine = useSettings().labeler.trim() || 'me'
  const settled = useQuery('settings.all', {}).data !== undefined
  const mending = ask.card !== null
  const prompt = useQuery('preferences.prompt', ask.card === null ? null : { set: ask.set, number: ask.card })
  const rankers = [...new Set(prompt.data?.rankings.map(each => each.labeler))]
  // A prompt that cannot be read says so itself, when its card is asked for.
  const known = settled && (prompt.data !== undefined || prompt.error !== null)
  // Once it is shown whose label it is, it stays so, whatever others rank meanwhile.
  const [chosen, choose] = useState<string | null>(null)
  const proposed = known ? (rankers.includes(mine) ? mine : (rankers[0] ?? mine)) : null
  useEffect(() => {
    if (mending && proposed !== null) choose(now => now ?? proposed)
  }, [mending, proposed])
  if (!mending) return { labeler: settled ? mine : null, choices: [], choose }
  const others = rankers.filter(name => name !== mine)
  return { labeler: chosen, choices: others.length > 0 ? [mine, ...others] : [], choose }
}
