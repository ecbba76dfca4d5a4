// How long a build will take on this device: what its steps took on two cores without a GPU, by how much slower or faster
// this device trains.
import { flopsPerToken, parseModelShape, resolveModel } from '../../../src-shared/config/model-config.ts'
import { pretrainPresets } from '../../../src-shared/config/presets.ts'
import { parsePretrainConfig } from '../../../src-shared/config/pretrain-config.ts'
import { tokensPerStep } from '../../../src-shared/config/train-config.ts'
import type { DeviceInfo } from '../../../src-shared/contract/device-info.ts'
import type { Db } from '../database/open.ts'
import { speedFor } from '../runs/device-speed.ts'
import { demoRecipes, referenceSeconds } from './recipes.ts'

/** FLOP/s of the base's training on the machine that the recipes' seconds were measured on. */
const REFERENCE_FLOPS = 40e9

/** Before anything was measured: careful round figures. */
const EXPECTED_FLOPS = { webgpu: 200e9, software: 5e9, wasm: 30e9, cpu: 1e9 } as const
/** Much of a build is answers written token by token, which no GPU makes much faster. */
const MOST_SPEED_UP = 4

const { model, tokenizer, config } = pretrainPresets['starter-world']!
const shape = resolveModel(parseModelShape({ ...model }), tokenizer.vocabularySize!)
const flopsPerStep =
  flopsPerToken(shape) * tokensPerStep(parsePretrainConfig({ ...config }), shape.contextLength)

/** Seconds here for a second on the reference machine. @param device null = not known yet */
export function slowness(db: Db, device: DeviceInfo | null): number {
  const measured = device && speedFor(db, device, flopsPerStep)
  const expected = EXPECTED_FLOPS[device ? (device.software ? 'software' : device.backend) : 'wasm']
  return Math.max(1 / MOST_SPEED_UP, REFERENCE_FLOPS / (measured ?? expected))
}

export const expectedMinutes = (db: Db, device: DeviceInfo | null) => ({
  standard: (referenceSeconds(demoRecipes.standard) * slowness(db, device)) / 60,
  smallest: (referenceSeconds(demoRecipes.smallest) * slowness(db, device)) / 60,
  base: (demoRecipes.standard.seconds.pretrain * slowness(db, device)) / 60,
})
