// What a person asks of an evaluation, checked and filled in: who is asked what, at which temperatures, and who judges.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type {
  EvaluationPart,
  EvaluationPrompts,
  EvaluationRequest,
} from '../../../src-shared/contract/evaluation-contract.ts'
import {
  askingsOf,
  type EvaluationQuestion,
  sumQuestions,
  worldQuestions,
} from '../../../src-shared/evaluation/questions.ts'
import type { Db } from '../database/open.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import type { EvaluationSetting } from '../database/queries/evaluations.ts'
import { getRun } from '../database/queries/runs.ts'
import type { Demonstrations } from '../demonstrations/demonstrations.ts'
import { writesNothing } from '../generation/checkpoint-model.ts'
import { promptsOf } from '../rankings/prompt-sources.ts'
import { checkedJudges } from './checked-judges.ts'

/** Longer than any right answer of the starter world. */
const MAX_TOKENS = 48
const TEMPERATURES = [1, 0] as const

export interface CheckedRequest {
  readonly setting: EvaluationSetting
  /** Those that some part asks. */
  readonly questions: readonly EvaluationQuestion[]
}

/** @throws LabError `bad-input`, `not-found` as 'evaluation.start' says */
export async function checkedRequest(
  db: Db,
  demonstrations: Pick<Demonstrations, 'rows' | 'show'>,
  request: EvaluationRequest,
): Promise<CheckedRequest> {
  const { prompts, seed = 0, maxTokens = MAX_TOKENS } = request
  const models = checkedModels(db, request.models)
  const parts = checkedParts(request.parts, prompts, models.length)
  const temperatures = [...new Set(request.temperatures ?? TEMPERATURES)]
  const hasTournament = parts.includes('tournament')
  const judges = hasTournament ? checkedJudges(db, request.judges, prompts, models) : []
  const asked = new Set(askingsOf(parts, temperatures).map(({ set }) => set))
  const questions = [
    ...(prompts.from === 'starter-world' ? worldQuestions(prompts.seed, prompts.split) : []),
    ...(prompts.from !== 'starter-world' && hasTournament
      ? await promptQuestions(prompts, seed, demonstrations)
      : []),
    ...sumQuestions(prompts.from === 'starter-world' ? prompts.seed : seed),
  ].filter(({ set }) => asked.has(set))
  return { setting: { models, prompts, parts, temperatures, judges, seed, maxTokens }, questions }
}

function checkedModels(db: Db, models: EvaluationRequest['models']): EvaluationSetting['models'] {
  requireDifferent(
    models.map(({ label }) => label),
    'label',
  )
  requireDifferent(
    models.map(({ checkpoint }) => checkpoint),
    'checkpoint',
  )
  return models.map(({ label, checkpoint }) => {
    const { run: id, step } = getCheckpoint(db, checkpoint)
    const { name, phase, model } = getRun(db, id)
    if (model.head === 'score') throw writesNothing(name, checkpoint)
    return { label, checkpoint, name, phase, step }
  })
}

function requireDifferent(values: readonly string[], what: string): void {
  const twice = values.find((value, i) => values.indexOf(value) !== i)
  if (twice === undefined) return
  throw new LabError({
    code: 'bad-input',
    what: `two of the models have the same ${what}`,
    where: 'models',
    expected: `a different ${what} for each`,
    got: twice,
    fix: what === 'label' ? 'rename one of them' : 'leave one of them out',
  })
}

const allParts: readonly EvaluationPart[] = ['tournament', 'truthfulness', 'ladder', 'tasks']
const needsWorld: readonly EvaluationPart[] = ['truthfulness', 'tasks']

function checkedParts(
  wanted: readonly EvaluationPart[] | undefined,
  { from }: EvaluationPrompts,
  models: number,
): EvaluationPart[] {
  const why = (part: EvaluationPart): string | null => {
    if (part === 'tournament' && models < 2) return 'a tournament needs two models'
    if (needsWorld.includes(part) && from !== 'starter-world')
      return `the part "${part}" needs questions of which it is known what is true`
    return null
  }
  if (!wanted) return allParts.filter(part => why(part) === null)
  for (const part of wanted) {
    const what = why(part)
    if (what !== null)
      throw new LabError({
        code: 'bad-input',
        what,
        where: 'parts',
        got: part,
        fix:
          part === 'tournament'
            ? 'choose another checkpoint beside it, or leave the tournament out'
            : `ask the starter world's questions, or leave "${part}" out`,
      })
  }
  return allParts.filter(part => wanted.includes(part))
}

async function promptQuestions(
  prompts: Exclude<EvaluationPrompts, { from: 'starter-world' }>,
  seed: number,
  demonstrations: Pick<Demonstrations, 'rows' | 'show'>,
): Promise<EvaluationQuestion[]> {
  const found = await promptsOf(
    prompts.from === 'typed'
      ? { from: 'text', prompts: prompts.prompts }
      : { from: 'demonstrations', sets: prompts.sets, count: prompts.limit },
    seed,
    demonstrations,
    () => [],
  )
  if (found.prompts.length === 0)
    throw new LabError({
      code: 'bad-input',
      what: 'there is nothing to ask',
      where: 'prompts',
      expected: 'at least one prompt',
      fix: 'type one, or choose a set of demonstrations that has some',
    })
  return found.prompts.map(({ messages }) => ({
    set: 'prompt',
    group: 'prompt',
    messages,
    answers: [],
    useCase: null,
  }))
}
