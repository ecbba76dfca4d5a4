// Phase 4's data: which prompts are answered in update `step`, what rules give the answers, what the held-out answers are worth,
// and phase 1's texts where they are mixed in.
import { type PpoConfig, PTX_ROWS, parsePpoConfig } from '../../../src-shared/config/ppo-config.ts'
import { parsePretrainConfig } from '../../../src-shared/config/pretrain-config.ts'
import type { engineHostMethods, TokenBatch } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { ParsedInputOf } from '../../../src-shared/contract/method.ts'
import type { RewardSource } from '../../../src-shared/contract/ppo-contract.ts'
import { permutedIndex } from '../../../src-shared/random/counter.ts'
import { chatStopTokens } from '../../../src-shared/tokenizer/chat-template.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import { getRun, type Run } from '../database/queries/runs.ts'
import { readSnapshot } from '../datasets/snapshot.ts'
import { recordHeldOut } from '../ppo/held-out.ts'
import { type EncodedPrompt, encodePrompts, ppoPromptRow } from '../ppo/ppo-prompts.ts'
import { ruleRewards } from '../ppo/rule-rewards.ts'
import { openPretrainData } from './pretrain-data.ts'
import type { PpoRunData, TokenRunData } from './run-data.ts'
import type { RunParts } from './training-session.ts'

type HostMethods = typeof engineHostMethods

interface Prompts {
  readonly train: readonly EncodedPrompt[]
  readonly heldOut: readonly EncodedPrompt[]
}

export class PpoData implements PpoRunData {
  private readonly context: RunParts['context']
  private readonly prompts: Prompts
  private readonly rewards: readonly RewardSource[]
  private readonly config: PpoConfig
  private readonly tokenizer: Tokenizer
  private readonly texts: TokenRunData | null
  private readonly stopTokens: readonly number[]

  /** @param texts phase 1's, where they are mixed in   @throws LabError `bad-input` without a prompt */
  constructor(
    context: RunParts['context'],
    prompts: Prompts,
    rewards: readonly RewardSource[],
    config: PpoConfig,
    tokenizer: Tokenizer,
    texts: TokenRunData | null,
  ) {
    if (prompts.train.length === 0) throw nothingToAsk(0, prompts.heldOut.length)
    this.context = context
    this.prompts = prompts
    this.rewards = rewards
    this.config = config
    this.tokenizer = tokenizer
    this.texts = texts
    this.stopTokens = chatStopTokens(tokenizer)
  }

  /** Prompts step · batchSize … of the epochs one after another, each in an order of its own. */
  rolloutPrompts(step: number): Int32Array<ArrayBuffer>[] {
    return this.rolloutRows(step).map(({ tokens }) => tokens)
  }

  heldOutPrompts(): Int32Array<ArrayBuffer>[] {
    return this.prompts.heldOut.map(({ tokens }) => tokens)
  }

  ruleRewards({
    step,
    of,
    responses,
    stopped,
  }: Omit<ParsedInputOf<HostMethods['host.ruleRewards']>, 'run'>): Float32Array<ArrayBuffer> {
    const rows = of === 'rollouts' ? this.rolloutRows(step) : of === 'held-out' ? this.prompts.heldOut : []
    return ruleRewards(
      this.rewards,
      responses.map((tokens, i) => ({
        row: rows[i]?.row ?? null,
        text: this.written(tokens),
        stopped: stopped[i]!,
        tokens: tokens.length,
      })),
    )
  }

  heldOutAnswers({
    run,
    step,
    responses,
    stopped,
    scores,
    kls,
  }: ParsedInputOf<HostMethods['host.heldOutAnswers']>): Record<string, number> {
    const answers = responses.map((tokens, i) => ({
      text: this.written(tokens),
      stopped: stopped[i]!,
      score: scores[i]!,
      kl: kls[i]!,
    }))
    const rows = this.prompts.heldOut.map(({ row }) => row)
    const metrics = recordHeldOut(this.context.workspace.db, run, step, rows, answers)
    this.context.publish('changed', { what: 'ppo-evaluations' })
    return metrics
  }

  batch(step: number, micro: number): TokenBatch | Promise<TokenBatch> {
    if (this.texts) return this.texts.batch(step, micro)
    throw new Error('no texts of phase 1 are mixed in')
  }

  evalBatch(): null {
    return null
  }

  describe(data: Run['data']): Run['data'] {
    return data
  }

  close(): void {
    this.texts?.close()
  }

  private rolloutRows(step: number): EncodedPrompt[] {
    const { batchSize, seed } = this.config
    const { train } = this.prompts
    return Array.from({ length: batchSize }, (_, i) => {
      const n = step * batchSize + i
      const [epoch, within] = [Math.floor(n / train.length), n % train.length]
      return train[permutedIndex(within, train.length, seed, 'ppo/prompts', epoch)]!
    })
  }

  /** Without the token that ended it. */
  private written(tokens: Int32Array): string {
    const ended = this.stopTokens.includes(tokens.at(-1)!)
    return this.tokenizer.decode(ended ? tokens.subarray(0, -1) : tokens)
  }
}

/** @param refused prompts that leave no room for an answer   @param heldOut prompts that are there, but not to train on */
export function nothingToAsk(refused: number, heldOut: number): LabError {
  const all = (count: number) =>
    count === 1 ? 'the only prompt' : `all ${count.toLocaleString('en-US')} prompts`
  const [what, fix] =
    heldOut > 0
      ? [
          `${all(heldOut)} that could be trained on ${heldOut === 1 ? 'is' : 'are'} held out`,
          'give more prompts, or set validationShare to 0',
        ]
      : refused > 0
        ? [
            `${all(refused)} ${refused === 1 ? 'leaves' : 'leave'} no room for an answer`,
            'use shorter prompts, or a model with a longer context',
          ]
        : ['there is no prompt to train on', 'give some prompts']
  return new LabError({ code: 'bad-input', what, where: 'prompts', fix })
}

/** @throws LabError `damaged` when the prompts that the run was started with are gone or changed; as `openPretrainData` */
export async function openPpoData(parts: RunParts, run: Run, tokenizer: Tokenizer): Promise<PpoData> {
  const { context } = parts
  const config = parsePpoConfig(run.config, run.id)
  const { prompts, rewards } = run.data.ppo!
  let data: PpoData | undefined
  const job = context.jobs.start('tokenize', 'Reading the prompts', async () => {
    const read = async (hash: string) => {
      const rows = readSnapshot(context.workspace, hash, ppoPromptRow, 'prompts')
      return (await encodePrompts(rows, tokenizer, run.model.contextLength)).prompts
    }
    const encoded = { train: await read(prompts.hash), heldOut: await read(prompts.validationHash) }
    const texts = config.ptxCoef > 0 ? await openTexts(parts, run, config) : null
    data = new PpoData(context, encoded, rewards, config, tokenizer, texts)
  })
  await job.done
  return data!
}

/** The texts that the model's base was trained on, in an order of this run's own. */
async function openTexts(parts: RunParts, run: Run, { seed }: PpoConfig): Promise<TokenRunData> {
  const base = baseOf(parts, run)
  const config = { ...parsePretrainConfig(base.config, base.id), batchSize: PTX_ROWS, seed }
  return openPretrainData(parts, {
    ...base,
    model: run.model,
    config: { ...config, gradientAccumulationSteps: 1 },
  })
}

/** The run of phase 1 that a model comes from. @throws LabError `bad-input` where it comes from none that has texts */
export function baseOf({ context }: Pick<RunParts, 'context'>, run: Pick<Run, 'parentCheckpoint'>): Run {
  const { db } = context.workspace
  for (let checkpoint = run.parentCheckpoint; checkpoint !== null; ) {
    const ancestor = getRun(db, getCheckpoint(db, checkpoint).run)
    if (ancestor.phase === 'pretrain' && ancestor.data.sources.length > 0) return ancestor
    checkpoint = ancestor.parentCheckpoint
  }
  throw new LabError({
    code: 'bad-input',
    what: 'the texts that this model was pre-trained on are not in the workspace',
    where: 'ptxCoef',
    expected: 'a base that was trained here',
    fix: 'set ptxCoef to 0',
  })
}
