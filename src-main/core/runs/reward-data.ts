// Phase 3's data: which prompts stand in batch (step, micro), each with all its responses and all their pairs; and the fresh
// answers of the fine-tuned model that the reward is normalised on.
import * as v from 'valibot'
import { preferenceBatch } from '../../../src-shared/batches/preference-batch.ts'
import { type PreferenceExample, responseTokens } from '../../../src-shared/batches/preference-example.ts'
import { parseRewardConfig, type RewardConfig } from '../../../src-shared/config/reward-config.ts'
import { type ChatMessage, chatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import type { PreferenceBatch } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { preferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { permutedIndex } from '../../../src-shared/random/counter.ts'
import { renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import { specialId } from '../../../src-shared/tokenizer/special-id.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { Run } from '../database/queries/runs.ts'
import { readSnapshot, writeSnapshot } from '../datasets/snapshot.ts'
import type { JobControl } from '../jobs/jobs.ts'
import { type EncodedPreferences, encodePreferences } from '../rankings/encoded.ts'
import type { PreferenceRunData } from './run-data.ts'
import type { RunParts } from './training-session.ts'

/** A fresh answer of the fine-tuned model. */
const referenceRow = v.object({ prompt: v.array(chatMessage), text: v.string(), stopped: v.boolean() })
export type ReferenceAnswer = v.InferOutput<typeof referenceRow>

/** Fresh answers are drawn as phase 4 will draw them: temperature 1, no filter. */
const SAMPLING = { temperature: 1, topK: 0, topP: 1 }
/** Longest fresh answer, in tokens, where the context leaves so much. */
const ANSWER_TOKENS = 128
/** Two, so that it shows how much scores vary between answers to the same prompt. */
const ANSWERS_PER_PROMPT = 2
/** Answers scored in one batch. */
const REFERENCE_BATCH = 32

type Shape = Pick<RewardConfig, 'batchSize' | 'gradientAccumulationSteps' | 'seed'> & {
  readonly contextLength: number
  readonly padToken: number
}

export class RewardData implements PreferenceRunData {
  readonly stepsPerEpoch: number
  private readonly prompts: Pick<EncodedPreferences, 'train' | 'validation'>
  private readonly reference: readonly PreferenceExample[]
  private readonly referenceHash: string | undefined
  private readonly shape: Shape

  /**
   * @param reference answers as examples without pairs, and the file that they are kept in
   * @throws LabError `bad-input` when there is no pair to train on
   */
  constructor(
    prompts: Pick<EncodedPreferences, 'train' | 'validation' | 'refused'>,
    reference: { readonly answers: readonly PreferenceExample[]; readonly hash?: string },
    shape: Shape,
  ) {
    if (prompts.train.length === 0) throw nothingToCompare(prompts.refused.length)
    this.prompts = prompts
    this.reference = reference.answers
    this.referenceHash = reference.hash
    this.shape = shape
    this.stepsPerEpoch = prompts.train.length / (shape.batchSize * shape.gradientAccumulationSteps)
  }

  /** Prompts (step · accumulation + micro) · batchSize … of the epochs one after another, each in an order of its own. */
  preferenceBatch(step: number, micro: number): PreferenceBatch {
    const { batchSize, gradientAccumulationSteps, seed } = this.shape
    const { train } = this.prompts
    const first = (step * gradientAccumulationSteps + micro) * batchSize
    return this.assemble(
      Array.from({ length: batchSize }, (_, i) => {
        const [epoch, within] = [Math.floor((first + i) / train.length), (first + i) % train.length]
        return train[permutedIndex(within, train.length, seed, 'reward/order', epoch)]!
      }),
    )
  }

  preferenceEvalBatch(part: 'validation' | 'reference', index: number): PreferenceBatch | null {
    const size = part === 'validation' ? this.shape.batchSize : REFERENCE_BATCH
    const of: readonly PreferenceExample[] = part === 'validation' ? this.prompts.validation : this.reference
    const examples = of.slice(index * size, (index + 1) * size)
    return examples.length === 0 ? null : this.assemble(examples)
  }

  describe(data: Run['data']): Run['data'] {
    const { referenceHash: reference } = this
    return reference ? { ...data, preferences: { ...data.preferences!, reference } } : data
  }

  close(): void {}

  private assemble(examples: readonly PreferenceExample[]): PreferenceBatch {
    return preferenceBatch(examples, this.shape.contextLength, this.shape.padToken)
  }
}

export const nothingToCompare = (refused: number): LabError =>
  new LabError({
    code: 'bad-input',
    what:
      refused === 0
        ? 'there is no pair of responses to train on'
        : `all ${refused.toLocaleString('en-US')} prompts with a pair are refused`,
    fix:
      refused === 0
        ? 'rank some responses, or import comparisons'
        : 'use shorter responses, or start from a model with a longer context; the list of refused prompts says why',
  })

/**
 * @param stop ends the sampling of fresh answers
 * @throws LabError `damaged` when the rows that the run was started with are gone or changed; `cancelled`; `engine-lost`
 */
export async function openRewardData(
  parts: RunParts,
  run: Run,
  tokenizer: Tokenizer,
  stop: AbortSignal,
): Promise<RewardData> {
  const { context } = parts
  const config = parseRewardConfig(run.config, run.id)
  const { contextLength } = run.model
  const shape: Shape = { ...config, contextLength, padToken: specialId(tokenizer, '<|pad|>') }
  let data: RewardData | undefined
  const job = context.jobs.start('tokenize', 'Reading the preferences', async control => {
    const rows = readSnapshot(context.workspace, run.data.preferences!.hash, preferenceRow, 'preferences')
    const prompts = await encodePreferences(rows, tokenizer, { ...config, contextLength })
    const ask = () =>
      sampleReference(
        parts,
        run,
        tokenizer,
        config,
        (prompts.validation.length > 0 ? prompts.validation : prompts.train).map(({ messages }) => messages),
        control,
      )
    const hash = run.data.preferences!.reference ?? (await ask())
    const answers: PreferenceExample[] = []
    for await (const { prompt, text, stopped } of readReference(parts, hash)) {
      const tokens = responseTokens(tokenizer, prompt, { text, stopped })
      // Half a character, written by a young model, is read as more tokens than it was written in.
      answers.push({ responses: [Int32Array.from(tokens.slice(0, contextLength))], pairs: [] })
    }
    data = new RewardData(prompts, { answers, hash }, shape)
  })
  const cancel = () => context.jobs.cancel(job.id)
  stop.addEventListener('abort', cancel, { once: true })
  try {
    await job.done
  } finally {
    stop.removeEventListener('abort', cancel)
  }
  return data!
}

/** The fresh answers that a run's rewards are normalised on. @throws LabError `damaged` */
export const readReference = ({ context }: Pick<RunParts, 'context'>, hash: string) =>
  readSnapshot(context.workspace, hash, referenceRow, 'reference answers')

/**
 * Lets the parent answer prompts of the run, of validation where there are any, and keeps what it says: a run that
 * is resumed normalises on the same answers.
 * @returns SHA-256 of their file
 */
async function sampleReference(
  { context, questions }: RunParts,
  run: Run,
  tokenizer: Tokenizer,
  { referenceSamples, seed }: RewardConfig,
  prompts: readonly (readonly ChatMessage[])[],
  job: JobControl,
): Promise<string> {
  const { contextLength } = run.model
  const lengthOf = (messages: readonly ChatMessage[]) =>
    renderChat(tokenizer, messages, { addGenerationPrompt: true }).tokens.length
  const distinct = [...new Map(prompts.map(prompt => [JSON.stringify(prompt), prompt])).values()]
  // A prompt that fills the context leaves no room for an answer.
  const roomy = distinct.filter(prompt => lengthOf(prompt) <= contextLength / 2)
  const chosen = roomy.length > 0 ? roomy : distinct
  const longest = chosen.reduce((most, prompt) => Math.max(most, lengthOf(prompt)), 0)
  const asked = Array.from({ length: referenceSamples }, (_, i) => ({
    prompt:
      chosen[
        permutedIndex(
          Math.floor(i / ANSWERS_PER_PROMPT) % chosen.length,
          chosen.length,
          seed,
          'reward/reference',
        )
      ]!,
    seed: seed + i,
  }))
  const maxTokens = Math.max(1, Math.min(ANSWER_TOKENS, contextLength - longest))
  const sampled = (done: number) =>
    job.progress({ done, total: referenceSamples, unit: 'answers', note: 'sampling reference answers' })
  sampled(0)
  const answers = await questions.ask(run.parentCheckpoint!, asked, {
    mode: 'template',
    sampling: { ...SAMPLING, maxTokens },
    signal: job.signal,
    onProgress: sampled,
  })
  return writeSnapshot(
    context.workspace,
    answers.map(
      ({ text, stopped }, i): ReferenceAnswer => ({ prompt: [...asked[i]!.prompt], text, stopped }),
    ),
  )
}
