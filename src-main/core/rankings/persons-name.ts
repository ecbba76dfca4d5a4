// Who ranks here is a person: no name that says otherwise.
import { LabError } from '../../../src-shared/contract/errors.ts'
import { isSimulatedName } from '../../../src-shared/preferences/labeler-name.ts'

/** @throws LabError `bad-input` for a name that begins as those of simulated labelers do */
export function requirePersonsName(labeler: string): void {
  if (!isSimulatedName(labeler)) return
  throw new LabError({
    code: 'bad-input',
    what: `"${labeler}" would be taken for a simulated labeler`,
    where: 'labeler',
    expected: 'a name that does not begin with "simulated"',
    fix: 'rank under a name of your own',
  })
}
