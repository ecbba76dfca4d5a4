// What the demonstrations ask for, beside what InstructGPT's customers asked for (Ouyang et al. 2022, Table 1). A click
// on a use case shows its rows.
import { Group, Text } from '@mantine/core'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { type UseCaseId, useCases } from '../../../../../src-shared/demonstrations/use-cases.ts'
import { formatCounted, formatPercent } from '../../../format.ts'
import classes from './use-case-bars.module.css'

export interface UseCaseShare {
  readonly id: UseCaseId | 'none'
  readonly title: string
  readonly example: string | null
  readonly rows: number
  /** 0–1, of the rows that have a use case; of all rows for `none`. */
  readonly mine: number
  /** InstructGPT's, 0–1; null where there is none. */
  readonly theirs: number | null
}

/** The ten use cases in the order of InstructGPT's table, then the rows without one where there are any. */
export function useCaseShares({ useCases: counts, rows }: Pick<DemonstrationSet, 'useCases' | 'rows'>) {
  const none = counts.none ?? 0
  const sorted = rows - none
  const shares: UseCaseShare[] = useCases.map(({ id, title, example, share }) => ({
    id,
    title,
    example,
    rows: counts[id] ?? 0,
    mine: sorted > 0 ? (counts[id] ?? 0) / sorted : 0,
    theirs: share,
  }))
  if (none > 0)
    shares.push({
      id: 'none',
      title: 'No use case',
      example: null,
      rows: none,
      mine: none / rows,
      theirs: null,
    })
  return shares
}

export function UseCaseBars({
  set,
  chosen,
  onChoose,
}: {
  set: DemonstrationSet
  /** '' = none. */
  chosen: string
  onChoose: (useCase: string) => void
}) {
  const shares = useCaseShares(set)
  const longest = Math.max(
    ...shares.filter(share => share.id !== 'none').flatMap(share => [share.mine, share.theirs ?? 0]),
  )
  const width = (share: number) => `${Math.min(100, (100 * share) / longest)}%`
  return (
    <section aria-label="Use cases">
      <Group justify="space-between" gap="xs" mb={4} fz="xs">
        <Text inherit fw={600}>
          Use cases
        </Text>
        <Text inherit c="dimmed">
          <span className={`${classes.key} ${classes.mine}`} aria-hidden />
          this set <span style={{ marginLeft: 8 }} />
          <span className={`${classes.key} ${classes.theirs}`} aria-hidden />
          InstructGPT
        </Text>
      </Group>
      <ul className={classes.bars}>
        {shares.map(share => (
          <li key={share.id}>
            <button
              type="button"
              className={classes.row}
              aria-pressed={chosen === share.id}
              title={share.example ? `Such as: ${share.example}` : undefined}
              onClick={() => onChoose(chosen === share.id ? '' : share.id)}
            >
              <span>{share.title}</span>
              <span className={classes.pair}>
                <span className={classes.mine} style={{ width: width(share.mine) }} />
                {share.theirs !== null && (
                  <span className={classes.theirs} style={{ width: width(share.theirs) }} />
                )}
              </span>
              <span className={classes.figures}>
                {formatPercent(share.mine)}
                {share.theirs !== null && (
                  <Text span inherit c="dimmed">{` / ${formatPercent(share.theirs)}`}</Text>
                )}
                <span className="visually-hidden">
                  {share.theirs === null ? '' : ' of InstructGPT'}, {formatCounted(share.rows, 'row')}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <Text fz="xs" c="dimmed" mt={4}>
        Shares of the rows that have a use case. A click shows its rows.
      </Text>
    </section>
  )
}
