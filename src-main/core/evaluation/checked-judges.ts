// Who judges a tournament by itself, and whether its word can count: a reward model that a compared model was trained to
// please says only how well it was pleased.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type {
  EvaluatedModel,
  EvaluationJudge,
  EvaluationPrompts,
} from '../../../src-shared/contract/evaluation-contract.ts'
import { ORACLE } from '../../../src-shared/evaluation/answers.ts'
import type { Db } from '../database/open.ts'
import { findCheckpoint, getCheckpoint } from '../database/queries/checkpoints.ts'
import type { EvaluationSetting } from '../database/queries/evaluations.ts'
import { getRun, type Run } from '../database/queries/runs.ts'

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
      trainedAgainst: [],
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
  const trainedAgainst = models
    .filter(({ checkpoint }) => rewardRunsOf(db, getCheckpoint(db, checkpoint).run).has(id))
    .map(({ label }) => label)
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

/** Runs of the reward models that a run was trained against, and those that it started from. */
function rewardRunsOf(db: Db, run: string): Set<string> {
  const rewardRuns = new Set<string>()
  const seen = new Set<string>()
  for (let at: string | undefined = run; at !== undefined && !seen.has(at); ) {
    seen.add(at)
    const { data, parentCheckpoint }: Run = getRun(db, at)
    for (const reward of data.ppo?.rewards ?? [])
      if (reward.kind === 'reward-model') {
        const judged = findCheckpoint(db, reward.checkpoint)?.run
        if (judged !== undefined) rewardRuns.add(judged)
      }
    at = parentCheckpoint === null ? undefined : findCheckpoint(db, parentCheckpoint)?.run
  }
  return rewardRuns
}
