// The rows of a recipe's sources: what the core knows of each, with guesses where nothing is counted yet.
import type { LabErrorFacts } from '../../../../../src-shared/contract/errors.ts'
import type { CorpusSummary, SourceRow } from '../../../../../src-shared/contract/lab-contract.ts'
import { useQuery, useTopic } from '../../../queries.ts'
import { plannedTokens, type Recipe, type TokenizerChoice, withGuess } from './recipe.ts'

export function useSourceRows(
  recipe: Recipe,
  corpora: readonly CorpusSummary[],
  choice: TokenizerChoice,
  vocabularySize: number,
): { rows: readonly SourceRow[]; error: LabErrorFacts | null; refetch: () => void } {
  const planned = plannedTokens(recipe) ?? 0
  const shares = recipe.sources.filter(s => corpora.some(c => c.id === s.corpus))
  const answer = useQuery(
    'corpora.sources',
    shares.length === 0
      ? null
      : {
          tokenizer: choice.kind === 'existing' ? choice.id : null,
          plannedTokens: planned,
          sources: shares.map(s => ({ corpus: s.corpus, weight: s.share })),
        },
    { keepPrevious: true },
  )
  // Once a source is tokenized its tokens are counted, no longer guessed.
  useTopic('job', job => {
    if (job.kind === 'tokenize' && job.state === 'done') answer.refetch()
  })
  const rows = (answer.data ?? []).flatMap(row => {
    const corpus = corpora.find(c => c.id === row.corpus)
    return corpus ? [withGuess(row, corpus, choice, vocabularySize, planned * row.share)] : []
  })
  return { rows, error: answer.error, refetch: answer.refetch }
}
