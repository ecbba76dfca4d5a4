// One answer being written: waits for its checkpoint, hears the engine's tokens, tells the screens and keeps the result.
import type { ChatMode, ChatSampling, WrittenToken } from '../../../src-shared/contract/chat-contract.ts'
import type { engineTopics } from '../../../src-shared/contract/engine-contract.ts'
import { toFacts } from '../../../src-shared/contract/errors.ts'
import type { TopicPayload } from '../../../src-shared/contract/method.ts'
import { StreamDecoder } from '../../../src-shared/tokenizer/stream-decoder.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import { type AnswerProgress, saveAnswer } from '../database/queries/chat-answers.ts'
import { checkpointModel, type ModelParts } from '../generation/checkpoint-model.ts'
import { pieceOf } from '../tokenizers/pieces.ts'
import { type ColumnConversation, chatPrompt } from './chat-prompt.ts'

export interface AnswerRequest {
  /** Id of its row, which is there already. */
  readonly answer: number
  readonly conversation: string
  readonly turn: number
  readonly column: number
  readonly checkpoint: string
  readonly mode: ChatMode
  readonly sampling: ChatSampling
  readonly seed: number
  readonly reads: Omit<ColumnConversation, 'mode'>
}

/** Between two pushes to the screens. */
const PUSH_MS = 50
/** Between two saves of an unfinished answer, what the end of the process can cost; and their largest share of the time. */
const SAVE_MS = 2000
const SAVE_SHARE = 0.05
/** Likeliest tokens told at every place. */
const ALTERNATIVES = 6

export class AnswerWriter {
  readonly request: AnswerRequest
  /** Settles when the answer has ended, however it did; never rejects. */
  readonly ended: Promise<void>
  private readonly parts: ModelParts
  private readonly abort = new AbortController()
  private reader: { tokenizer: Tokenizer; decoder: StreamDecoder; stopTokens: Int32Array } | null = null
  private readonly tokens: WrittenToken[] = []
  private progress: Omit<AnswerProgress, 'tokens'> = {
    state: 'waiting',
    text: '',
    stopped: null,
    tokensPerSecond: null,
    cutOff: 0,
    swapped: false,
    error: null,
  }
  private writingSinceMs = 0
  private told = { tokens: 0, characters: 0 }
  private pushTimer: ReturnType<typeof setTimeout> | null = null
  private nextSaveMs = performance.now() + SAVE_MS
  private kept = false

  constructor(parts: ModelParts, request: AnswerRequest) {
    this.parts = parts
    this.request = request
    this.ended = this.run()
  }

  /** Of the engine. */
  get generation(): string {
    return `chat-${this.request.answer}`
  }

  get isOver(): boolean {
    return this.progress.state === 'done' || this.progress.state === 'failed'
  }

  /** Whether its row says how it ended. A disk that refuses leaves it to this object. */
  get isKept(): boolean {
    return this.kept
  }

  /** As it stands now. */
  current(): AnswerProgress {
    return { ...this.progress, tokens: this.tokens }
  }

  /** What was written by then stays. */
  stop(): void {
    if (this.abort.signal.aborted) return
    this.abort.abort()
    if (this.progress.state === 'writing')
      void this.parts.supervisor
        .call('engine.stopGeneration', { generation: this.generation })
        // A lost engine ends the generation too, which says so.
        .catch(() => {})
  }

  /** A token of this answer, from the engine. */
  hear({ token, logProb, alternatives }: TopicPayload<typeof engineTopics, 'token'>): void {
    if (!this.reader) return
    const { tokenizer, decoder, stopTokens } = this.reader
    const choice = (id: number, logProb: number) => ({ piece: pieceOf(tokenizer, id), logProb })
    this.tokens.push({
      ...choice(token, logProb),
      alternatives: Array.from(alternatives?.tokens ?? [], (id, i) => choice(id, alternatives!.logProbs[i]!)),
    })
    this.progress.text += stopTokens.includes(token) ? decoder.end() : decoder.push(token)
    this.progress.tokensPerSecond = this.rate()
    if (this.pushTimer === null) this.push()
  }

  private async run(): Promise<void> {
    this.tell()
    const { supervisor, residency } = this.parts
    const { checkpoint } = this.request
    const { signal } = this.abort
    try {
      const { model, input } = await this.prepare()
      await residency.use(
        { checkpoint, model },
        async swapped => {
          this.enter('writing', swapped)
          this.writingSinceMs = performance.now()
          const { stopped } = await supervisor.call('engine.generate', input)
          this.progress.stopped = stopped
          this.progress.tokensPerSecond = this.rate()
        },
        { signal, onLoading: swapped => this.enter('loading', swapped) },
      )
      this.progress.state = 'done'
    } catch (error) {
      if (signal.aborted) Object.assign(this.progress, { state: 'done', stopped: 'stopped' })
      else Object.assign(this.progress, { state: 'failed', error: toFacts(error) })
    }
    this.progress.text += this.reader?.decoder.end() ?? ''
    if (this.pushTimer !== null) clearTimeout(this.pushTimer)
    try {
      this.save()
      this.kept = true
    } catch (error) {
      Object.assign(this.progress, { state: 'failed', error: toFacts(error) })
    }
    this.tell()
  }

  /** What the engine is asked for. */
  private async prepare() {
    const { context, tokenizers } = this.parts
    const { checkpoint, mode, reads, sampling, seed } = this.request
    const { run, tokenizer } = await checkpointModel(context, tokenizers, checkpoint)
    const { model } = run
    const { tokens, stopTokens, maxTokens, cutOff } = chatPrompt(
      tokenizer,
      model.contextLength,
      { ...reads, mode },
      sampling.maxTokens,
    )
    this.progress.cutOff = cutOff
    this.reader = { tokenizer, decoder: new StreamDecoder(tokenizer), stopTokens }
    const input = {
      generation: this.generation,
      checkpoint,
      model,
      tokens,
      sampling: { ...sampling, maxTokens, seed },
      stopTokens,
      alternatives: ALTERNATIVES,
    }
    return { model, input }
  }

  private enter(state: 'loading' | 'writing', swapped: boolean): void {
    Object.assign(this.progress, { state, swapped })
    this.tell()
  }

  /** Tokens per second since writing began; null before the first. */
  private rate(): number | null {
    const seconds = (performance.now() - this.writingSinceMs) / 1000
    return this.tokens.length === 0 ? null : this.tokens.length / seconds
  }

  /** Tells what is new, at once and then as often as screens can follow. */
  private push(): void {
    this.tell()
    if (performance.now() > this.nextSaveMs) this.saveUnfinished()
    this.pushTimer = setTimeout(() => {
      this.pushTimer = null
      if (this.tokens.length > this.told.tokens) this.push()
    }, PUSH_MS)
  }

  private tell(): void {
    const { answer, conversation, turn, column } = this.request
    const { text, cutOff: _, ...shown } = this.progress
    const from = this.told.tokens
    this.parts.context.publish('chat', {
      conversation,
      turn,
      answer,
      column,
      ...shown,
      from,
      tokens: this.tokens.slice(from),
      textFrom: this.told.characters,
      text: text.slice(this.told.characters),
    })
    this.told = { tokens: this.tokens.length, characters: text.length }
  }

  private save(): void {
    saveAnswer(this.parts.context.workspace.db, this.request.answer, this.current())
  }

  private saveUnfinished(): void {
    const startedMs = performance.now()
    try {
      this.save()
    } catch {
      // The save at the end meets the same disk, and fails the answer if it still refuses.
    }
    const nowMs = performance.now()
    this.nextSaveMs = nowMs + Math.max(SAVE_MS, (nowMs - startedMs) / SAVE_SHARE)
  }
}
