// What normalises a reward model's scores: mean and deviation over fresh answers of the model that it came from, kept in its
// config.json.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RewardScale, rewardScaleOf } from '../../../src-shared/config/huggingface.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { absolute } from '../checkpoints/layout.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import { storageError } from '../workspace/storage-error.ts'
import type { Workspace } from '../workspace/workspace.ts'

/** @throws LabError `damaged` for a checkpoint without a scale */
export function rewardScale(workspace: Workspace, checkpoint: string): RewardScale {
  const path = join(absolute(workspace, getCheckpoint(workspace.db, checkpoint).folder), 'config.json')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw storageError(error, path)
  }
  const scale = rewardScaleOf(JSON.parse(text))
  if (scale) return scale
  throw new LabError({
    code: 'damaged',
    what: 'the reward model does not say how its scores are to be normalised',
    where: path,
    expected: 'reward_mean and reward_std',
    got: 'neither, or no numbers',
    fix: 'use another checkpoint of its run',
  })
}
