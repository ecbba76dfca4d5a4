// A text file that a person names on the command line.
import { readFileSync } from 'node:fs'
import { LabError } from '../../src-shared/contract/errors.ts'

/** @throws LabError `bad-input` when the file cannot be read or is not UTF-8 */
export function readTextFile(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    throw new LabError(
      {
        code: 'bad-input',
        what: `the file cannot be read: ${(error as Error).message}`,
        where: file,
        fix: 'give a text file in UTF-8',
      },
      { cause: error },
    )
  }
}
