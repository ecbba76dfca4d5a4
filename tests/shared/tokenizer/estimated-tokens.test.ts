// Tokens guessed from bytes: only the training part counts, and small vocabularies compress less.
import { expect, test } from 'vitest'
import {
  defaultBytesPerToken,
  estimatedTokens,
  guessedBytesPerToken,
  trainingBytes,
} from '../../../src-shared/tokenizer/estimated-tokens.ts'

test('a character is a byte; BPE reads more bytes per token the larger its vocabulary', () => {
  expect(guessedBytesPerToken('character', 71)).toBe(1)
  expect(guessedBytesPerToken('bpe', 256)).toBeCloseTo(1.45, 9)
  expect(guessedBytesPerToken('bpe', 1024)).toBeCloseTo(2.35, 9)
  expect(defaultBytesPerToken(2e6)).toBe(guessedBytesPerToken('bpe', 1024))
})

test('tokens are counted of the training part, a begun token whole', () => {
  expect(estimatedTokens(trainingBytes({ bytes: 101, validationBytes: 10 }), 2)).toBe(46)
})
