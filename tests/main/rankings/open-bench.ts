// A workspace with a bench, as a lab opens it, but for the engine: a checkpoint that answers at once, what it says being a
// function of the question and the seed, so that every case of sampling can be brought about.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CoreContext } from '../../../src-main/core/context.ts'
import { Demonstrations } from '../../../src-main/core/demonstrations/demonstrations.ts'
import { FileGrants } from '../../../src-main/core/files/file-grants.ts'
import type { BatchAnswer, QuestionBatches } from '../../../src-main/core/generation/question-batches.ts'
import { Jobs } from '../../../src-main/core/jobs/jobs.ts'
import { Preferences } from '../../../src-main/core/rankings/preferences.ts'
import { rankingsHandlers } from '../../../src-main/core/rankings/rankings-handlers.ts'
import { openWorkspace } from '../../../src-main/core/workspace/workspace.ts'
import type { InputOf, OutputOf } from '../../../src-shared/contract/method.ts'
import { checked } from '../../../src-shared/contract/peer.ts'
import { preferenceMethods } from '../../../src-shared/contract/preferences-contract.ts'
import { temporaryFolder } from '../workspace/temporary-folder.ts'
import { CHECKPOINT, insertWriter, writerTokenizers } from './writer.ts'

type Methods = Omit<
  typeof preferenceMethods,
  'preferences.preview' | 'preferences.import' | 'preferences.rejections'
>

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
  root = temporaryFolder(),
  beforeBatch = async () => {},
}: BenchOptions = {}) {
  const workspace = openWorkspace(join(root, 'workspace'), 'terminal')
  onTestFinished(() => workspace.close())
  const { db } = workspace
  insertWriter(db)
  const changes: string[] = []
  const jobs = new Jobs(() => {})
  const publish: CoreContext['publish'] = (topic, payload) => {
    if (topic === 'changed') changes.push((payload as { what: string }).what)
  }
  const context: CoreContext = { workspace, jobs, publish }
  const files = new FileGrants(workspace)
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
      return answer(typeof prompt === 'string' ? prompt : prompt.at(-1)!.content, seed)
    })
  }
  const handlers = rankingsHandlers(
    { context, tokenizers: writerTokenizers, demonstrations },
    preferences,
    files,
    {
      ask,
    },
  )

  /** As a window calls: what goes in and comes out is checked against the contract. */
  async function call<K extends keyof Methods & string>(
    name: K,
    input: InputOf<Methods[K]>,
  ): Promise<OutputOf<Methods[K]>> {
    const handler = handlers[name] as (input: unknown) => unknown
    const answer = await handler(checked(preferenceMethods[name].input, input, name))
    return checked(preferenceMethods[name].output, answer, name) as OutputOf<Methods[K]>
  }
  function file(name: string, content: string | Uint8Array): string {
    const path = join(root, 'files', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    return files.grant(path)
  }
  /** A bench whose answers are all sampled. */
  async function sampledBench(change: Partial<InputOf<Methods['ranking.create']>> = {}): Promise<string> {
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
