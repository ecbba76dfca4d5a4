// The answers that are being written now.
import type { engineTopics } from '../../../src-shared/contract/engine-contract.ts'
import type { TopicPayload } from '../../../src-shared/contract/method.ts'
import type { ModelParts } from '../generation/checkpoint-model.ts'
import { type AnswerRequest, AnswerWriter } from './answer-writer.ts'

/** How long a closing lab waits for answers to stop by themselves. */
const CLOSING_MS = 3000

export class AnswersUnderWay {
  private readonly parts: ModelParts
  /** By generation. */
  private readonly writers = new Map<string, AnswerWriter>()

  constructor(parts: ModelParts) {
    this.parts = parts
  }

  begin(request: AnswerRequest): void {
    const writer = new AnswerWriter(this.parts, request)
    this.writers.set(writer.generation, writer)
    void writer.ended.then(() => {
      if (writer.isKept) this.writers.delete(writer.generation)
    })
  }

  /** Also one that is over and could not be kept. */
  find(answer: number): AnswerWriter | undefined {
    return this.all().find(({ request }) => request.answer === answer)
  }

  isWriting(wanted: Partial<Pick<AnswerRequest, 'turn' | 'answer'>>): boolean {
    return this.matching(wanted).some(writer => !writer.isOver)
  }

  /** What has ended already is no error. */
  stop(wanted: Partial<Pick<AnswerRequest, 'conversation' | 'turn' | 'column'>>): void {
    for (const writer of this.matching(wanted)) writer.stop()
  }

  /** A token from the engine; of other generations it is not ours. */
  hear(token: TopicPayload<typeof engineTopics, 'token'>): void {
    this.writers.get(token.generation)?.hear(token)
  }

  /** Stops all. Those that do not hear it end when the engine does: see `ended`. */
  async close(): Promise<void> {
    this.stop({})
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, CLOSING_MS)
    await Promise.race([this.ended(), late])
    clearTimeout(timer)
  }

  /** Settles when no answer is being written. */
  async ended(): Promise<void> {
    await Promise.all(this.all().map(writer => writer.ended))
  }

  private all(): AnswerWriter[] {
    return [...this.writers.values()]
  }

  private matching(wanted: Partial<AnswerRequest>): AnswerWriter[] {
    const fields = Object.entries(wanted) as [keyof AnswerRequest, unknown][]
    return this.all().filter(({ request }) =>
      fields.every(([field, value]) => value === undefined || request[field] === value),
    )
  }
}
