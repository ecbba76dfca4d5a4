// A workspace with a bench, as a lab opens it, but for the engine: a checkpoint that answers at once, what it says being a
// function of the question and the seed, so that every case of sampling can be brought about.
import { Demonstrations } from '../../../src-main/core/demonstrations/demonstrations.ts'
import type { BatchAnswer, QuestionBatches } from '../../../src-main/core/generation/question-batches.ts'
import { Preferences } from '../../../src-main/core/rankings/preferences.ts'
import { rankingsHandlers } from '../../../src-main/core/rankings/rankings-handlers.ts'
import type { InputOf } from '../../../src-shared/contract/method.ts'
import { preferenceMethods } from '../../../src-shared/contract/preferences-contract.ts'
import { openContext, windowCaller } from '../workspace/open-context.ts'
import { CHECKPOINT, insertWriter, writerTokenizers } from './writer.ts'

export interface BenchOptions {
  /** What the checkpoint says to a last question; by default something else for every seed. */
  readonly answer?: (question: string, seed: number) => BatchAnswer
  /** Where the workspace is, to open one again. */
  readonly root?: string
  /** Waited for before a batch is answered. */
  readonly beforeBatch?: (number: number, signal: AbortSignal | undefined) => Promise<void>
}

export function openBench({
  answer = (question, seed) => ({ text: `${question} ${seed}`, stopped: seed % 3 > 0 }),
  root: given,
  beforeBatch = async () => {},
}: BenchOptions = {}) {
  const { root, workspace, jobs, changes, context, files, file } = openContext(given)
  const { db } = workspace
  insertWriter(db)
  const demonstrations = new Demonstrations(context)
  const preferences = new Preferences(context)
  const asked: { prompt: unknown; seed: number }[] = []
  let batches = 0
  const ask: QuestionBatches['ask'] = async (_, questions, { signal, onProgress }) => {
    await beforeBatch(batches++, signal)
    signal?.throwIfAborted()
    return questions.map(({ prompt, seed }, i) => {
      asked.push({ prompt, seed })
      onProgress?.(i + 1)
      const said = answer(typeof prompt === 'string' ? prompt : prompt.at(-1)!.content, seed)
      return { ...said, logProbs: new Float32Array() }
    })
  }
  const parts = { context, tokenizers: writerTokenizers, demonstrations }
  const call = windowCaller(preferenceMethods, rankingsHandlers(parts, preferences, files, { ask }))

  /** A bench whose answers are all sampled. */
  async function sampledBench(
    change: Partial<InputOf<(typeof preferenceMethods)['ranking.create']>> = {},
  ): Promise<string> {
    const { set, job } = await call('ranking.create', { ...benchRequest(), ...change })
    await jobs.wait(job)
    return set
  }
  return {
    root,
    workspace,
    db,
    jobs,
    changes,
    asked,
    files,
    demonstrations,
    preferences,
    call,
    file,
    sampledBench,
  }
}

export type OpenBench = ReturnType<typeof openBench>

export const questions = (count: number) => Array.from({ length: count }, (_, i) => `question ${i}?`)

export const benchRequest = (prompts: readonly string[] = questions(12)) => ({
  checkpoint: CHECKPOINT,
  prompts: { from: 'text' as const, prompts: [...prompts] },
  responses: 4,
  sampling: { maxTokens: 20, temperature: 1, topK: 0, topP: 1, seed: 5 },
})
