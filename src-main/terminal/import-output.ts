// What is said of an import of rows: how many came in, what could not be used, what was decided.
import type { Rejection } from '../../src-shared/contract/shapes.ts'
import type { Output } from './command.ts'
import { counted, escapeControls, fields } from './text.ts'

/** Printed for a person; --json has more, the set all that are listed. */
const SHOWN_REJECTIONS = 20

interface ImportedRows {
  readonly set: string
  readonly read: number
  readonly accepted: number
  readonly rejected: number
  readonly duplicates: number
  /** Of rankings only. */
  readonly contradictions?: number
  readonly rejections: readonly Rejection[]
}

interface SetOfRows {
  readonly files: readonly { readonly file: string; readonly format: string; readonly rows: number }[]
  readonly notes: readonly string[]
}

/** @param imported the result of the import's job   @param into the set as it is now */
export const importOutput = (
  { rejections, ...counts }: ImportedRows,
  { files, notes }: SetOfRows,
): Output => ({
  json: {
    ...counts,
    rejections: rejections.map(({ file, line, reason }) => ({ file, line, reason })),
    rejectionsLeftOut: counts.rejected - rejections.length,
    files,
    notes,
  },
  text: [
    fields([
      ['set', counts.set],
      ['read', counts.read],
      ['accepted', counts.accepted],
      ['rejected', counts.rejected],
      ['duplicates', counts.duplicates],
      ['contradictions', counts.contradictions],
    ]),
    ...shownRejections(rejections, counts.rejected),
    ...files.map(({ file, format, rows }) => escapeControls(`${file}: ${format}, ${counted(rows, 'row')}`)),
    ...notes.map(note => escapeControls(`note: ${note}`)),
  ].join('\n'),
})

/** `  a.jsonl:3: not JSON …` */
export const rejectionLines = (rejections: readonly Rejection[]): string[] =>
  rejections.map(({ file, line, reason }) =>
    escapeControls(`  ${file}${line === null ? '' : `:${line}`}: ${reason}`),
  )

/** The first of them, and how many more there are. @param rejected all of them */
const shownRejections = (rejections: readonly Rejection[], rejected: number): string[] => [
  ...rejectionLines(rejections.slice(0, SHOWN_REJECTIONS)),
  ...(rejected > SHOWN_REJECTIONS
    ? [`  … and ${(rejected - SHOWN_REJECTIONS).toLocaleString('en-US')} more`]
    : []),
]
