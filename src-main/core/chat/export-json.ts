// A conversation as JSON with everything in it: every checkpoint by its run and step, every token on one line.
import type { Conversation, WrittenToken } from '../../../src-shared/contract/chat-contract.ts'
import type { TokenPiece } from '../../../src-shared/contract/shapes.ts'

/** What a checkpoint is called by people, for one that is gone as far as its id tells. */
export interface CheckpointFacts {
  readonly id: string
  /** Name of its run. */
  readonly name: string
  readonly run: string
  /** null = not known any more. */
  readonly step: number | null
}

/**
 * @param conversation with the tokens of its answers
 * @param factsOf of a checkpoint by its id
 */
export function conversationJson(
  { columns, turns, ...rest }: Conversation,
  factsOf: (checkpoint: string) => CheckpointFacts,
): string {
  const named = <T extends { checkpoint: string }>({ checkpoint, ...others }: T) => ({
    checkpoint,
    model: factsOf(checkpoint),
    ...others,
  })
  const whole = {
    ...rest,
    columns: columns.map(named),
    turns: turns.map(turn => ({
      ...turn,
      answers: turn.answers.map(answer => ({ ...named(answer), tokens: answer.tokens.map(token) })),
    })),
  }
  return `${printed(whole, '')}\n`
}

const token = ({ piece, logProb, alternatives }: WrittenToken) => ({
  piece: pieceJson(piece),
  logProb: rounded(logProb),
  alternatives: alternatives.map(each => ({ piece: pieceJson(each.piece), logProb: rounded(each.logProb) })),
})

/** Bytes only where they are no text: else they are its UTF-8. */
const pieceJson = ({ id, text, bytes, special }: TokenPiece) => ({
  id,
  ...(text === null ? { bytes } : { text }),
  ...(special ? { special } : {}),
})

/** Six digits, about what a float32 holds. */
const rounded = (logProb: number): number => Number(logProb.toPrecision(6))

/** As `JSON.stringify(value, null, 2)`, with what is in a list of tokens on one line each. */
function printed(value: unknown, indent: string, key = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const items = Array.isArray(value)
    ? value.map(each => (key === 'tokens' ? JSON.stringify(each) : printed(each, inner)))
    : Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${printed(each, inner, name)}`)
  if (items.length === 0) return `${open}${close}`
  return `${open}\n${items.map(item => inner + item).join(',\n')}\n${indent}${close}`
}
