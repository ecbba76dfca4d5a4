// How many training tokens a text will have before it is tokenized: one guess for every screen that shows it.
import { defaultVocabularySize } from './default-vocabulary-size.ts'

/**
 * Bytes per token that a tokenizer yet to be trained will come near to: characters take one byte in Latin script, BPE
 * of 512, 1,024 and 4,096 tokens takes about 1.9, 2.4 and 3.3 on English text.
 */
export const guessedBytesPerToken = (kind: 'bpe' | 'character', vocabularySize: number): number =>
  kind === 'character' ? 1 : 1.45 + 0.45 * Math.log2(Math.max(256, vocabularySize) / 256)

/** The same for the vocabulary that a text of so many training bytes gets when nobody says otherwise. */
export const defaultBytesPerToken = (trainingBytes: number): number =>
  guessedBytesPerToken('bpe', defaultVocabularySize(trainingBytes))

/** Bytes of a corpus that are trained on: the validation part is only measured on. */
export const trainingBytes = (corpus: { readonly bytes: number; readonly validationBytes: number }): number =>
  corpus.bytes - corpus.validationBytes

export const estimatedTokens = (bytes: number, bytesPerToken: number): number =>
  Math.ceil(bytes / bytesPerToken)
