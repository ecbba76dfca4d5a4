// A workspace with models of all phases and the evaluations on them, as a lab opens it, but for the engine: what a
// checkpoint says is a function of the question, the seed and the temperature, so that every case can be brought about.
import { saveCheckpoint } from '../../../src-main/core/database/queries/checkpoints.ts'
import { findRun, insertRun } from '../../../src-main/core/database/queries/runs.ts'
import { Demonstrations } from '../../../src-main/core/demonstrations/demonstrations.ts'
import { evaluationHandlers } from '../../../src-main/core/evaluation/evaluation-handlers.ts'
import { Evaluations } from '../../../src-main/core/evaluation/evaluations.ts'
import type { BatchOptions, QuestionBatches } from '../../../src-main/core/generation/question-batches.ts'
import type { RewardScores } from '../../../src-main/core/reward/reward-scores.ts'
import { parseModelShape, resolveModel } from '../../../src-shared/config/model-config.ts'
import {
  type EvaluationReport,
  type EvaluationRequest,
  evaluationMethods,
} from '../../../src-shared/contract/evaluation-contract.ts'
import type { RewardSource } from '../../../src-shared/contract/ppo-contract.ts'
import { openContext, windowCaller } from '../workspace/open-context.ts'

export const BASE = 'run-base-step-00000010'
export const SFT = 'run-sft-step-00000010'
export const RLHF = 'run-ppo-step-00000010'
/** What RLHF was trained against, by another checkpoint of the run, and a reward model that it was not. */
export const PLEASED = 'run-pleased-step-00000010'
export const STRANGER = 'run-stranger-step-00000010'

type Said = { text: string; stopped: boolean }

export interface EvaluationsOptions {
  readonly answer?: (checkpoint: string, question: string, seed: number, temperature: number) => Said
  /** Waited for before a batch is answered. */
  readonly beforeBatch?: (number: number, signal: AbortSignal | undefined) => Promise<void>
  /** Waited for before answers are scored. */
  readonly beforeScores?: (number: number) => Promise<void>
  /** Where the workspace is, to open one again. */
  readonly root?: string
  readonly rewards?: readonly RewardSource[]
}

export function openEvaluations({
  answer = (checkpoint, question, seed) => ({
    text: checkpoint === BASE ? 'on and on' : `${question.length} ${seed % 3}`,
    stopped: checkpoint !== BASE,
  }),
  beforeBatch = async () => {},
  beforeScores = async () => {},
  root: given,
  rewards = [{ kind: 'reward-model', checkpoint: 'run-pleased-step-00000005', weight: 1 }],
}: EvaluationsOptions = {}) {
  const { root, workspace, jobs, changes, context, statuses } = openContext(given)
  const { db } = workspace
  insertModel(db, BASE, { name: 'Base', phase: 'pretrain' })
  insertModel(db, SFT, { name: 'Tuned', phase: 'sft', parent: BASE })
  insertModel(db, RLHF, { name: 'Reinforced', phase: 'ppo', parent: SFT, rewards })
  insertModel(db, PLEASED, { name: 'Pleased', phase: 'reward', parent: SFT })
  insertModel(db, STRANGER, { name: 'Stranger', phase: 'reward', parent: SFT })

  const asked: { checkpoint: string; question: string; seed: number; temperature: number }[] = []
  let batches = 0
  let scorings = 0
  /** A word a token. */
  const lengths: QuestionBatches['lengths'] = async (_, prompts) => ({
    lengths: prompts.map(
      messages =>
        messages
          .map(({ content }) => content)
          .join(' ')
          .split(' ').length,
    ),
    contextLength: 64,
  })
  const ask: QuestionBatches['ask'] = async (
    checkpoint,
    questions,
    { sampling: { temperature }, signal, onProgress }: BatchOptions,
  ) => {
    await beforeBatch(batches++, signal)
    signal?.throwIfAborted()
    return questions.map(({ prompt, seed }, i) => {
      const question = typeof prompt === 'string' ? prompt : prompt.at(-1)!.content
      asked.push({ checkpoint, question, seed, temperature })
      onProgress?.(i + 1)
      const logProbs = Float32Array.of(Math.log(0.5), Math.log(0.125))
      return { ...answer(checkpoint, question, seed, temperature), logProbs }
    })
  }
  /** More characters score higher; of 40 or more it has no room. */
  const scored: string[] = []
  const scores: Pick<RewardScores, 'score' | 'lengths'> = {
    lengths: async (_, responses) => ({
      lengths: responses.map(({ text }) => text.length),
      contextLength: 39,
    }),
    score: async (_, responses, options) => {
      await beforeScores(scorings++)
      options?.signal?.throwIfAborted()
      return responses.map(({ text }) => {
        scored.push(text)
        return { raw: text.length, score: text.length, tokens: text.length }
      })
    },
  }
  const demonstrations = new Demonstrations(context)
  const evaluations = new Evaluations({
    context,
    demonstrations,
    questions: { ask, lengths },
    scores,
  })
  const call = windowCaller(evaluationMethods, evaluationHandlers(evaluations))

  /** @returns the report of an evaluation that is through */
  async function evaluated(change: Partial<EvaluationRequest> = {}): Promise<EvaluationReport> {
    const { job } = await call('evaluation.start', { ...request(), ...change })
    return jobs.wait<EvaluationReport>(job)
  }
  return {
    root,
    workspace,
    db,
    demonstrations,
    jobs,
    changes,
    statuses,
    asked,
    scored,
    evaluations,
    call,
    evaluated,
  }
}

export const request = (): EvaluationRequest => ({
  models: [
    { label: 'base', checkpoint: BASE },
    { label: 'sft', checkpoint: SFT },
    { label: 'rlhf', checkpoint: RLHF },
  ],
  prompts: { from: 'starter-world', seed: 3, split: 'development' },
})

function insertModel(
  db: Parameters<typeof insertRun>[0],
  checkpoint: string,
  {
    name,
    phase,
    parent = null,
    rewards,
  }: {
    readonly name: string
    readonly phase: 'pretrain' | 'sft' | 'reward' | 'ppo'
    readonly parent?: string | null
    readonly rewards?: readonly RewardSource[]
  },
): void {
  const id = checkpoint.replace(/-step-\d+$/, '')
  if (findRun(db, id)) return
  const model = resolveModel(parseModelShape({ nLayer: 1, nHead: 2, nEmbd: 16, contextLength: 100 }), 300)
  insertRun(db, {
    id,
    name,
    phase,
    status: 'finished',
    parentCheckpoint: parent,
    tokenizer: 'tok-1',
    model: phase === 'reward' ? { ...model, head: 'score' } : model,
    config: {},
    data: { sources: [], ...(rewards ? { ppo: { rewards } } : {}) },
    steps: 10,
  } as never)
  saveCheckpoint(db, {
    id: checkpoint,
    run: id,
    step: 10,
    createdAt: '2026-01-01T00:00:00.000Z',
    folder: `checkpoints/${id}/step-00000010`,
    bytes: 1,
    weightsSha256: '0'.repeat(64),
    manifestSha256: '0'.repeat(64),
    evalLoss: null,
    fingerprint: 'test',
    status: 'verified',
  })
}
