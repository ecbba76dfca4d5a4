// The answers behind one evaluation: what the fine-tuned model said to each held-out prompt, what the policy says, their
// rewards, and who is better in the oracle's eyes.
import { Text } from '@mantine/core'
import type { LabMethods } from '../../../../../src-shared/contract/lab-contract.ts'
import type { OutputOf } from '../../../../../src-shared/contract/method.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { Panel } from '../../../components/panel.tsx'
import { TwoLines } from '../../../components/two-lines.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted, formatNumber, NONE } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { usePagedRows } from '../../../paged-rows.ts'

type Row = OutputOf<LabMethods['ppo.answers']>['rows'][number]

const words = { win: '▲ better', loss: '▼ worse', tie: '= as good' } as const

const columns: readonly Column<Row>[] = [
  {
    key: 'prompt',
    header: 'Prompt',
    width: 'minmax(150px, 1.2fr)',
    cell: row => <TwoLines text={row.messages.at(-1)?.content ?? ''} />,
  },
  {
    key: 'reference',
    header: 'Fine-tuned model',
    width: 'minmax(150px, 1fr)',
    cell: row => <TwoLines text={row.reference.text || '(nothing)'} />,
  },
  {
    key: 'reference-score',
    header: 'Reward',
    width: '64px',
    align: 'right',
    cell: row => formatNumber(row.reference.score, 3),
  },
  {
    key: 'policy',
    header: 'After this update',
    width: 'minmax(150px, 1fr)',
    cell: row => <TwoLines text={row.policy.text || '(nothing)'} />,
  },
  {
    key: 'policy-score',
    header: 'Reward',
    width: '64px',
    align: 'right',
    cell: row => formatNumber(row.policy.score, 3),
  },
  { key: 'kl', header: 'KL', width: '60px', align: 'right', cell: row => formatNumber(row.policy.kl, 2) },
  {
    key: 'oracle',
    header: 'Oracle',
    width: '84px',
    cell: row => (row.oracle === null ? NONE : words[row.oracle]),
  },
]

export function AnswersPanel({ run, step }: { run: string; step: number }) {
  const page = usePagedRows<Row>(`${run} ${step}`, (offset, limit) =>
    call('ppo.answers', { run, step, offset, limit }),
  )
  return (
    <Panel
      title={`Answers at update ${formatCount(step)}`}
      aside={
        <Text fz="xs" c="dimmed">
          {page.total === null ? '' : `${formatCounted(page.total, 'held-out prompt')}, never trained on`}
        </Text>
      }
    >
      <ErrorNote error={page.error} retry={{ label: 'Try again', run: page.reload }} />
      {page.rows.length > 0 && (
        <VirtualTable
          label={`Answers at update ${step}`}
          columns={columns}
          rows={page.rows}
          rowKey={row => String(row.prompt)}
          rowHeight={44}
          height={320}
          onNearEnd={page.more}
        />
      )}
    </Panel>
  )
}
