// Which fields a phase's config has, for whoever holds a run of any phase.
import type { Fields } from './field.ts'
import { type PpoConfig, parsePpoConfig, ppoFields } from './ppo-config.ts'
import { type PretrainConfig, parsePretrainConfig, pretrainFields } from './pretrain-config.ts'
import { parseRewardConfig, type RewardConfig, rewardFields } from './reward-config.ts'
import { parseSftConfig, type SftConfig, sftFields } from './sft-config.ts'

interface PhaseConfigs {
  readonly pretrain: PretrainConfig
  readonly sft: SftConfig
  readonly reward: RewardConfig
  readonly ppo: PpoConfig
}
/** The phases that this version trains. */
export type TrainedPhase = keyof PhaseConfigs

const phaseConfigs = {
  pretrain: { fields: pretrainFields, parse: parsePretrainConfig },
  sft: { fields: sftFields, parse: parseSftConfig },
  reward: { fields: rewardFields, parse: parseRewardConfig },
  ppo: { fields: ppoFields, parse: parsePpoConfig },
} satisfies Record<TrainedPhase, { fields: Fields; parse: unknown }>

export const fieldsOf = (phase: string): Fields => (isTrained(phase) ? phaseConfigs[phase].fields : {})

const isTrained = (phase: string): phase is TrainedPhase => Object.hasOwn(phaseConfigs, phase)

/** @throws LabError `bad-input` as `parseTrainConfig` */
export function parsePhaseConfig(
  phase: string,
  given: Record<string, unknown>,
  where: string,
): PhaseConfigs[TrainedPhase] {
  if (!isTrained(phase)) throw new TypeError(`the phase ${phase} has no config`)
  return phaseConfigs[phase].parse(given, where)
}
