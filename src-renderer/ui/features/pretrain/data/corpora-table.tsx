// The list of corpora, with rename in place and remove with undo.
import { ActionIcon, Group, Tooltip } from '@mantine/core'
import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { CorpusSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { NameCell } from '../../../components/rename-field.tsx'
import { toastError, toastUndo } from '../../../components/toast.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatBytes, formatCount } from '../../../format.ts'
import { call } from '../../../lab.ts'

export const kindWords = { imported: 'imported', 'starter-world': 'starter' } as const

async function remove(corpus: CorpusSummary): Promise<void> {
  await call('corpora.remove', { corpus: corpus.id })
  toastUndo(`Removed “${corpus.name}”. Runs that used it stay readable.`, () =>
    call('corpora.restore', { corpus: corpus.id }),
  )
}

export function CorporaTable({
  corpora,
  chosen,
  onChoose,
}: {
  corpora: readonly CorpusSummary[]
  chosen: string
  onChoose: (corpus: string) => void
}) {
  const [renaming, setRenaming] = useState<string | null>(null)
  const columns: readonly Column<CorpusSummary>[] = [
    {
      key: 'name',
      header: 'Name',
      width: 'minmax(150px, 1fr)',
      cell: c => (
        <NameCell
          name={c.name}
          renaming={renaming === c.id}
          rename={name => call('corpora.rename', { corpus: c.id, name })}
          onDone={() => setRenaming(null)}
        />
      ),
    },
    { key: 'kind', header: 'Kind', width: '76px', cell: c => kindWords[c.kind] },
    {
      key: 'documents',
      header: 'Documents',
      width: '90px',
      align: 'right',
      cell: c => formatCount(c.documents),
    },
    {
      key: 'bytes',
      header: 'Text',
      width: '70px',
      align: 'right',
      cell: c => formatBytes(c.bytes),
    },
    {
      key: 'duplicates',
      header: 'Duplicates',
      width: '88px',
      align: 'right',
      cell: c => formatCount(c.duplicates),
    },
    {
      key: 'rejected',
      header: 'Rejected',
      width: '76px',
      align: 'right',
      cell: c => formatCount(c.rejected),
    },
    {
      key: 'actions',
      header: <span className="visually-hidden">Actions</span>,
      width: '64px',
      align: 'right',
      cell: c => (
        <Group gap={2} wrap="nowrap" justify="flex-end">
          <Tooltip label="Rename">
            <ActionIcon
              size="sm"
              aria-label={`Rename ${c.name}`}
              onClick={event => {
                event.stopPropagation()
                setRenaming(c.id)
              }}
            >
              <Pencil size={13} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Remove, with undo">
            <ActionIcon
              size="sm"
              aria-label={`Remove ${c.name}`}
              onClick={event => {
                event.stopPropagation()
                void remove(c).catch(toastError)
              }}
            >
              <Trash2 size={13} />
            </ActionIcon>
          </Tooltip>
        </Group>
      ),
    },
  ]
  return (
    <VirtualTable
      label="Corpora"
      columns={columns}
      rows={corpora}
      rowKey={c => c.id}
      height={230}
      selected={c => c.id === chosen}
      onRowClick={c => onChoose(c.id)}
    />
  )
}
