// Every failure a person can meet is a LabError: a sentence with the fact, the place and the way out.
import * as v from 'valibot'

export const errorCodes = [
  'bad-input', // the person gave something that cannot be used: a file, a field, a path
  'not-found', // the thing named does not exist (any more)
  'conflict', // the thing exists but its state forbids this now
  'damaged', // a file or database does not verify
  'no-space', // the disk or the memory is too small
  'unsupported', // this machine or this version cannot do it
  'cancelled', // the person stopped it
  'engine-lost', // the engine, its GPU or its window went away
  'internal', // our own mistake
] as const

export const labErrorFacts = v.object({
  code: v.picklist(errorCodes),
  /** What happened, as one clause that stands alone: `width 130 is not divisible by 4 heads`. */
  what: v.string(),
  /** File and line, field, row, checkpoint … */
  where: v.optional(v.string()),
  expected: v.optional(v.string()),
  got: v.optional(v.string()),
  /** What to do now: `use 128 or 132`. */
  fix: v.string(),
  /** Stack or log lines, for the fold-out and for bug reports. */
  details: v.optional(v.string()),
})
export type LabErrorFacts = v.InferOutput<typeof labErrorFacts>

export class LabError extends Error {
  readonly facts: LabErrorFacts
  constructor(facts: LabErrorFacts, options?: ErrorOptions) {
    super(sentence(facts), options)
    this.name = 'LabError'
    this.facts = facts
  }
}

/** The one line that a terminal prints and a screen shows. */
export function sentence({ what, where, expected, got, fix }: LabErrorFacts): string {
  const place = where ? ` (${where})` : ''
  const facts = [expected && `expected ${expected}`, got && `got ${got}`].filter(Boolean).join(', ')
  const fact = `${what}${place}${facts ? `: ${facts}` : ''}`
  return `${/[.?!]$/.test(fact) ? fact : `${fact}.`} ${fix[0]!.toUpperCase()}${fix.slice(1)}${/[.?!]$/.test(fix) ? '' : '.'}`
}

/** Any thrown value as facts; what is not a LabError is our own mistake and keeps its stack. */
export function toFacts(error: unknown): LabErrorFacts {
  if (error instanceof LabError) return error.facts
  const thrown = error instanceof Error ? error : new Error(String(error))
  return {
    code: 'internal',
    what: `something went wrong inside the app: ${thrown.message}`,
    fix: 'Try again; if it stays, copy the details into a bug report.',
    details: thrown.stack,
  }
}
