// What a recipe will cost, asked once the person stops typing.
import { useDebouncedValue } from '@mantine/hooks'
import type { LabErrorFacts } from '../../../../../src-shared/contract/errors.ts'
import type { Estimate } from '../../../../../src-shared/contract/lab-contract.ts'
import { useQuery } from '../../../queries.ts'
import { estimateRequestOf, type Recipe, type TokenizerChoice } from './recipe.ts'

/**
 * @param isWrong whether a field holds what cannot be accepted: the last estimate stays until it is corrected
 */
export function useEstimate(
  recipe: Recipe,
  choice: TokenizerChoice,
  vocabularySize: number,
  isWrong: boolean,
): { estimate: Estimate | undefined; error: LabErrorFacts | null; loading: boolean } {
  const now = JSON.stringify(estimateRequestOf(recipe, choice, vocabularySize))
  const [settled] = useDebouncedValue(now, 250)
  // Without a source there is nothing to read; a wrong field would be answered with its default in its place.
  const nothing = recipe.sources.length === 0 || isWrong
  const answer = useQuery('pretrain.estimate', nothing ? null : JSON.parse(settled), {
    keepPrevious: true,
  })
  return { estimate: answer.data, error: answer.error, loading: answer.loading || now !== settled }
}
