// Phase 1's playground: the next-token distribution after a text, and text running on from it.

import type { engineTopics } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { LabMethods } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers, TopicPayload } from '../../../src-shared/contract/method.ts'
import { bitsPerByte } from '../../../src-shared/metrics/metrics.ts'
import { filteredProbabilities } from '../../../src-shared/sampling/filters.ts'
import { rawPrompt } from '../../../src-shared/tokenizer/prompts.ts'
import { specialId } from '../../../src-shared/tokenizer/special-id.ts'
import { StreamDecoder } from '../../../src-shared/tokenizer/stream-decoder.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import { countUnknown } from '../../../src-shared/tokenizer/unknown-characters.ts'
import { pieceOf } from '../tokenizers/pieces.ts'
import { type CheckpointModel, checkpointModel, type ModelParts } from './checkpoint-model.ts'
import { tokenLogProbs } from './token-log-probs.ts'

type CompletionMethods = Pick<LabMethods, 'completion.next' | 'generation.start' | 'generation.stop'>

interface Generation {
  /** What its tokens are decoded with; null while its model is being looked up. */
  reader: { readonly tokenizer: Tokenizer; readonly decoder: StreamDecoder } | null
  /** Asked to stop: until the engine has it, that ends the wait for it. */
  readonly abort: AbortController
}

/** How surprised a model is by a text. */
export interface TextEvaluation {
  readonly tokens: number
  /** Nats per token. */
  readonly loss: number
  /** null when the tokenizer cannot spell the text: what it read was another one. */
  readonly bitsPerByte: number | null
  /** Characters that became U+FFFD. */
  readonly unknownCharacters: number
}

export class Completion {
  private readonly parts: ModelParts
  private readonly underWay = new Map<string, Generation>()

  constructor(parts: ModelParts) {
    this.parts = parts
  }

  /** The engine's stream of tokens, on its way to the screen as pieces of text that never split a character. */
  hear({ generation, index, token, logProb }: TopicPayload<typeof engineTopics, 'token'>): void {
    const reader = this.underWay.get(generation)?.reader
    if (!reader) return
    const { tokenizer, decoder } = reader
    const piece = pieceOf(tokenizer, token)
    const text = piece.special ? decoder.end() : decoder.push(token)
    this.parts.context.publish('generation', { generation, index, piece, text, logProb })
  }

  readonly handlers: Handlers<CompletionMethods> = {
    'completion.next': async ({ checkpoint, text, after, temperature, topK, topP, count }) => {
      const { run, tokenizer } = await this.modelOf(checkpoint)
      const tokens = this.prompt(tokenizer, text, after)
      const seen = tokens.slice(-run.model.contextLength)
      const { model } = run
      const { logProbs } = await this.parts.residency.use({ checkpoint, model }, () =>
        this.parts.supervisor.call('engine.nextToken', { checkpoint, model, tokens: seen }),
      )
      const sampling = filteredProbabilities(logProbs, { temperature, topK, topP })
      const likeliest = Array.from(logProbs.keys()).sort((a, b) => logProbs[b]! - logProbs[a]! || a - b)
      let entropyBits = 0
      for (const logProb of logProbs)
        if (logProb > Number.NEGATIVE_INFINITY) entropyBits -= (Math.exp(logProb) * logProb) / Math.LN2
      return {
        prompt: Array.from(tokens, token => pieceOf(tokenizer, token)),
        cutOff: tokens.length - seen.length,
        next: likeliest.slice(0, count).map(token => ({
          piece: pieceOf(tokenizer, token),
          probability: Math.exp(logProbs[token]!),
          sampling: sampling[token]!,
        })),
        entropyBits,
        vocabularySize: tokenizer.vocabularySize,
      }
    },
    'generation.start': async ({ generation, checkpoint, text, after, sampling, stopTokens = [] }) => {
      if (this.underWay.has(generation))
        throw new LabError({
          code: 'conflict',
          what: `generation ${generation} is already under way`,
          fix: 'use another id',
        })
      const state: Generation = { reader: null, abort: new AbortController() }
      const { signal } = state.abort
      this.underWay.set(generation, state)
      try {
        const { run, tokenizer } = await this.modelOf(checkpoint)
        const { model } = run
        const prompt = this.prompt(tokenizer, text, after).slice(-model.contextLength)
        const written = await this.parts.residency.use(
          { checkpoint, model },
          async () => {
            const startedMs = performance.now()
            state.reader = { tokenizer, decoder: new StreamDecoder(tokenizer) }
            const result = await this.parts.supervisor.call('engine.generate', {
              generation,
              checkpoint,
              model,
              tokens: prompt,
              sampling,
              stopTokens: Int32Array.of(specialId(tokenizer, '<|endoftext|>'), ...stopTokens),
            })
            return { ...result, seconds: (performance.now() - startedMs) / 1000 }
          },
          { signal },
        )
        const { tokens, logProbs, stopped, seconds } = written
        return {
          text: tokenizer.decode(stopped === 'end' ? tokens.slice(0, -1) : tokens),
          tokens,
          logProbs: [...logProbs],
          stopped,
          tokensPerSecond: tokens.length / seconds,
        }
      } catch (error) {
        if (!signal.aborted || state.reader) throw error
        return { text: '', tokens: Int32Array.of(), logProbs: [], stopped: 'stopped', tokensPerSecond: 0 }
      } finally {
        this.underWay.delete(generation)
      }
    },
    'generation.stop': async ({ generation }) => {
      const state = this.underWay.get(generation)
      state?.abort.abort()
      if (state?.reader) await this.parts.supervisor.call('engine.stopGeneration', { generation })
      return {}
    },
  }

  private prompt(tokenizer: Tokenizer, text: string, after?: Int32Array): Int32Array {
    const beyond = after?.find(token => token < 0 || token >= tokenizer.vocabularySize)
    if (beyond !== undefined)
      throw new LabError({
        code: 'bad-input',
        what: `there is no token ${beyond} in this model's vocabulary`,
        where: 'after',
        expected: `ids from 0 to ${tokenizer.vocabularySize - 1}`,
        fix: 'take the tokens anew with this model',
      })
    return Int32Array.from([...rawPrompt(tokenizer, text), ...(after ?? [])])
  }

  /**
   * Loss of a text under a checkpoint, read in windows of the model's context, half of each window being what went before.
   */
  async evaluate(checkpoint: string, text: string): Promise<TextEvaluation> {
    const { run, tokenizer } = await this.modelOf(checkpoint)
    const tokens = this.prompt(tokenizer, text)
    if (tokens.length < 2)
      throw new LabError({
        code: 'bad-input',
        what: 'the text is empty',
        fix: 'give a text of at least one token',
      })
    const { model } = run
    const logProbs = await tokenLogProbs(this.parts, { checkpoint, model }, tokens, 1)
    const nats = -logProbs.reduce((sum, each) => sum + each, 0)
    const counted = logProbs.length
    const unknownCharacters = countUnknown(tokenizer, text, tokens.subarray(1))
    const bytes = new TextEncoder().encode(text).length
    return {
      tokens: counted,
      loss: nats / counted,
      bitsPerByte: unknownCharacters > 0 ? null : bitsPerByte(nats, bytes),
      unknownCharacters,
    }
  }

  private modelOf(checkpoint: string): Promise<CheckpointModel> {
    return checkpointModel(this.parts.context, this.parts.tokenizers, checkpoint)
  }
}
