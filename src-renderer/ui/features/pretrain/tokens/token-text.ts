// One token as a person reads it: whitespace made visible on request, bytes in hexadecimal where they are no whole character.
import type { TokenPiece } from '../../../../../src-shared/contract/lab-contract.ts'
import { visible as reveal } from '../../../components/plain-text.tsx'

type Piece = Pick<TokenPiece, 'text' | 'bytes' | 'special'>

export const hexBytes = (bytes: readonly number[]): string =>
  bytes.map(b => b.toString(16).toUpperCase().padStart(2, '0')).join(' ')

const marks: Readonly<Record<string, string>> = { ' ': '␣', '\n': '⏎', '\r': '␍', '\t': '⇥', '\u00a0': '⍽' }

/**
 * What is drawn for a token.
 * @param visible whitespace as marks; a line break keeps breaking the line after its mark
 */
export function drawn(piece: Piece, visible: boolean): string {
  if (piece.text === null) return `⟨${hexBytes(piece.bytes)}⟩`
  if (!visible) return piece.text
  return [...piece.text].map(c => (c === '\n' ? '⏎\n' : (marks[c] ?? reveal(c)))).join('')
}

/** A token in one line, as lists and bars show it: all whitespace and control characters visible. */
export function inOneLine(piece: Piece): string {
  if (piece.text === null) return `⟨${hexBytes(piece.bytes)}⟩`
  if (piece.text === '') return piece.special ? '⟨special⟩' : '⟨empty⟩'
  return [...piece.text].map(c => marks[c] ?? reveal(c)).join('')
}

/** A spoken name: `space, h, e`, for screen readers that skip marks. */
export function spoken(piece: Piece): string {
  if (piece.text === null) return `bytes ${hexBytes(piece.bytes)}`
  const words: Readonly<Record<string, string>> = {
    ' ': 'space',
    '\n': 'line break',
    '\r': 'carriage return',
    '\t': 'tab',
  }
  const lead = piece.text.match(/^[ \n\r\t]+/)?.[0] ?? ''
  const rest = piece.text.slice(lead.length)
  return [...[...lead].map(c => words[c]!), ...(rest ? [rest] : [])].join(' ')
}

/** Bytes that one token stands for on average: the compression of a tokenizer on this text. */
export const bytesPerToken = (bytes: number, tokens: number): number | null =>
  tokens > 0 ? bytes / tokens : null
