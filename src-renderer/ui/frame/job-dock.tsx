// Work in progress (uploads, imports, tokenizers) in the corner of every screen: progress, ETA, cancel. What ends says
// so in a toast; what fails stays until it is closed.
import { Button, Group } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import type { JobStatus } from '../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../app-state.ts'
import { ErrorNote } from '../components/error-note.tsx'
import { visible } from '../components/plain-text.tsx'
import { ProgressLine } from '../components/progress-line.tsx'
import { toast, toastAbout, toastError } from '../components/toast.tsx'
import { formatBytes } from '../format.ts'
import { useUpload } from '../grant-files.ts'
import { call } from '../lab.ts'
import { useQuery, useTopic } from '../queries.ts'
import classes from './frame.module.css'
import { batchAfter, batchSentence, cancelSentence, type JobBatch, jobOutcome } from './job-outcome.ts'

/** Jobs of one action follow each other faster than this. */
const BATCH_PAUSE_MS = 5000

export function JobDock() {
  const jobs = useQuery('jobs.list', {}).data ?? []
  const { upload } = useUpload()
  const batch = useRef<JobBatch>(undefined)
  const batchEnd = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [failed, setFailed] = useState<readonly JobStatus[]>([])
  const tab = useApp(state => state.tab)
  const building = useQuery('build.show', {}).data?.build?.state === 'running'
  const exhibited = useApp(state => state.tab === 'sft' && state.sftView === 'exhibit')
  const judged = useApp(
    state => state.tab === 'reward' && (state.rewardView === 'train' || state.rewardView === 'report'),
  )
  // The Device page shows its own measurement, in place; the question exhibit its questions; phase 3 what is measured of its model.
  const shownElsewhere = ({ kind }: JobStatus) =>
    // The overview shows a build with all that it is made of.
    (tab === 'overview' && (building || kind === 'build')) ||
    (kind === 'bench' && tab === 'device') ||
    (kind === 'exhibit' && exhibited) ||
    (kind === 'reward-measure' && judged)
  useTopic('job', job => {
    if (shownElsewhere(job)) return
    if (job.kind === 'tokenize') {
      batch.current = batchAfter(batch.current, job)
      clearTimeout(batchEnd.current)
      if (job.state !== 'running')
        batchEnd.current = setTimeout(() => {
          batch.current = undefined
        }, BATCH_PAUSE_MS)
    }
    if (job.state === 'done') {
      if (batch.current?.all.includes(job.id)) toastAbout('tokenize', 'success', batchSentence(batch.current))
      else toast(...jobOutcome(job))
    }
    if (job.state === 'cancelled') toast('info', cancelSentence(job))
    if (job.state === 'failed') setFailed(before => [...before.filter(other => other.id !== job.id), job])
  })
  const running = jobs.filter(job => job.state === 'running' && !shownElsewhere(job))
  const { ref, height } = useElementSize()
  // Toasts stand above the dock, however tall it is.
  useEffect(() => document.documentElement.style.setProperty('--dock-height', `${height}px`), [height])
  return (
    <section ref={ref} className={classes.dock} aria-label="Work in progress">
      {upload && (
        <div className={classes.job}>
          <ProgressLine
            label={visible(`Reading ${upload.title}`)}
            done={upload.done}
            total={upload.total}
            format={formatBytes}
          />
          <CancelRow cancel={upload.cancel} />
        </div>
      )}
      {running.map(job => (
        <div key={job.id} className={classes.job}>
          <ProgressLine
            label={visible(job.title)}
            done={job.done}
            total={job.total}
            unit={job.unit === 'bytes' ? '' : job.unit}
            format={job.unit === 'bytes' ? formatBytes : undefined}
            etaSeconds={job.etaSeconds}
            note={job.note && visible(job.note)}
          />
          <CancelRow cancel={() => void call('jobs.cancel', { job: job.id }).catch(toastError)} />
        </div>
      ))}
      {failed
        .filter(job => !shownElsewhere(job))
        .map(job => (
          <div key={job.id} className={classes.job}>
            {visible(job.title)}
            <ErrorNote
              error={job.error}
              onClose={() => setFailed(failed.filter(other => other.id !== job.id))}
            />
          </div>
        ))}
    </section>
  )
}

function CancelRow({ cancel }: { cancel: () => void }) {
  return (
    <Group justify="flex-end">
      <Button size="compact-xs" variant="subtle" color="gray" onClick={cancel}>
        Cancel
      </Button>
    </Group>
  )
}
