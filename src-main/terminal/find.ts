// What a person names on the command line: an id, or a name that only one thing has.
import { nearest } from '../../src-shared/config/field.ts'
import { LabError } from '../../src-shared/contract/errors.ts'

interface Named {
  readonly id: string
  readonly name: string
  readonly removedAt?: string | null
}

/**
 * @param kind `corpus`, `run` … as messages call it   @param command prints the list
 * @throws LabError `not-found`; `bad-input` when several have the name
 */
export function findNamed<T extends Named>(
  given: string,
  all: readonly T[],
  kind: string,
  command: string,
): T {
  const byId = all.find(({ id }) => id === given)
  if (byId) return byId
  const present = all.filter(({ removedAt }) => !removedAt)
  const byName = present.filter(({ name }) => name === given)
  if (byName.length === 1) return byName[0]!
  if (byName.length > 1)
    throw new LabError({
      code: 'bad-input',
      what: `more than one ${kind} is called "${given}"`,
      expected: `an id: ${byName.map(({ id }) => id).join(', ')}`,
      fix: 'use the id',
    })
  const near = nearest(
    given,
    present.flatMap(({ id, name }) => [id, name]),
  )
  throw new LabError({
    code: 'not-found',
    what: `there is no ${kind} "${given}"`,
    fix: near ? `did you mean "${near}"?` : `see andromeda ${command}`,
  })
}

/**
 * The sets to train on: those named, or the only one there is to train on.
 * @param usable those of all that hold something to train on
 * @param words `rankings` or `demonstrations`; the command that lists them; how to come by some
 * @throws LabError `not-found`; `bad-input` when none is named and there is not exactly one
 */
export function findSets<T extends Named>(
  given: readonly string[] | undefined,
  all: readonly T[],
  usable: readonly T[],
  { data, list, fix }: { readonly data: string; readonly list: string; readonly fix: string },
): string[] {
  if (given) return given.map(each => findNamed(each, all, `set of ${data}`, list).id)
  const present = usable.filter(({ removedAt }) => !removedAt).map(({ id }) => id)
  if (present.length === 1) return present
  throw new LabError(
    present.length === 0
      ? { code: 'bad-input', what: `there are no ${data}`, fix }
      : {
          code: 'bad-input',
          what: `no set of ${data} is chosen`,
          expected: `--${data} with any of ${present.join(', ')}`,
          fix: 'name one or more',
        },
  )
}
