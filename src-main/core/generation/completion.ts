// Phase 1's playground: the next-token distribution after a text, and text running on from it.

import type { engineTopics } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { LabMethods } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers, TopicPayload } from '../../../src-shared/contract/method.ts'
import { bitsPerByte } from '../../../src-shared/metrics/metrics.ts'
import { filteredProbabilities } from '../../../src-shared/sampling/filters.ts'
import { StreamDecoder } from '../../../src-shared/tokenizer/stream-decoder.ts'
import { SPECIAL_TOKENS, type Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import { countUnknown } from '../../../src-shared/tokenizer/unknown-characters.ts'
import { absolute } from '../checkpoints/layout.ts'
import { requireWell, verifyFolder } from '../checkpoints/verify.ts'
import type { CoreContext } from '../context.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import { getRun, type Run } from '../database/queries/runs.ts'
import type { EngineSupervisor } from '../engine-supervisor/engine-supervisor.ts'
import { pieceOf } from '../tokenizers/pieces.ts'
import type { Tokenizers } from '../tokenizers/tokenizers.ts'

type CompletionMethods = Pick<LabMethods, 'completion.next' | 'generation.start' | 'generation.stop'>

interface Generation {
  /** What its tokens are decoded with; null while its model is being looked up. */
  reader: { readonly tokenizer: Tokenizer; readonly decoder: StreamDecoder } | null
  /** Asked to stop before the engine had it. */
  stop: boolean
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
  private readonly context: CoreContext
  private readonly tokenizers: Tokenizers
  private readonly supervisor: EngineSupervisor
  private readonly underWay = new Map<string, Generation>()

  constructor(context: CoreContext, tokenizers: Tokenizers, supervisor: EngineSupervisor) {
    this.context = context
    this.tokenizers = tokenizers
    this.supervisor = supervisor
  }

  /** The engine's stream of tokens, on its way to the screen as pieces of text that never split a character. */
  hear({ generation, index, token, logProb }: TopicPayload<typeof engineTopics, 'token'>): void {
    const reader = this.underWay.get(generation)?.reader
    if (!reader) return
    const { tokenizer, decoder } = reader
    const piece = pieceOf(tokenizer, token)
    const text = piece.special ? decoder.end() : decoder.push(token)
    this.context.publish('generation', { generation, index, piece, text, logProb })
  }

  readonly handlers: Handlers<CompletionMethods> = {
    'completion.next': async ({ checkpoint, text, after, temperature, topK, topP, count }) => {
      const { run, tokenizer } = await this.modelOf(checkpoint)
      const tokens = this.prompt(tokenizer, text, after)
      const seen = tokens.slice(-run.model.contextLength)
      const { logProbs } = await this.supervisor.call('engine.nextToken', {
        checkpoint,
        model: run.model,
        tokens: seen,
      })
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
    'generation.start': async ({ generation, checkpoint, text, after, sampling }) => {
      if (this.underWay.has(generation))
        throw new LabError({
          code: 'conflict',
          what: `generation ${generation} is already under way`,
          fix: 'use another id',
        })
      const state: Generation = { reader: null, stop: false }
      this.underWay.set(generation, state)
      try {
        const { run, tokenizer } = await this.modelOf(checkpoint)
        if (state.stop)
          return { text: '', tokens: new Int32Array(), logProbs: [], stopped: 'stopped', tokensPerSecond: 0 }
        state.reader = { tokenizer, decoder: new StreamDecoder(tokenizer) }
        const startedMs = performance.now()
        const { tokens, logProbs, stopped } = await this.supervisor.call('engine.generate', {
          generation,
          checkpoint,
          model: run.model,
          tokens: this.prompt(tokenizer, text, after).slice(-run.model.contextLength),
          sampling,
          stopTokens: Int32Array.of(endOfText(tokenizer)),
        })
        const written = stopped === 'end' ? tokens.slice(0, -1) : tokens
        return {
          text: tokenizer.decode(written),
          tokens,
          logProbs: [...logProbs],
          stopped,
          tokensPerSecond: tokens.length / ((performance.now() - startedMs) / 1000),
        }
      } finally {
        this.underWay.delete(generation)
      }
    },
    'generation.stop': async ({ generation }) => {
      const state = this.underWay.get(generation)
      if (state?.reader) await this.supervisor.call('engine.stopGeneration', { generation })
      else if (state) state.stop = true
      return {}
    },
  }

  /** A base model continues documents, so every prompt is the beginning of one. */
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
    return Int32Array.from([endOfText(tokenizer), ...tokenizer.encode(text), ...(after ?? [])])
  }

  /**
   * Loss of a text under a checkpoint, read in windows of the model's context, half of each window being what went before.
   */
  async evaluate(checkpoint: string, text: string): Promise<TextEvaluation> {
    const { run, tokenizer } = await this.modelOf(checkpoint)
    const tokens = this.prompt(tokenizer, text)
    const { contextLength } = run.model
    if (tokens.length < 2)
      throw new LabError({
        code: 'bad-input',
        what: 'the text is empty',
        fix: 'give a text of at least one token',
      })
    const stride = Math.max(1, Math.floor(contextLength / 2))
    let nats = 0
    let counted = 0
    for (let start = 0, done = 0; done < tokens.length - 1; start += stride) {
      const window = tokens.subarray(start, start + contextLength + 1)
      const inputs = window.subarray(0, -1).slice()
      const targets = window.subarray(1).slice()
      targets.fill(-1, 0, done - start)
      const { logProbs } = await this.supervisor.call('engine.logProbs', {
        checkpoint,
        model: run.model,
        batch: { batchSize: 1, length: inputs.length, tokens: inputs, targets },
      })
      for (let i = done - start; i < logProbs.length; i++) nats -= logProbs[i]!
      counted += logProbs.length - (done - start)
      done = start + logProbs.length
    }
    const unknownCharacters = countUnknown(tokenizer, text, tokens.subarray(1))
    const bytes = new TextEncoder().encode(text).length
    return {
      tokens: counted,
      loss: nats / counted,
      bitsPerByte: unknownCharacters > 0 ? null : bitsPerByte(nats, bytes),
      unknownCharacters,
    }
  }

  private async modelOf(checkpoint: string): Promise<{ run: Run; tokenizer: Tokenizer }> {
    const { workspace } = this.context
    const row = getCheckpoint(workspace.db, checkpoint)
    if (row.status !== 'verified') {
      // Read again: the person is told which file it is, and files that came back are used.
      const folder = absolute(workspace, row.folder)
      const { problems } = await verifyFolder(folder, checkpoint, row.manifestSha256)
      requireWell(checkpoint, folder, problems)
    }
    const run = getRun(workspace.db, row.run)
    return { run, tokenizer: await this.tokenizers.get(run.tokenizer!) }
  }
}

const endOfText = (tokenizer: Tokenizer): number => tokenizer.specialTokens.get(SPECIAL_TOKENS[0])!
