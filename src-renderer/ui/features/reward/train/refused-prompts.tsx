// The prompts that this checkpoint cannot read whole, each with the reason; a click opens its card.
import { Modal, Stack, Text } from '@mantine/core'
import type { RefusedPrompt } from '../../../../../src-shared/contract/reward-contract.ts'
import { useApp } from '../../../app-state.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { RefusedTable } from '../../../components/refused-table.tsx'
import type { Column } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { usePagedRows } from '../../../paged-rows.ts'
import { useQuery } from '../../../queries.ts'

const tokens: Column<RefusedPrompt> = {
  key: 'tokens',
  header: 'Tokens',
  width: '70px',
  align: 'right',
  cell: row => formatCount(row.tokens),
}

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
          <RefusedTable
            label="Refused prompts"
            numbered="Prompt"
            own={[tokens]}
            nameOf={sets.length > 1 ? nameOf : null}
            page={page}
            height={420}
            onOpen={row => {
              onClose()
              useApp.getState().openCard(row.set, row.number)
            }}
          />
        )}
      </Stack>
    </Modal>
  )
}
