import { LabError } from '../contract/errors.ts'
import type { SpecialToken, Tokenizer } from './tokenizer.ts'

/** Id of a special token. @throws LabError `unsupported`: a tokenizer that was not trained here lacks it */
export function specialId(tokenizer: Tokenizer, name: SpecialToken): number {
  const id = tokenizer.specialTokens.get(name)
  if (id !== undefined) return id
  throw new LabError({
    code: 'unsupported',
    what: `the tokenizer has no ${name} token`,
    fix: 'use a model whose tokenizer was trained here',
  })
}
