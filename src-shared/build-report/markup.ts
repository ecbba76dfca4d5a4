// HTML and SVG out of pieces of which only our own words are markup: everything that is put in between is text, whatever it
// holds. Models write anything.
import { escapeControls } from '../text/escape-controls.ts'

export class Markup {
  readonly text: string

  /** @param text trusted as it is: written here, never read from anywhere */
  constructor(text: string) {
    this.text = text
  }
}

type Piece = string | number | Markup | readonly Markup[]

/** `markup\`<b>${name}</b>\`` : the name is text, between tags and between the quotes of an attribute. */
export function markup(ours: TemplateStringsArray, ...theirs: readonly Piece[]): Markup {
  return new Markup(ours.reduce((text, part, i) => text + written(theirs[i - 1]!) + part))
}

function written(piece: Piece): string {
  if (piece instanceof Markup) return piece.text
  if (typeof piece === 'number') return String(piece)
  if (typeof piece === 'string') return escapeMarkup(escapeControls(piece))
  return piece.map(({ text }) => text).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, mark => ENTITIES[mark]!)

export const nothing = new Markup('')
