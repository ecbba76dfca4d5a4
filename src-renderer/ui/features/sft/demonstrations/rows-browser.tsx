// The rows of a set: found, ticked, opened. Beside them the row being written, or what the set asks for.
import { Button, Grid, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type {
  DemonstrationRow,
  DemonstrationSet,
} from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { UseCaseId } from '../../../../../src-shared/demonstrations/use-cases.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { visible } from '../../../components/plain-text.tsx'
import { toastError } from '../../../components/toast.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { useTopic } from '../../../queries.ts'
import { useSparseRows } from '../../../sparse-rows.ts'
import { everyRow, openNewRow, type RowFilter, setFilter, useDemonstrations } from './demonstrations-store.ts'
import { RowEditor } from './row-editor.tsx'
import { RowsTable } from './rows-table.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { TickingBar, useTickAll } from './tick-all.tsx'
import { UseCaseBars } from './use-case-bars.tsx'
import { hasUseCases, useCaseOptions } from './use-case-names.ts'

/** The question to the core that a filter stands for. */
const asked = ({ search, useCase, tag }: RowFilter) => ({
  ...(search ? { search } : {}),
  ...(useCase ? { useCase: useCase as UseCaseId | 'none' } : {}),
  ...(tag ? { tag } : {}),
})
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

  const all = useTickAll(
    (offset, limit) => call('demonstrations.rows', { set: set.id, ...asked(question), offset, limit }),
    setTicked,
  )
  const hasBars = hasUseCases(set)
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
      {all.progress ? (
        <TickingBar progress={all.progress} onStop={all.stop} />
      ) : ticked.size > 0 ? (
        <SelectionBar set={set} numbers={[...ticked]} onClear={() => setTicked(new Set())} />
      ) : (
        <FilterBar set={set} filter={filter} total={found.total} isFiltered={isFiltered} />
      )}
      <ErrorNote error={found.error} retry={{ label: 'Try again', run: found.refresh }} />
      <Grid gap="lg" columns={24}>
        <Grid.Col span={{ base: 24, md: here ? 14 : hasBars ? 18 : 24 }}>
          <RowsTable
            set={set}
            found={found}
            opened={here?.number ?? null}
            ticked={ticked}
            onTick={setTicked}
            onTickAll={() => void all.start().catch(toastError)}
          />
        </Grid.Col>
        {here && opened ? (
          <Grid.Col span={{ base: 24, md: 10 }}>
            <RowEditor key={String(here.number)} set={set} draft={here} opened={opened} />
          </Grid.Col>
        ) : (
          hasBars && (
            <Grid.Col span={{ base: 24, md: 6 }}>
              <UseCaseBars set={set} chosen={filter.useCase} onChoose={useCase => setFilter({ useCase })} />
            </Grid.Col>
          )
        )}
      </Grid>
      {!hasBars && !here && (
        <Text fz="xs" c="dimmed">
          No row has a use case yet. Tick rows and set it: the shares then stand here beside InstructGPT’s.
        </Text>
      )}
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
