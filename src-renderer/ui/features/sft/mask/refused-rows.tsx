// The rows that the chosen base cannot be trained on, each with the reason; a click shows one under the x-ray.
import { MultiSelect, Stack, Text, Title } from '@mantine/core'
import type { RefusedRow } from '../../../../../src-shared/contract/sft-contract.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { visible } from '../../../components/plain-text.tsx'
import { RefusedTable } from '../../../components/refused-table.tsx'
import { toastError } from '../../../components/toast.tsx'
import { formatCounted } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { usePagedRows } from '../../../paged-rows.ts'
import { useQuery, useTopic } from '../../../queries.ts'
import { listSets, showMask, useMask } from './mask-store.ts'

async function showRow({ set, number }: RefusedRow): Promise<void> {
  const { rows } = await call('demonstrations.rows', { set, number, offset: 0, limit: 1 })
  if (rows[0]) showMask(rows[0].messages)
}

export function RefusedRows({ checkpoint }: { checkpoint: string }) {
  const all = (useQuery('demonstrations.list', {}).data ?? []).filter(set => set.removedAt === null)
  const chosen = useMask(state => state.sets)
  const sets = all.filter(set => chosen === null || chosen.includes(set.id)).map(set => set.id)
  const page = usePagedRows<RefusedRow>(JSON.stringify([checkpoint, sets]), async (offset, limit) =>
    sets.length === 0 ? { total: 0, rows: [] } : call('sft.refused', { checkpoint, sets, offset, limit }),
  )
  useTopic('changed', ({ what }) => {
    if (what === 'demonstrations') page.reload()
  })
  const nameOf = (id: string) => all.find(set => set.id === id)?.name ?? id
  return (
    <section aria-label="Refused rows">
      <Title order={2} mb={6}>
        Rows this base cannot be trained on
      </Title>
      <Stack gap={6}>
        {all.length > 1 && (
          <MultiSelect
            size="xs"
            aria-label="Sets to look through"
            placeholder={sets.length === 0 ? 'No set chosen' : undefined}
            data={all.map(set => ({ value: set.id, label: visible(set.name) }))}
            value={sets}
            onChange={listSets}
          />
        )}
        <ErrorNote error={page.error} retry={{ label: 'Try again', run: page.reload }} />
        <Text fz="sm" c="dimmed" role="status">
          {all.length === 0
            ? 'There are no demonstrations yet.'
            : page.total === null
              ? page.error
                ? ''
                : 'Looking through the rows …'
              : page.total === 0
                ? 'Every row of these sets can be trained on.'
                : `${formatCounted(page.total, 'row')} will be left out. Click one to see it above; shorten it, or use a base with a longer context.`}
        </Text>
        {(page.total ?? 0) > 0 && (
          <RefusedTable
            label="Refused rows"
            numbered="Row"
            own={[]}
            nameOf={sets.length > 1 ? nameOf : null}
            page={page}
            height={300}
            onOpen={row => void showRow(row).catch(toastError)}
          />
        )}
      </Stack>
    </section>
  )
}
