// The rows of a set: found, ticked, opened. Beside them the row being written, or what the set asks for.
import { Button, Checkbox, Grid, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo, useRef, useState } from 'react'
import type {
  DemonstrationRow,
  DemonstrationSet,
} from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { UseCaseId } from '../../../../../src-shared/demonstrations/use-cases.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { toastError } from '../../../components/toast.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { useTopic } from '../../../queries.ts'
import { useSparseRows } from '../../../sparse-rows.ts'
import {
  everyRow,
  openNewRow,
  openRow,
  type RowFilter,
  setFilter,
  useDemonstrations,
} from './demonstrations-store.ts'
import { rowName, turnsOf } from './row-draft.ts'
import { RowEditor } from './row-editor.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { UseCaseBars } from './use-case-bars.tsx'
import { titleOfUseCase, useCaseOptions } from './use-case-names.ts'

/** The question to the core that a filter stands for. */
const asked = ({ search, useCase, tag }: RowFilter) => ({
  ...(search ? { search } : {}),
  ...(useCase ? { useCase: useCase as UseCaseId | 'none' } : {}),
  ...(tag ? { tag } : {}),
})
/** Rows asked for at once when all are ticked. */
const MOST_AT_ONCE = 1000
const WAITING = '…'

export function RowsBrowser({ set }: { set: DemonstrationSet }) {
  const { filter, draft, opened } = useDemonstrations()
  const [search] = useDebouncedValue(filter.search, 250)
  const question = { ...filter, search }
  const found = useSparseRows<DemonstrationRow>(JSON.stringify([set.id, question]), (offset, limit) =>
    call('demonstrations.rows', { set: set.id, ...asked(question), offset, limit }),
  )
  useTopic('changed', ({ what }) => {
    if (what === 'demonstrations') found.refresh()
  })
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set())
  const isFiltered = JSON.stringify(filter) !== JSON.stringify(everyRow)
  const here = draft?.set === set.id ? draft : null

  const tickAll = async () => {
    const numbers: number[] = []
    for (let offset = 0; offset < (found.total ?? 0); offset += MOST_AT_ONCE) {
      const page = await call('demonstrations.rows', {
        set: set.id,
        ...asked(question),
        offset,
        limit: MOST_AT_ONCE,
      })
      numbers.push(...page.rows.map(row => row.number))
    }
    setTicked(new Set(numbers))
  }
  if (set.rows === 0 && !isFiltered && !here)
    return (
      <EmptyState
        title="No row in this set"
        action={{ label: 'Write the first row', run: () => openNewRow(set.id) }}
      >
        A row is a prompt and the response that you want to such prompts. A few hundred good ones teach a
        model how to answer.
      </EmptyState>
    )
  return (
    <Stack gap="xs">
      {ticked.size > 0 ? (
        <SelectionBar set={set} numbers={[...ticked]} onClear={() => setTicked(new Set())} />
      ) : (
        <FilterBar set={set} filter={filter} total={found.total} isFiltered={isFiltered} />
      )}
      <ErrorNote error={found.error} retry={{ label: 'Try again', run: found.refresh }} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <RowsTable
            set={set}
            found={found}
            opened={here?.number ?? null}
            ticked={ticked}
            onTick={setTicked}
            onTickAll={() => void tickAll().catch(toastError)}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          {here && opened ? (
            <RowEditor key={String(here.number)} set={set} draft={here} opened={opened} />
          ) : (
            <UseCaseBars set={set} chosen={filter.useCase} onChoose={useCase => setFilter({ useCase })} />
          )}
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

function FilterBar({
  set,
  filter,
  total,
  isFiltered,
}: {
  set: DemonstrationSet
  filter: RowFilter
  total: number | null
  isFiltered: boolean
}) {
  return (
    <Group gap="xs">
      <TextInput
        aria-label="Search the rows"
        placeholder="Search prompts and responses"
        w={220}
        value={filter.search}
        onChange={event => setFilter({ search: event.currentTarget.value })}
      />
      <Select
        aria-label="Use case"
        w={140}
        data={[
          { value: '', label: 'Every use case' },
          ...useCaseOptions.map(({ value, label }) => ({ value: value || 'none', label })),
        ]}
        value={filter.useCase}
        onChange={useCase => setFilter({ useCase: useCase ?? '' })}
      />
      {set.tags.length > 0 && (
        <Select
          aria-label="Tag"
          placeholder="Every tag"
          w={120}
          clearable
          searchable
          data={set.tags.map(tag => ({ value: tag, label: visible(tag) }))}
          value={filter.tag || null}
          onChange={tag => setFilter({ tag: tag ?? '' })}
        />
      )}
      {isFiltered && (
        <Button size="compact-xs" variant="subtle" onClick={() => setFilter(everyRow)}>
          Show all
        </Button>
      )}
      <Text fz="xs" c="dimmed" role="status" className="tabular">
        {total === null
          ? 'Reading …'
          : isFiltered
            ? `${formatCount(total)} of ${formatCounted(set.rows, 'row')}`
            : formatCounted(total, 'row')}
      </Text>
      <ActionButton ml="auto" variant="default" onClick={() => openNewRow(set.id)}>
        Add a row
      </ActionButton>
    </Group>
  )
}

function RowsTable({
  set,
  found,
  opened,
  ticked,
  onTick,
  onTickAll,
}: {
  set: DemonstrationSet
  found: ReturnType<typeof useSparseRows<DemonstrationRow>>
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
        width: '58px',
        align: 'right',
        cell: row => (row ? rowName(row.number) : WAITING),
      },
      {
        key: 'prompt',
        header: 'Prompt',
        width: 'minmax(120px, 1.2fr)',
        cell: row => row && <Line text={turnsOf(row.messages).turns[0]!.prompt} />,
      },
      {
        key: 'response',
        header: 'Response',
        width: 'minmax(120px, 1.4fr)',
        cell: row => row && <Line text={row.messages.at(-1)!.content} />,
      },
      {
        key: 'turns',
        header: 'Turns',
        width: '50px',
        align: 'right',
        cell: row => row && formatCount(turnsOf(row.messages).turns.length),
      },
      {
        key: 'use-case',
        header: 'Use case',
        width: '100px',
        cell: row => row && titleOfUseCase(row.useCase),
      },
      ...(set.tags.length > 0
        ? [
            {
              key: 'tags',
              header: 'Tags',
              width: '80px',
              cell: (row: DemonstrationRow | undefined) => row && <Line text={row.tags.join(', ')} />,
            },
          ]
        : []),
    ]
  }, [ticked, found.rows, found.total, set.tags.length, onTick, onTickAll])
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

/** A long text in one line of the table: the rest is in the editor. */
const Line = ({ text }: { text: string }) => <PlainText text={text.slice(0, 300).replaceAll('\n', '⏎ ')} />
