// What a reward model says of texts: one number each, brought to mean 0 and standard deviation 1 over fresh answers of the
// model that it came from.
import { preferenceBatch } from '../../../src-shared/batches/preference-batch.ts'
import { responseTokens } from '../../../src-shared/batches/preference-example.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { LabMethods } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers } from '../../../src-shared/contract/method.ts'
import type { ScoredResponse } from '../../../src-shared/contract/reward-contract.ts'
import { type Message, renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import { specialId } from '../../../src-shared/tokenizer/special-id.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { Run } from '../database/queries/runs.ts'
import { checkpointModel, type ModelParts } from '../generation/checkpoint-model.ts'
import { cancelled } from '../generation/residency.ts'
import { takeTurns } from '../jobs/turns.ts'
import { pieceOf } from '../tokenizers/pieces.ts'
import { rewardScale } from './reward-scale.ts'

/** A response to be scored after what it answers. */
export interface ResponseToScore {
  readonly messages: readonly Message[]
  readonly text: string
  /** It ended by itself, so that it has an end token. */
  readonly stopped: boolean
}

export interface ResponseScore {
  /** What the head gave. */
  readonly raw: number
  /** Normalised. */
  readonly score: number
  /** Of prompt and response. */
  readonly tokens: number
}

/** Tokens that are scored in one call: some dozen short answers, or one long one. */
const TOKENS_AT_ONCE = 4096

interface RewardModel {
  readonly run: Run
  readonly tokenizer: Tokenizer
  readonly normalised: (raw: number) => number
}

export class RewardScores {
  private readonly parts: ModelParts

  constructor(parts: ModelParts) {
    this.parts = parts
  }

  /** Tokens of prompt and response, each, and how many the model takes. @throws LabError as `score` */
  async lengths(
    checkpoint: string,
    responses: readonly ResponseToScore[],
  ): Promise<{ lengths: number[]; contextLength: number }> {
    const { run, tokenizer } = await this.model(checkpoint)
    const texts = await tokensOfAll(tokenizer, responses)
    return { lengths: texts.map(({ length }) => length), contextLength: run.model.contextLength }
  }

  /**
   * @returns scores in the order of the responses
   * @throws LabError `bad-input` for a response that does not fit the context, or a checkpoint that scores nothing;
   *   `cancelled` when `signal` ends it; `not-found`, `damaged` for the checkpoint
   */
  async score(
    checkpoint: string,
    responses: readonly ResponseToScore[],
    { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
  ): Promise<ResponseScore[]> {
    const model = await this.model(checkpoint)
    const texts = await tokensOfAll(model.tokenizer, responses)
    for (const [i, { length }] of texts.entries()) requireRoom(length, model.run, `response ${i + 1}`)
    const scores: ResponseScore[] = []
    for (let first = 0; first < texts.length; ) {
      if (signal?.aborted) throw cancelled()
      let end = first
      for (let tokens = 0; end < texts.length && (end === first || tokens < TOKENS_AT_ONCE); end++)
        tokens += texts[end]!.length
      const raws = await this.scoresAt(checkpoint, model, texts.slice(first, end), ends => [...ends], signal)
      for (const [i, raw] of raws.entries())
        scores.push({ raw, score: model.normalised(raw), tokens: texts[first + i]!.length })
      first = end
      onProgress?.(scores.length)
    }
    return scores
  }

  readonly handlers: Handlers<Pick<LabMethods, 'reward.score'>> = {
    'reward.score': async ({ checkpoint, system, prompt, responses }) => {
      const messages: Message[] = [
        ...(system ? [{ role: 'system', content: system } as const] : []),
        { role: 'user', content: prompt },
      ]
      return {
        responses: await this.prefixScores(
          checkpoint,
          messages,
          responses.map(text => ({ messages, text, stopped: true })),
        ),
      }
    },
  }

  /** Of each response, the score after every token: what the score hangs on. */
  private async prefixScores(
    checkpoint: string,
    messages: readonly Message[],
    responses: readonly ResponseToScore[],
  ): Promise<ScoredResponse[]> {
    const model = await this.model(checkpoint)
    const { tokenizer, normalised } = model
    const before = renderChat(tokenizer, messages, { addGenerationPrompt: true }).tokens.length
    const scored: ScoredResponse[] = []
    for (const [i, response] of responses.entries()) {
      const tokens = Int32Array.from(tokensOf(tokenizer, response))
      requireRoom(tokens.length, model.run, `response ${i + 1}`)
      const raws = await this.scoresAt(checkpoint, model, [tokens], ([end]) =>
        Array.from({ length: tokens.length - before + 1 }, (_, n) => end! - (tokens.length - before) + n),
      )
      const [promptScore, ...prefixScores] = raws.map(normalised)
      const raw = raws.at(-1)!
      scored.push({
        score: normalised(raw),
        raw,
        pieces: [...tokens.subarray(before)].map(id => pieceOf(tokenizer, id)),
        prefixScores,
        promptScore: promptScore!,
      })
    }
    return scored
  }

  /** @param places where to read, from the places of the texts' last tokens */
  private async scoresAt(
    checkpoint: string,
    { run, tokenizer }: RewardModel,
    texts: readonly Int32Array[],
    places: (ends: Int32Array) => number[],
    signal?: AbortSignal,
  ): Promise<number[]> {
    const { model } = run
    const { batchSize, length, tokens, segmentStarts, ends } = preferenceBatch(
      texts.map(text => ({ responses: [text], pairs: [] })),
      model.contextLength,
      specialId(tokenizer, '<|pad|>'),
    )
    const batch = { batchSize, length, tokens, segmentStarts, ends: Int32Array.from(places(ends)) }
    const { scores } = await this.parts.residency.use(
      { checkpoint, model },
      () => this.parts.supervisor.call('engine.score', { checkpoint, model, batch }),
      signal ? { signal } : {},
    )
    return [...scores]
  }

  private async model(checkpoint: string): Promise<RewardModel> {
    const { run, tokenizer } = await checkpointModel(
      this.parts.context,
      this.parts.tokenizers,
      checkpoint,
      'score',
    )
    const { mean, std } = rewardScale(this.parts.context.workspace, checkpoint)
    // Scores that are all alike have no scale of their own.
    return { run, tokenizer, normalised: raw => (raw - mean) / (std || 1) }
  }
}

const tokensOf = (tokenizer: Tokenizer, { messages, ...response }: ResponseToScore): readonly number[] =>
  responseTokens(tokenizer, messages, response)

/** Thousands of long texts take seconds. */
async function tokensOfAll(
  tokenizer: Tokenizer,
  responses: readonly ResponseToScore[],
): Promise<Int32Array<ArrayBuffer>[]> {
  const othersTurn = takeTurns()
  const texts: Int32Array<ArrayBuffer>[] = []
  for (const response of responses) {
    texts.push(Int32Array.from(tokensOf(tokenizer, response)))
    await othersTurn()
  }
  return texts
}

function requireRoom(length: number, { model: { contextLength } }: Run, where: string): void {
  if (length <= contextLength) return
  throw new LabError({
    code: 'bad-input',
    what: 'prompt and response do not fit the context of the reward model',
    where,
    expected: `at most ${contextLength} tokens`,
    got: `${length} tokens`,
    fix: 'shorten the prompt or the response',
  })
}
