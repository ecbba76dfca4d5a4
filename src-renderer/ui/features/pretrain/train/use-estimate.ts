// What a recipe will cost, asked once the person stops typing.
import { useDebouncedValue } from '@mantine/hooks'
import type { LabErrorFacts } from '../../../../../src-shared/contract/errors.ts'
import type { Estimate } from '../../../../../src-shared/contract/lab-contract.ts'
import { useQuery } from '../../../queries.ts'
import { estimateRequestOf, type Recipe, type TokenizerChoice } from './recipe.ts'

export function useEstimate(
  recipe: Recipe,
  choice: TokenizerChoice,
  vocabularySize: number,
): { estimate: Estimate | undefined; error: LabErrorFacts | null; loading: boolean } {
  const now = JSON.stringify(estimateRequestOf(recipe, choice, vocabularySize))
  const [settled] = useDebouncedValue(now, 250)
  // Without a source there is nothing to read, and the sentence about that needs no asking.
  const answer = useQuery('pretrain.estimate', recipe.sources.length === 0 ? null : JSON.parse(settled), {
    keepPrevious: true,
  })
  return { estimate: answer.data, error: answer.error, loading: answer.loading || now !== settled }
}
