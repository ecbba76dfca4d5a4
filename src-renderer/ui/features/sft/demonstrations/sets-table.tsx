// The list of sets, with rename in place, export, and remove with undo.
import { ActionIcon, Group, Tooltip } from '@mantine/core'
import { Download, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { visible } from '../../../components/plain-text.tsx'
import { NameCell } from '../../../components/rename-field.tsx'
import { toastError, toastUndo, toastWritten } from '../../../components/toast.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted, formatWhen, NONE } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { closeDraft } from './demonstrations-store.ts'

export const kindWords = { imported: 'imported', written: 'written', 'starter-world': 'starter' } as const

/** Nothing but what the starter world's generator wrote: of a row that it repeats nobody misses the second. */
export const isGenerated = ({ kind, files }: Pick<DemonstrationSet, 'kind' | 'files'>): boolean =>
  kind === 'starter-world' && files.length === 1

async function remove(set: DemonstrationSet): Promise<void> {
  closeDraft()
  await call('demonstrations.remove', { set: set.id })
  toastUndo(`Removed “${set.name}”. Runs that used it stay readable.`, () =>
    call('demonstrations.restore', { set: set.id }),
  )
}

async function exportSet(set: DemonstrationSet): Promise<void> {
  const { path, rows } = await call('demonstrations.export', { set: set.id })
  toastWritten(formatCounted(rows, 'row'), path)
}

export function SetsTable({
  sets,
  chosen,
  onChoose,
}: {
  sets: readonly DemonstrationSet[]
  chosen: string
  onChoose: (set: string) => void
}) {
  const [renaming, setRenaming] = useState<string | null>(null)
  const columns: readonly Column<DemonstrationSet>[] = [
    {
      key: 'name',
      header: 'Set',
      width: 'minmax(160px, 1fr)',
      cell: set => (
        <NameCell
          name={set.name}
          renaming={renaming === set.id}
          rename={name => call('demonstrations.rename', { set: set.id, name })}
          onDone={() => setRenaming(null)}
        />
      ),
    },
    { key: 'kind', header: 'Kind', width: '80px', cell: set => kindWords[set.kind] },
    { key: 'rows', header: 'Rows', width: '76px', align: 'right', cell: set => formatCount(set.rows) },
    {
      key: 'duplicates',
      header: 'Duplicates',
      width: '88px',
      align: 'right',
      cell: set => (isGenerated(set) ? NONE : formatCount(set.duplicates)),
    },
    {
      key: 'rejected',
      header: 'Rejected',
      width: '76px',
      align: 'right',
      cell: set => formatCount(set.rejected),
    },
    {
      key: 'created',
      header: 'Made',
      width: '124px',
      cell: set => formatWhen(set.createdAt, new Date()),
    },
    {
      key: 'actions',
      header: <span className="visually-hidden">Actions</span>,
      width: '92px',
      align: 'right',
      cell: set => (
        <Group gap={2} wrap="nowrap" justify="flex-end">
          <Action label="Export as JSON lines" of={set} icon={Download} act={() => exportSet(set)} />
          <Action label="Rename" of={set} icon={Pencil} act={async () => setRenaming(set.id)} />
          <Action label="Remove" hint="Remove, with undo" of={set} icon={Trash2} act={() => remove(set)} />
        </Group>
      ),
    },
  ]
  return (
    <VirtualTable
      label="Sets of demonstrations"
      columns={columns}
      rows={sets}
      rowKey={set => set.id}
      height={170}
      selected={set => set.id === chosen}
      onRowClick={set => onChoose(set.id)}
    />
  )
}

function Action({
  label,
  hint = label,
  of,
  icon: Icon,
  act,
}: {
  label: string
  hint?: string
  of: DemonstrationSet
  icon: typeof Pencil
  act: () => Promise<void>
}) {
  return (
    <Tooltip label={hint}>
      <ActionIcon
        size="sm"
        aria-label={`${label}: ${visible(of.name)}`}
        onClick={event => {
          event.stopPropagation()
          void act().catch(toastError)
        }}
      >
        <Icon size={13} />
      </ActionIcon>
    </Tooltip>
  )
}
