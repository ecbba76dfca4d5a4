// Which part of a row is the text: the same answer for every row format.

/** Names of the one field that is the text, the first that a row has. */
export const TEXT_FIELDS = ['text', 'content'] as const

/**
 * Fields that are one text in two halves, as in data sets of questions and answers. A base model learns from the
 * whole, so they are joined, in this order, with a line end between; the corpus' notes say so.
 */
export const JOINED_FIELDS: readonly (readonly string[])[] = [
  ['question', 'answer'],
  ['prompt', 'completion'],
  ['prompt', 'response'],
  ['instruction', 'input', 'output'],
  ['instruction', 'output'],
]

type Found = { text: string; joined?: string } | { rejected: string }

/** The text of a parsed JSON row. */
export function rowText(row: unknown): Found {
  if (typeof row === 'string') return checkedText(row, 'the row')
  if (row === null || typeof row !== 'object' || Array.isArray(row))
    return { rejected: `expected an object with "text" or a string, got ${kindOf(row)}` }
  const fields = row as Record<string, unknown>
  const field = TEXT_FIELDS.find(name => Object.hasOwn(fields, name))
  if (field) {
    const text = fields[field]
    return typeof text === 'string'
      ? checkedText(text, `"${field}"`)
      : { rejected: `"${field}" is ${kindOf(text)}, not a string` }
  }
  const names = JOINED_FIELDS.find(all =>
    all.every(name => Object.hasOwn(fields, name) && typeof fields[name] === 'string'),
  )
  if (names) {
    const parts = names.map(name => fields[name] as string).filter(part => part !== '')
    const joined = checkedText(parts.join('\n'), 'the row')
    return 'rejected' in joined ? joined : { ...joined, joined: names.map(name => `"${name}"`).join(' and ') }
  }
  const found = Object.keys(fields).slice(0, 8)
  const list = found.map(name => JSON.stringify(name.slice(0, 40))).join(', ')
  return { rejected: `no field "text": the row has ${found.length > 0 ? list : 'no fields'}` }
}

/** A text that a document can be made of. */
export function checkedText(text: string, what: string): { text: string } | { rejected: string } {
  if (!/\S/.test(text)) return { rejected: `${what} is empty` }
  if (!text.isWellFormed())
    return { rejected: `${what} holds half of a surrogate pair, which is no character` }
  return { text }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/**
 * The columns of a table that hold its text.
 * @param names all columns  @param sample some rows, cell by cell; cells that are no strings count as no text
 * @returns indices in the order in which they are joined, and the sentence for the notes; null when no column is text
 */
export function textColumns(
  names: readonly string[],
  sample: readonly (readonly unknown[])[],
): { columns: number[]; why: string } | null {
  const lower = names.map(name => name.trim().toLowerCase())
  for (const wanted of TEXT_FIELDS) {
    const column = lower.indexOf(wanted)
    if (column >= 0) return { columns: [column], why: `the text is column "${names[column]}"` }
  }
  const joined = JOINED_FIELDS.find(all => all.every(name => lower.includes(name)))
  if (joined)
    return {
      columns: joined.map(name => lower.indexOf(name)),
      why: `no column is called "text"; ${joined.map(name => `"${name}"`).join(' and ')} were joined with a line end between`,
    }
  const lengths = names.map((_, column) => {
    const texts = sample
      .map(row => row[column])
      .filter(cell => typeof cell === 'string' && /\p{L}/u.test(cell))
    return texts.reduce((sum: number, text) => sum + (text as string).length, 0)
  })
  const longest = lengths.reduce((best, length, column) => (length > lengths[best]! ? column : best), 0)
  if (!lengths[longest]) return null
  const others = lengths.filter(length => length > 0).length - 1
  return {
    columns: [longest],
    why: `no column is called "text"; "${names[longest]}" was taken, the ${others > 0 ? 'longest' : 'only'} one with words`,
  }
}

export function joinCells(cells: readonly unknown[], columns: readonly number[]): Found {
  const texts: string[] = []
  for (const column of columns) {
    const cell = cells[column]
    if (cell === null || cell === undefined || cell === '') continue
    if (typeof cell !== 'string') return { rejected: `the text is ${kindOf(cell)}, not a string` }
    texts.push(cell)
  }
  return checkedText(texts.join('\n'), 'the text')
}
