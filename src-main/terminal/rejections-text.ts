// Rows of files that an import could not use.
import type { Rejection } from '../../src-shared/contract/shapes.ts'
import { escapeControls } from './text.ts'

/** Printed for a person; --json has more, the set all that are listed. */
const SHOWN_REJECTIONS = 20

/** `  a.jsonl:3: not JSON …` */
export const rejectionLines = (rejections: readonly Rejection[]): string[] =>
  rejections.map(({ file, line, reason }) =>
    escapeControls(`  ${file}${line === null ? '' : `:${line}`}: ${reason}`),
  )

/** The first of them, and how many more there are. @param rejected all of them */
export const shownRejections = (rejections: readonly Rejection[], rejected: number): string[] => [
  ...rejectionLines(rejections.slice(0, SHOWN_REJECTIONS)),
  ...(rejected > SHOWN_REJECTIONS
    ? [`  … and ${(rejected - SHOWN_REJECTIONS).toLocaleString('en-US')} more`]
    : []),
]
