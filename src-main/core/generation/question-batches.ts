// Many questions to one checkpoint, answered together: for exhibits and evaluations.
import type { ChatMode } from '../../../src-shared/contract/chat-contract.ts'
import type { engineTopics, Sampling } from '../../../src-shared/contract/engine-contract.ts'
import type { TopicPayload } from '../../../src-shared/contract/method.ts'
import { chatStopTokens, type Message, renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import { rawPrompt, templatePrompt } from '../../../src-shared/tokenizer/prompts.ts'
import { specialId } from '../../../src-shared/tokenizer/special-id.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import { checkpointModel, type ModelParts } from './checkpoint-model.ts'
import { cancelled } from './residency.ts'

export interface BatchQuestion {
  /** One question, or all that is said before the answer. In mode `raw`, a text to be continued. */
  readonly prompt: string | readonly Message[]
  readonly seed: number
}

export interface BatchAnswer {
  /** Without the token that ended it. */
  readonly text: string
  /** The model ended it itself, rather than being cut off. */
  readonly stopped: boolean
}

export interface WrittenAnswer extends BatchAnswer {
  /** Of each of its tokens, the one that ended it included; nats, at temperature 1 with nothing filtered. */
  readonly logProbs: Float32Array
}

export interface BatchOptions {
  readonly mode: ChatMode
  readonly sampling: Omit<Sampling, 'seed'>
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number) => void
}

export class QuestionBatches {
  private readonly parts: ModelParts
  private readonly listeners = new Map<string, (done: number) => void>()
  private next = 1

  constructor(parts: ModelParts) {
    this.parts = parts
  }

  hear({ generation, done }: TopicPayload<typeof engineTopics, 'batchProgress'>): void {
    this.listeners.get(generation)?.(done)
  }

  /**
   * Tokens of each prompt through the chat template, and how many the model reads: `ask` leaves out what is before them.
   * @throws LabError `not-found`, `damaged` for the checkpoint
   */
  async lengths(
    checkpoint: string,
    prompts: readonly (readonly Message[])[],
  ): Promise<{ lengths: number[]; contextLength: number }> {
    const { run, tokenizer } = await checkpointModel(this.parts.context, this.parts.tokenizers, checkpoint)
    const lengths = prompts.map(prompt => rendered(tokenizer, 'template', prompt).length)
    return { lengths, contextLength: run.model.contextLength }
  }

  /**
   * @returns answers in the order of the questions
   * @throws LabError `cancelled` when `signal` ends it; `not-found`, `damaged` for the checkpoint
   */
  async ask(
    checkpoint: string,
    questions: readonly BatchQuestion[],
    { mode, sampling, signal, onProgress }: BatchOptions,
  ): Promise<WrittenAnswer[]> {
    const { run, tokenizer } = await checkpointModel(this.parts.context, this.parts.tokenizers, checkpoint)
    const { model } = run
    const generation = `batch-${this.next++}`
    const stopTokens = mode === 'raw' ? [specialId(tokenizer, '<|endoftext|>')] : chatStopTokens(tokenizer)
    const request = {
      generation,
      checkpoint,
      model,
      sampling: { ...sampling, seed: 0 },
      stopTokens: Int32Array.from(stopTokens),
      prompts: questions.map(({ prompt, seed }) => ({
        tokens: Int32Array.from(rendered(tokenizer, mode, prompt)).slice(-model.contextLength),
        seed,
      })),
    }
    // A lost engine ends the generation too, which says so.
    const stop = () =>
      void this.parts.supervisor.call('engine.stopGeneration', { generation }).catch(() => {})
    if (onProgress) this.listeners.set(generation, onProgress)
    try {
      const { texts } = await this.parts.residency.use(
        { checkpoint, model },
        () => {
          signal?.addEventListener('abort', stop, { once: true })
          return this.parts.supervisor.call('engine.generateBatch', request)
        },
        signal ? { signal } : {},
      )
      if (signal?.aborted) throw cancelled()
      return texts.map(({ tokens, logProbs, stopped }) => ({
        text: tokenizer.decode(stopped === 'end' ? tokens.slice(0, -1) : tokens),
        stopped: stopped === 'end',
        logProbs,
      }))
    } finally {
      signal?.removeEventListener('abort', stop)
      this.listeners.delete(generation)
    }
  }
}

function rendered(tokenizer: Tokenizer, mode: ChatMode, prompt: BatchQuestion['prompt']): readonly number[] {
  if (typeof prompt === 'string') return (mode === 'raw' ? rawPrompt : templatePrompt)(tokenizer, prompt)
  if (mode === 'raw') throw new Error('messages have no form without the chat template')
  return renderChat(tokenizer, prompt, { addGenerationPrompt: true }).tokens
}
