// The answers of one turn of a chat on stdout: the first column as it comes, each other one when those before have ended.
import type { chatTopics } from '../../src-shared/contract/chat-contract.ts'
import { sentence } from '../../src-shared/contract/errors.ts'
import type { TopicPayload } from '../../src-shared/contract/method.ts'
import type { Session } from './session.ts'
import { escapeControls } from './text.ts'

type Push = TopicPayload<typeof chatTopics, 'chat'>

interface Column {
  readonly name: string
  text: string
  tokens: number
  /** Characters of the text that are printed. */
  printed: number
  last: Push | null
}

const ENDINGS = {
  end: 'ended by itself',
  length: 'cut off at its greatest length',
  stopped: 'stopped',
} as const

export class AnswersPrinter {
  /** Settles when all are printed. */
  readonly ended: Promise<void>
  private readonly session: Session
  private readonly columns: readonly Column[]
  private end: () => void = () => {}
  private current = 0

  /** @param names of the columns; above each answer where there are several */
  constructor(session: Session, names: readonly string[]) {
    this.session = session
    this.columns = names.map(name => ({ name, text: '', tokens: 0, printed: 0, last: null }))
    this.ended = new Promise(resolve => (this.end = resolve))
    this.begin()
  }

  hear(push: Push): void {
    const column = this.columns[push.column]
    if (!column) return
    column.text += push.text
    column.tokens += push.tokens.length
    column.last = push
    if (push.state === 'loading')
      this.session.progress.update(`Loading ${column.name}${push.swapped ? ', in the place of another' : ''}`)
    this.print()
  }

  private begin(): void {
    const column = this.columns[this.current]
    if (column && this.columns.length > 1) this.session.write(`── ${escapeControls(column.name)}\n`)
  }

  private print(): void {
    for (;;) {
      const column = this.columns[this.current]
      if (!column) return
      if (column.text.length > column.printed)
        this.session.write(escapeControls(column.text.slice(column.printed)))
      column.printed = column.text.length
      const { last } = column
      if (last?.state !== 'done' && last?.state !== 'failed') return
      this.session.write('\n')
      this.session.progress.note(endingOf(column.tokens, last))
      this.current++
      if (this.current === this.columns.length) this.end()
      this.begin()
    }
  }
}

function endingOf(tokens: number, { stopped, tokensPerSecond, error }: Push): string {
  if (error) return sentence(error)
  const speed = tokensPerSecond === null ? [] : [`${tokensPerSecond.toFixed(1)} tokens/s`]
  return [`${tokens} tokens`, ...speed, stopped === null ? 'ended' : ENDINGS[stopped]].join(' · ')
}
