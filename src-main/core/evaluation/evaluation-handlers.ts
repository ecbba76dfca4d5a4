// The contract's 'evaluation.*'.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { evaluationMethods } from '../../../src-shared/contract/evaluation-contract.ts'
import type { Handlers } from '../../../src-shared/contract/method.ts'

const unsupported = (): never => {
  throw new LabError({
    code: 'unsupported',
    what: 'evaluations are not here yet',
    fix: 'use a later version',
  })
}

export const evaluationHandlers: Handlers<typeof evaluationMethods> = {
  'evaluation.start': unsupported,
  'evaluation.resume': unsupported,
  'evaluation.list': unsupported,
  'evaluation.show': unsupported,
  'evaluation.answers': unsupported,
  'evaluation.rename': unsupported,
  'evaluation.remove': unsupported,
  'evaluation.restore': unsupported,
  'evaluation.nextPair': unsupported,
  'evaluation.vote': unsupported,
  'evaluation.undo': unsupported,
}
