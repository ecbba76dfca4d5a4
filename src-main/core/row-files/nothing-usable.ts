// An import that found nothing to take.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { ReadFiles } from './files-in-turn.ts'

/** @param row what there is none of: `demonstration`  @param fix what to give instead */
export function nothingUsable(
  row: string,
  { files, rejected, rejections: [first] }: Pick<ReadFiles, 'files' | 'rejected' | 'rejections'>,
  fix: string,
): LabError {
  return new LabError({
    code: 'bad-input',
    what: [
      `there is no ${row} in ${files.length === 1 ? 'this file' : `these ${files.length} files`}`,
      ...(first ? [first.reason] : []),
      ...(rejected > 1 ? [`and ${rejected - 1} more were rejected`] : []),
    ].join('; '),
    ...(first && { where: first.line === null ? first.file : `${first.file}, line ${first.line}` }),
    fix,
  })
}
