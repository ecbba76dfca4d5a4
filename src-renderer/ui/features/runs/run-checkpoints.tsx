// The checkpoints of a run, each verifiable against its manifest on a click.
import { Alert, Badge, Button, List, Text, Tooltip } from '@mantine/core'
import { useEffect } from 'react'
import { create } from 'zustand'
import { sentence } from '../../../../src-shared/contract/errors.ts'
import type { CheckpointSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { PlainText, visible } from '../../components/plain-text.tsx'
import { toastError } from '../../components/toast.tsx'
import { type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { formatBytes, formatCount, formatWhen } from '../../format.ts'
import { call } from '../../lab.ts'
import { useAction, useQuery } from '../../queries.ts'
import { EvalLoss } from './eval-loss.tsx'

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
      {data.map(checkpoint => (
        <Damage key={checkpoint.id} checkpoint={checkpoint} />
      ))}
    </>
  )
}

/** What the last verification found in each checkpoint, by id; empty = nothing wrong. */
const useFindings = create<Readonly<Record<string, readonly string[]>>>(() => ({}))

async function verify(checkpoint: string): Promise<void> {
  const { problems } = await call('checkpoints.verify', { checkpoint })
  useFindings.setState({ [checkpoint]: problems })
}

/** The files that are wrong, where they lie, and what can be done about it. */
function Damage({ checkpoint }: { checkpoint: CheckpointSummary }) {
  const { id, status, path, step } = checkpoint
  const problems = useFindings(findings => findings[id])
  useEffect(() => {
    // One marked damaged at an earlier start says why without being asked.
    if (status === 'damaged' && problems === undefined) void verify(id).catch(toastError)
  }, [id, status, problems])
  if (!problems || problems.length === 0) return null
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      p="xs"
      mt="xs"
      title={`Step ${formatCount(step)} is damaged`}
    >
      <List fz="sm">
        {problems.map(problem => (
          <List.Item key={problem}>
            <PlainText text={`${problem}.`} />
          </List.Item>
        ))}
      </List>
      <Text fz="sm" mt={4}>
        In the folder <span className="mono">{visible(path)}</span>. Put these files back from a copy and
        verify again; without one this checkpoint cannot be used, and the run goes on from an earlier
        checkpoint.
      </Text>
    </Alert>
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
    cell: ({ evalLoss, phase }) => <EvalLoss value={evalLoss} phase={phase} />,
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
  const problems = useFindings(findings => findings[checkpoint.id])
  const act = useAction(() => verify(checkpoint.id))
  const state =
    problems === undefined ? checkpoint.status : problems.length === 0 ? 'verified now' : 'damaged'
  const bad = state === 'damaged' || state === 'missing' || act.error !== null
  return (
    <span title={act.error ? visible(sentence(act.error)) : undefined}>
      <Text span fz="sm" c={bad ? 'red' : undefined} role="status">
        {act.error ? 'could not verify' : state}
      </Text>{' '}
      <Button size="compact-xs" variant="default" loading={act.busy} onClick={() => void act.run()}>
        Verify
      </Button>
    </span>
  )
}
