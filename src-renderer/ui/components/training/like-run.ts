// How a run of phase 4 was started, as far as it is kept, so that another can be started like it with one thing changed.
import type { LabMethods, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import type { InputOf } from '../../../../src-shared/contract/method.ts'

type PpoRequest = InputOf<LabMethods['ppo.start']>

/** What has to be known of a run to start another like it. */
export type LikeRun = Pick<RunSummary, 'parentCheckpoint' | 'config' | 'data'>

/**
 * The starter world's prompts of a run, to be drawn again: as many, of the same world.
 * @returns null where they were others, of which only the rows are kept, not where they came from
 */
export function promptsLike({ data }: Pick<LikeRun, 'data'>) {
  const prompts = data.ppo?.prompts
  if (prompts?.from !== 'starter-world' || prompts.world === null) return null
  return {
    from: 'starter-world' as const,
    world: prompts.world,
    count: prompts.train + prompts.refused,
    constructed: false,
  } satisfies PpoRequest['prompts']
}

/** Fields of a run that are not at their defaults: what a recipe holds of a config. */
export const changedFields = (
  fields: Readonly<Record<string, { readonly default: unknown }>>,
  config: LikeRun['config'],
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(config).filter(
      ([key, value]) =>
        Object.hasOwn(fields, key) && JSON.stringify(value) !== JSON.stringify(fields[key]!.default),
    ),
  )
