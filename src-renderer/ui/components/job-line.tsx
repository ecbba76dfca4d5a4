// One job where it was started: progress, ETA, cancel; what it ended with.
import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { formatBytes } from '../format.ts'
import { call } from '../lab.ts'
import { useAction, useQuery } from '../queries.ts'
import { ErrorNote } from './error-note.tsx'
import { visible } from './plain-text.tsx'
import { ProgressLine } from './progress-line.tsx'

export function JobLine({ job }: { job: string | null }) {
  const status = useQuery('jobs.list', {}).data?.find(j => j.id === job)
  const [cancelled, setCancelled] = useState<string>()
  const cancel = useAction(async (id: string) => {
    await call('jobs.cancel', { job: id })
    setCancelled(id)
  })
  if (!status) return null
  if (status.state === 'failed') return <ErrorNote error={status.error} />
  if (status.state !== 'running')
    return (
      <Text fz="sm" c="dimmed" role="status">
        {visible(status.title)}: {status.state}
      </Text>
    )
  const cancelling = cancel.busy || cancelled === status.id
  const bytes = status.unit === 'bytes'
  return (
    <div>
      <ProgressLine
        label={visible(status.title)}
        done={status.done}
        total={status.total}
        unit={bytes ? '' : status.unit}
        format={bytes ? formatBytes : undefined}
        etaSeconds={status.etaSeconds}
        note={status.note && visible(status.note)}
      />
      <Group justify="flex-end">
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          disabled={cancelling}
          onClick={() => void cancel.run(status.id)}
        >
          {cancelling ? 'Cancelling…' : 'Cancel'}
        </Button>
      </Group>
      <ErrorNote error={cancel.error} />
    </div>
  )
}
