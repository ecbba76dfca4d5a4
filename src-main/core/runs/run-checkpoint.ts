// What a checkpoint of a run holds beside tensors: Hugging Face's configs, the tokenizer, and the conditions of a resume.
import { toGenerationConfig, toHuggingFaceConfig } from '../../../src-shared/config/huggingface.ts'
import type { TrainState } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { specialId } from '../../../src-shared/tokenizer/special-id.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { CheckpointStore } from '../checkpoints/checkpoint-store.ts'
import type { StateFile } from '../checkpoints/state-file.ts'
import type { Run } from '../database/queries/runs.ts'
import type { Tokenizers } from '../tokenizers/tokenizers.ts'

/** Fields of a config that decide when to look and what to keep, but no bit of the weights; and the end, which may move. */
const NO_CONDITION = new Set([
  'steps',
  'epochs',
  'evalInterval',
  'evalBatches',
  'checkpointInterval',
  'keepCheckpoints',
  'samplePrompts',
  'sampleTokens',
])

/** What must be equal when the run goes on, or it would be another run. */
export function resumeConditions(run: Run, tokenizers: Tokenizers): Record<string, unknown> {
  return {
    model: run.model,
    config: Object.fromEntries(Object.entries(run.config).filter(([key]) => !NO_CONDITION.has(key))),
    sources: run.data.sources.map(({ hash, weight }) => ({ hash, weight })),
    tokenizer: tokenizers.summary(run.tokenizer!).hash,
    ...(run.data.demonstrations ? { demonstrations: run.data.demonstrations.hash } : {}),
    ...(run.data.preferences ? { preferences: run.data.preferences.hash } : {}),
    ...(run.data.ppo ? { prompts: run.data.ppo.prompts.hash, rewards: run.data.ppo.rewards } : {}),
    ...(run.parentCheckpoint === null ? {} : { parent: run.parentCheckpoint }),
  }
}

/** Phases whose models answer through the chat template, and end their answers. */
const ANSWERS: ReadonlySet<Run['phase']> = new Set(['sft', 'ppo'])

/** config.json, the tokenizer's files, and generation_config.json of a model that writes. */
export function checkpointFiles(
  run: Run,
  tokenizer: Tokenizer,
  tokenizers: Tokenizers,
  { extra }: Pick<TrainState, 'extra'>,
): Record<string, string> {
  const ids = {
    endOfText: specialId(tokenizer, '<|endoftext|>'),
    pad: specialId(tokenizer, '<|pad|>'),
  }
  const assistantEnd = ANSWERS.has(run.phase) ? specialId(tokenizer, '<|assistant_end|>') : undefined
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
  if (run.model.head === 'score') {
    const scale = { mean: extra.rewardMean!, std: extra.rewardStd! }
    return {
      'config.json': json(toHuggingFaceConfig(run.model, ids, scale)),
      ...tokenizers.files(run.tokenizer!),
    }
  }
  return {
    'config.json': json(toHuggingFaceConfig(run.model, ids)),
    'generation_config.json': json(toGenerationConfig(ids, assistantEnd)),
    ...tokenizers.files(run.tokenizer!),
  }
}

/**
 * The newest checkpoint that is whole; damaged ones are told to `passOver` and an earlier one is taken.
 * @throws LabError `conflict` when a whole one was made under other conditions; `damaged` when there are some and none is whole
 */
export async function newestCheckpoint(
  checkpoints: CheckpointStore,
  run: Run,
  conditions: Record<string, unknown>,
  passOver: (checkpoint: string, problem: string) => void,
): Promise<{ id: string; state: StateFile['state'] } | null> {
  const listed = checkpoints.list(run.id)
  for (const { id, status } of listed) {
    if (status !== 'verified') {
      passOver(id, status)
      continue
    }
    try {
      return { id, state: (await checkpoints.readState(id, conditions)).state }
    } catch (error) {
      if (!(error instanceof LabError) || error.facts.code !== 'damaged') throw error
      passOver(id, error.message)
    }
  }
  // Starting anew in silence would look like a resume and be another run.
  if (listed.length > 0)
    throw new LabError({
      code: 'damaged',
      what:
        listed.length === 1
          ? 'the only checkpoint of the run cannot be used'
          : `none of the run's ${listed.length} checkpoints can be used`,
      where: listed.map(({ id }) => id).join(', '),
      fix: 'put the files back from a copy, or start a new run with the same recipe',
    })
  return null
}
