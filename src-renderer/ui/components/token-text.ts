// One token as a person reads it: whitespace made visible on request, bytes in hexadecimal where they are no whole character.
import type { TokenPiece } from '../../../src-shared/contract/lab-contract.ts'
import { SPECIAL_TOKENS } from '../../../src-shared/tokenizer/tokenizer.ts'
import { formatCount } from '../format.ts'
import { visible as reveal } from './plain-text.tsx'

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

/** Why a token cannot be taken into a text, or null. */
export const untakable = (piece: Piece): string | null =>
  piece.special ? 'This token ends or frames a text; it has no letters to add.' : null

/** Bytes that one token stands for on average: the compression of a tokenizer on this text. */
export const bytesPerToken = (bytes: number, tokens: number): number | null =>
  tokens > 0 ? bytes / tokens : null

// ignoreBOM keeps a U+FEFF that the text has.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const encoder = new TextEncoder()

/** Many tokens as one text, their bytes joined; special tokens appear as their names. */
export const joined = (pieces: readonly Piece[]): string =>
  decoder.decode(
    Uint8Array.from(pieces.flatMap(p => (p.special ? [...encoder.encode(p.text ?? '')] : p.bytes))),
  )

/** The same as it is drawn. */
export const wholeText = (pieces: readonly Piece[], visible: boolean): string =>
  drawn({ text: joined(pieces), bytes: [], special: false }, visible)

const REPLACEMENT = '\ufffd'
const LISTED = 8

/**
 * Which characters of a text its tokens lost, as a sentence; null when they lost none. A character tokenizer reads each
 * that its training text did not have as U+FFFD.
 * @param pieces the tokens of `text` and of nothing else
 */
export function unknownSentence(text: string, pieces: readonly Piece[]): string | null {
  const read = [...joined(pieces.filter(p => !p.special))]
  const unknown = new Set(
    [...text.toWellFormed()].filter((character, i) => read[i] === REPLACEMENT && character !== REPLACEMENT),
  )
  if (unknown.size === 0) return null
  const names = [...unknown].slice(0, LISTED).map(c => marks[c] ?? reveal(c))
  const more = unknown.size > LISTED ? ` and ${formatCount(unknown.size - LISTED)} more` : ''
  return `This alphabet has no ${names.join(' ')}${more}: ${unknown.size === 1 ? 'it is' : 'they are'} read as ${REPLACEMENT}.`
}

/** `<|endoftext|>` stands in every training text; the others wait for the chat phases. */
const reserved = SPECIAL_TOKENS.slice(1)

/** Why a model that wrote this text wrote reserved tokens or broken characters, as a sentence; null when it did not. */
export function untrainedSentence(written: string): string | null {
  const name = reserved.find(special => written.includes(special))
  if (name)
    return `${name} is an untrained token: no training text has it, and the model has not learned yet never to say it.`
  // A last character may be cut where the text was.
  if (written.replace(/\ufffd+$/, '').includes(REPLACEMENT))
    return `${REPLACEMENT} is no character: the model has not learned yet which bytes make one, or never to say the token that stands for unknown ones.`
  return null
}

/** Where the tokens drawn one by one begin: moved on in strides, so that the plain text before them seldom changes. */
export function tokensFrom(count: number, newest: number): number {
  const stride = newest / 2
  return count <= newest ? 0 : Math.ceil((count - newest) / stride) * stride
}
