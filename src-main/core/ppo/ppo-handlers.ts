// The contract's methods of phase 4.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { LabMethods } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers } from '../../../src-shared/contract/method.ts'

type PpoMethods = Pick<LabMethods, Extract<keyof LabMethods, `ppo.${string}`>>

const missing = (): never => {
  throw new LabError({ code: 'unsupported', what: 'this version cannot do this yet', fix: 'update the app' })
}

export const ppoHandlers = (): Handlers<PpoMethods> => ({
  'ppo.estimate': missing,
  'ppo.start': missing,
  'ppo.evaluations': missing,
  'ppo.answers': missing,
  'ppo.breakPair': missing,
  'ppo.vote': missing,
  'ppo.undoVote': missing,
  'ppo.rollouts': missing,
  'ppo.rollout': missing,
})
