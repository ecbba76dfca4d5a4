// The table of sources, as LLaMA's Table 1 (Touvron et al. 2023): share, size, and how often each is read.
import { epochsPerSource } from '../../../src-shared/batches/pretrain-batch.ts'
import type { CorpusSummary, SourceRow } from '../../../src-shared/contract/lab-contract.ts'
import { estimatedTokens, trainingBytes } from '../../../src-shared/tokenizer/estimated-tokens.ts'

export interface MixtureEntry {
  readonly corpus: CorpusSummary
  readonly weight: number
  /** Counted; null until the corpus is tokenized. */
  readonly tokens: { readonly train: number; readonly validation: number } | null
}

/** @param bytesPerToken of the tokenizer, to estimate what is not counted yet; null without a tokenizer */
export function sourceRows(
  entries: readonly MixtureEntry[],
  bytesPerToken: number | null,
  plannedTokens: number,
): SourceRow[] {
  const guess = (bytes: number) => (bytesPerToken === null ? null : estimatedTokens(bytes, bytesPerToken))
  const rows = entries.map(({ corpus, weight, tokens }) => ({
    corpus,
    weight,
    isEstimated: tokens === null && bytesPerToken !== null,
    train: tokens?.train ?? guess(trainingBytes(corpus)),
    validation: tokens?.validation ?? guess(corpus.validationBytes),
  }))
  const total = rows.reduce((sum, { weight }) => sum + weight, 0)
  const epochs = epochsPerSource(
    rows.map(({ weight, train }) => ({ weight, tokens: train ?? 0 })),
    plannedTokens,
  )
  return rows.map(({ corpus, weight, isEstimated, train, validation }, i) => ({
    corpus: corpus.id,
    name: corpus.name,
    share: total > 0 ? weight / total : 0,
    bytes: corpus.bytes,
    documents: corpus.documents,
    tokens: train,
    validationTokens: validation,
    estimated: isEstimated,
    epochs: train === null ? null : epochs[i]!,
  }))
}
