// The prompts that this checkpoint cannot read whole, each with the reason; a click opens its card.
import { Modal, Stack, Text } from '@mantine/core'
import type { RefusedPrompt } from '../../../../../src-shared/contract/reward-contract.ts'
import { useApp } from '../../../app-state.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { usePagedRows } from '../../../paged-rows.ts'
import { useQuery } from '../../../queries.ts'

/** @param nameOf null where all prompts are of one set */
const columnsFor = (nameOf: ((set: string) => string) | null): readonly Column<RefusedPrompt>[] => [
  {
    key: 'number',
    header: 'Prompt',
    width: '70px',
    align: 'right',
    cell: row => formatCount(row.number + 1),
  },
  ...(nameOf
    ? [
        {
          key: 'set',
          header: 'Set',
          width: 'minmax(90px, 1fr)',
          cell: (row: RefusedPrompt) => <PlainText text={nameOf(row.set)} />,
        },
      ]
    : []),
  {
    key: 'tokens',
    header: 'Tokens',
    width: '70px',
    align: 'right',
    cell: row => formatCount(row.tokens),
  },
  {
    key: 'reason',
    header: 'Reason',
    width: 'minmax(200px, 2fr)',
    cell: row => (
      <Text inherit lineClamp={2} title={visible(row.reason)} style={{ whiteSpace: 'normal' }}>
        <PlainText text={row.reason} />
      </Text>
    ),
  },
  {
    key: 'excerpt',
    header: 'Begins with',
    width: 'minmax(120px, 1.5fr)',
    cell: row => <PlainText text={row.excerpt.replaceAll('\n', '⏎ ')} />,
  },
]

export function RefusedPrompts({
  checkpoint,
  sets,
  onClose,
}: {
  checkpoint: string
  sets: readonly string[]
  onClose: () => void
}) {
  const all = useQuery('preferences.list', {}).data ?? []
  const page = usePagedRows<RefusedPrompt>(JSON.stringify([checkpoint, sets]), (offset, limit) =>
    call('reward.refused', { checkpoint, sets: [...sets], offset, limit }),
  )
  const nameOf = (id: string) => all.find(set => set.id === id)?.name ?? id
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title="Prompts that this model cannot read whole"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap={6}>
        <ErrorNote error={page.error} retry={{ label: 'Try again', run: page.reload }} />
        <Text fz="sm" c="dimmed" role="status">
          {page.total === null
            ? page.error
              ? ''
              : 'Looking through the prompts …'
            : `${formatCounted(page.total, 'prompt')} will be left out. A model with a longer context could read them; a click opens the card.`}
        </Text>
        {(page.total ?? 0) > 0 && (
          <VirtualTable
            label="Refused prompts"
            columns={columnsFor(sets.length > 1 ? nameOf : null)}
            rows={page.rows}
            rowKey={row => `${row.set} ${row.number}`}
            rowHeight={44}
            height={420}
            onRowClick={row => {
              onClose()
              useApp.getState().openCard(row.set, row.number)
            }}
            onNearEnd={page.more}
          />
        )}
      </Stack>
    </Modal>
  )
}
