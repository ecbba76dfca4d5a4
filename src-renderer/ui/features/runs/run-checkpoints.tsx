// The checkpoints of a run, each verifiable against its manifest on a click.
import { Badge, Button, Text, Tooltip } from '@mantine/core'
import { useState } from 'react'
import type { CheckpointSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { visible } from '../../components/plain-text.tsx'
import { type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { formatBytes, formatCount, formatMetric, formatWhen } from '../../format.ts'
import { call } from '../../lab.ts'
import { useAction, useQuery } from '../../queries.ts'

export function RunCheckpoints({ run }: { run: string }) {
  const { data, error } = useQuery('checkpoints.list', { run })
  if (!data) return <ErrorNote error={error} />
  if (data.length === 0)
    return (
      <EmptyState title="No checkpoints yet">
        A checkpoint is everything needed to go on, or to talk to the model: a Hugging Face folder with its
        tokenizer.
      </EmptyState>
    )
  return (
    <>
      <VirtualTable
        label="Checkpoints"
        columns={columns}
        rows={[...data].sort((a, b) => b.step - a.step)}
        rowKey={checkpoint => checkpoint.id}
        height={360}
      />
      <Text fz="xs" c="dimmed" mt={6}>
        Verify reads every file again and compares sizes and SHA-256 with the manifest.
      </Text>
    </>
  )
}

const columns: Column<CheckpointSummary>[] = [
  {
    key: 'step',
    header: 'Step',
    width: '110px',
    align: 'right',
    cell: checkpoint => (
      <>
        {checkpoint.best && (
          <Badge size="xs" variant="light" mr={6}>
            best
          </Badge>
        )}
        {formatCount(checkpoint.step)}
      </>
    ),
  },
  {
    key: 'loss',
    header: 'Val. loss',
    width: '80px',
    align: 'right',
    cell: checkpoint => formatMetric('eval_loss', checkpoint.evalLoss ?? undefined),
  },
  {
    key: 'bytes',
    header: 'Size',
    width: '80px',
    align: 'right',
    cell: checkpoint => formatBytes(checkpoint.bytes),
  },
  {
    key: 'created',
    header: 'Saved',
    width: '120px',
    cell: checkpoint => formatWhen(checkpoint.createdAt, new Date()),
  },
  {
    key: 'path',
    header: 'Folder',
    width: 'minmax(160px, 1fr)',
    cell: checkpoint => (
      <span className="mono" title={checkpoint.path}>
        {visible(checkpoint.path)}
      </span>
    ),
  },
  {
    key: 'sha',
    header: 'Weights SHA-256',
    width: '120px',
    cell: checkpoint => (
      <Tooltip label={checkpoint.weightsSha256}>
        <span className="mono">{checkpoint.weightsSha256.slice(0, 12)}</span>
      </Tooltip>
    ),
  },
  { key: 'status', header: 'State', width: '170px', cell: checkpoint => <Verify checkpoint={checkpoint} /> },
]

function Verify({ checkpoint }: { checkpoint: CheckpointSummary }) {
  const [problems, setProblems] = useState<readonly string[] | null>(null)
  const verify = useAction(async () => {
    const result = await call('checkpoints.verify', { checkpoint: checkpoint.id })
    setProblems(result.verified ? [] : result.problems)
  })
  const found = problems ?? []
  const state = problems === null ? checkpoint.status : found.length === 0 ? 'verified now' : 'damaged'
  const color = state === 'damaged' || state === 'missing' ? 'red' : undefined
  return (
    <Tooltip
      label={visible(found.join('\n') || verify.error?.what || '')}
      disabled={found.length === 0 && !verify.error}
    >
      <span>
        <Text span fz="sm" c={verify.error ? 'red' : color} role="status">
          {verify.error ? 'could not verify' : state}
        </Text>{' '}
        <Button size="compact-xs" variant="default" loading={verify.busy} onClick={() => void verify.run()}>
          Verify
        </Button>
      </span>
    </Tooltip>
  )
}
