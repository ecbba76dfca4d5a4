// Who judges a tournament by itself, and whether its word can count: a reward model that a compared model was trained to
// please says only how well it was pleased.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type {
  EvaluatedModel,
  EvaluationJudge,
  EvaluationPrompts,
} from '../../../src-shared/contract/evaluation-contract.ts'
import type { RewardSource } from '../../../src-shared/contract/ppo-contract.ts'
import { ORACLE } from '../../../src-shared/evaluation/answers.ts'
import type { Db } from '../database/open.ts'
import { findCheckpoint, getCheckpoint } from '../database/queries/checkpoints.ts'
import type { EvaluationSetting } from '../database/queries/evaluations.ts'
import { findRun, getRun, type Run } from '../database/queries/runs.ts'

type SetJudge = EvaluationSetting['judges'][number]

/**
 * @param wanted absent: the oracle where it can judge, else nobody
 * @throws LabError `bad-input` for the oracle outside the starter world, for a checkpoint that scores nothing, and for a
 *   reward model that a compared model was trained against; `not-found`
 */
export function checkedJudges(
  db: Db,
  wanted: readonly EvaluationJudge[] | undefined,
  prompts: EvaluationPrompts,
  models: readonly EvaluatedModel[],
): SetJudge[] {
  const hasTruth = prompts.from === 'starter-world'
  const judges = (wanted ?? (hasTruth ? [{ by: 'oracle' as const }] : [])).map((judge): SetJudge => {
    if (judge.by === 'reward-model') return rewardModel(db, judge, models)
    if (!hasTruth)
      throw new LabError({
        code: 'bad-input',
        what: 'the oracle knows what is true in the starter world, and nothing of these prompts',
        where: 'judges',
        fix: 'judge yourself, choose a reward model, or ask the starter world’s questions',
      })
    return {
      id: ORACLE,
      by: 'oracle',
      name: 'the starter world’s oracle',
      // Rewards that say the same as the oracle, of other questions.
      trainedAgainst: trainedFor(db, models, ({ kind }) => kind === 'truth' || kind === 'exact'),
      checkpoint: null,
    }
  })
  return [...new Map(judges.map(judge => [judge.id, judge])).values()]
}

function rewardModel(
  db: Db,
  { checkpoint, evenIfTrainedAgainst }: Extract<EvaluationJudge, { by: 'reward-model' }>,
  models: readonly EvaluatedModel[],
): SetJudge {
  const { run: id, step } = getCheckpoint(db, checkpoint)
  const { name, model } = getRun(db, id)
  if (model.head !== 'score')
    throw new LabError({
      code: 'bad-input',
      what: `"${name}" writes texts and judges none`,
      where: checkpoint,
      fix: 'choose a checkpoint of phase 3',
    })
  const trainedAgainst = trainedFor(
    db,
    models,
    reward => reward.kind === 'reward-model' && runOf(db, reward.checkpoint) === id,
  )
  if (trainedAgainst.length > 0 && !evenIfTrainedAgainst)
    throw new LabError({
      code: 'bad-input',
      what: `"${trainedAgainst.join('", "')}" learned to please the reward model "${name}": whom it prefers would prove nothing`,
      where: checkpoint,
      expected: 'a judge that no compared model was trained against',
      fix: 'judge yourself, let the oracle judge, or train another reward model on other rankings',
    })
  return {
    id: `reward-model:${checkpoint}`,
    by: 'reward-model',
    name: `reward model “${name}”, step ${step}`,
    trainedAgainst,
    checkpoint,
  }
}

/** What a run was rewarded for, and the runs that it started from. */
function rewardsOf(db: Db, checkpoint: string): RewardSource[] {
  const rewards: RewardSource[] = []
  const seen = new Set<string>()
  for (let at: string | null = checkpoint; at !== null; ) {
    const run: Run | undefined = findRun(db, runOf(db, at))
    if (!run || seen.has(run.id)) break
    seen.add(run.id)
    rewards.push(...(run.data.ppo?.rewards ?? []))
    at = run.parentCheckpoint
  }
  return rewards
}

/** Of a checkpoint that is gone too: its id begins with its run's. */
const runOf = (db: Db, checkpoint: string): string =>
  findCheckpoint(db, checkpoint)?.run ?? checkpoint.replace(/-step-\d+$/, '')

/** Labels of the models that were rewarded for something of the kind. */
const trainedFor = (
  db: Db,
  models: readonly EvaluatedModel[],
  isOf: (reward: RewardSource) => boolean,
): string[] =>
  models.filter(({ checkpoint }) => rewardsOf(db, checkpoint).some(isOf)).map(({ label }) => label)
