// The table of phases. A new phase is a file beside this one and a row here.
import type { TrainOutcome, TrainSpec } from '../../../src-shared/contract/engine-contract.ts'
import { ppo } from './ppo/ppo.ts'
import { pretrain } from './pretrain.ts'
import { reward } from './reward.ts'
import { sft } from './sft.ts'
import type { TrainContext } from './train-loop.ts'

export type Phase = (context: Omit<TrainContext, 'config'>) => Promise<TrainOutcome>

export const phases: Partial<Record<TrainSpec['phase'], Phase>> = { pretrain, sft, reward, ppo }
