// How values look in a terminal: tables, durations, counts, and text that cannot take the terminal over.
import { escapeControls } from '../../src-shared/text/escape-controls.ts'

export { escapeControls }

export type Cell = string | number | null | undefined

const cellText = (cell: Cell): string =>
  typeof cell === 'number'
    ? cell.toLocaleString('en-US')
    : escapeControls(cell ?? '–').replace(/[\n\t]/g, ' ')

/** Columns aligned, numbers to the right; `empty` stands where there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], empty: string): string {
  if (rows.length === 0) return empty
  const texts = rows.map(row => row.map(cellText))
  const widths = head.map((title, i) => Math.max(title.length, ...texts.map(row => row[i]!.length)))
  const isNumeric = head.map((_, i) => rows.every(row => typeof row[i] !== 'string'))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  return [head, ...texts].map(line).join('\n')
}

/** `name  value` lines; what is undefined is left out. */
export function fields(rows: readonly (readonly [string, Cell])[]): string {
  const given = rows.filter(([, value]) => value !== undefined)
  const width = Math.max(...given.map(([label]) => label.length))
  return given.map(([label, value]) => `${label.padEnd(width)}  ${cellText(value)}`).join('\n')
}

/** `45 s`, `3 min 5 s`, `2 h 4 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

export function byteSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const exponent = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  const value = bytes / 1000 ** exponent
  return `${exponent === 0 ? value : value.toFixed(1)} ${units[exponent]}`
}

const EXCERPT_CHARACTERS = 60

/** The beginning of a text, on one line. */
export function excerpt(text = ''): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > EXCERPT_CHARACTERS ? `${line.slice(0, EXCERPT_CHARACTERS - 1)}…` : line
}

/** `1 row`, `7,473 rows`. */
export const counted = (n: number, noun: string): string =>
  `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`

/** `85.6 %` @param share 0 to 1 */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** `950`, `12.3k`, `4.1M`. */
export function shortCount(n: number): string {
  if (n < 1000) return String(Math.round(n))
  return n < 1e6 ? `${(n / 1000).toFixed(1)}k` : `${(n / 1e6).toFixed(1)}M`
}

/** One JSON text on one line; typed arrays become lists. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value, (_, inner) =>
    ArrayBuffer.isView(inner) ? Array.from(inner as unknown as ArrayLike<number>) : inner,
  )
