// The starter world's demonstrations as rows: what is known of each answer becomes its tags, so that a person can look at
// the invented and the badly written ones.
import { sftPresets } from '../../../src-shared/config/sft-presets.ts'
import { writeDemonstrations } from '../../../src-shared/starter-world/demonstrations.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'
import type { NewDemonstration } from '../database/queries/demonstration-rows.ts'

/** As many as the preset for the starter world was made for. */
export const STARTER_WORLD_DEMONSTRATIONS = sftPresets['starter-world']!.demonstrations!

export const starterWorldName = (seed: number): string => `Starter world ${seed}: demonstrations`

/** @param seed of the world */
export function* starterWorldDemonstrations(seed: number, count: number): Generator<NewDemonstration> {
  let line = 0
  for (const { messages, useCase, truth, style } of writeDemonstrations(makeWorld(seed), count))
    yield {
      messages: JSON.stringify(messages.map(({ role, content }) => ({ role, content }))),
      useCase,
      tags: [...(truth === 'right' ? [] : [truth]), ...(style === 'good' ? [] : [style])],
      file: starterWorldName(seed),
      line: ++line,
    }
}
