// The rows of a set as a table of any length: ticked one by one or with Shift, opened with a click or Enter.
import { Checkbox, Text } from '@mantine/core'
import { useMemo, useRef } from 'react'
import type {
  DemonstrationRow,
  DemonstrationSet,
} from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { Term } from '../../../components/term.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCounted } from '../../../format.ts'
import type { SparseRows } from '../../../sparse-rows.ts'
import { openRow } from './demonstrations-store.ts'
import { rowName, type Turn, turnsOf } from './row-draft.ts'
import { hasUseCases, titleOfUseCase } from './use-case-names.ts'

/** In the place of a row that is not fetched yet. */
const WAITING = '…'

export function RowsTable({
  set,
  found,
  opened,
  ticked,
  onTick,
  onTickAll,
}: {
  set: DemonstrationSet
  found: SparseRows<DemonstrationRow>
  opened: number | null
  ticked: ReadonlySet<number>
  onTick: (ticked: ReadonlySet<number>) => void
  onTickAll: () => void
}) {
  /** Where the last tick was set: Shift ticks everything from there. */
  const from = useRef<number>(null)
  const columns = useMemo((): readonly Column<DemonstrationRow | undefined>[] => {
    const toggle = (row: DemonstrationRow, index: number, withShift: boolean) => {
      const next = new Set(ticked)
      const on = !ticked.has(row.number)
      const [first, last] =
        withShift && from.current !== null
          ? [Math.min(from.current, index), Math.max(from.current, index)]
          : [index, index]
      for (const each of found.rows.slice(first, last + 1)) {
        if (!each) continue
        if (on) next.add(each.number)
        else next.delete(each.number)
      }
      from.current = index
      onTick(next)
    }
    return [
      {
        key: 'tick',
        header: (
          <Checkbox
            aria-label={ticked.size > 0 ? 'Untick all' : 'Tick all rows found'}
            checked={ticked.size > 0 && ticked.size === found.total}
            indeterminate={ticked.size > 0 && ticked.size !== found.total}
            onChange={() => (ticked.size > 0 ? onTick(new Set()) : onTickAll())}
          />
        ),
        width: '34px',
        cell: (row, index) =>
          row && (
            <Checkbox
              aria-label={`Tick row ${rowName(row.number)}`}
              checked={ticked.has(row.number)}
              onClick={event => {
                event.stopPropagation()
                toggle(row, index, event.shiftKey)
              }}
              onChange={() => {}}
            />
          ),
      },
      {
        key: 'number',
        header: 'No.',
        width: '54px',
        align: 'right',
        cell: row => (row ? rowName(row.number) : WAITING),
      },
      {
        key: 'prompt',
        header: <Term meaning="Of a conversation in several turns, the last one.">Prompt</Term>,
        width: 'minmax(160px, 1.2fr)',
        cell: row => row && <LastPrompt turns={turnsOf(row.messages).turns} />,
      },
      {
        key: 'response',
        header: 'Response',
        width: 'minmax(160px, 1.4fr)',
        cell: row => row && <Line text={row.messages.at(-1)!.content} />,
      },
      ...(hasUseCases(set)
        ? [
            {
              key: 'use-case',
              header: 'Use case',
              width: '116px',
              cell: (row: DemonstrationRow | undefined) => row && titleOfUseCase(row.useCase),
            },
          ]
        : []),
      ...(set.tags.length > 0
        ? [
            {
              key: 'tags',
              header: 'Tags',
              width: 'minmax(88px, 0.5fr)',
              cell: (row: DemonstrationRow | undefined) =>
                row && (
                  <span title={visible(row.tags.join(', '))}>
                    <Line text={row.tags.join(', ')} />
                  </span>
                ),
            },
          ]
        : []),
    ]
  }, [ticked, found.rows, found.total, set, onTick, onTickAll])
  return (
    <VirtualTable
      label="Demonstrations"
      columns={columns}
      rows={found.rows}
      rowKey={(row, index) => (row ? String(row.number) : `not read ${index}`)}
      rowHeight={28}
      height={440}
      selected={row => row !== undefined && row.number === opened}
      onRowClick={row => row && openRow(set.id, row)}
      onRange={found.show}
      empty={
        found.total === 0 && (
          <Text fz="sm" c="dimmed" p="sm" ta="center">
            No row matches this filter.
          </Text>
        )
      }
    />
  )
}

/** The prompt that the response beside it answers, after the number of turns before it. */
const LastPrompt = ({ turns }: { turns: readonly Turn[] }) => (
  <>
    {turns.length > 1 && (
      <Text
        span
        inherit
        c="dimmed"
        fz="xs"
        mr={6}
        title={`The last of ${formatCounted(turns.length, 'turn')}: ${formatCounted(turns.length - 1, 'turn')} before it`}
      >
        +{formatCounted(turns.length - 1, 'turn')}
      </Text>
    )}
    <Line text={turns.at(-1)!.prompt} />
  </>
)

/** A long text in one line of the table: the rest is in the editor. */
const Line = ({ text }: { text: string }) => <PlainText text={text.slice(0, 300).replaceAll('\n', '⏎ ')} />
