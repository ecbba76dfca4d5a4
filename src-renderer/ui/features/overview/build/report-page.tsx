// The report of a build, read in the app: the same file that is saved, in a frame in which nothing can run.
import { Group, useComputedColorScheme } from '@mantine/core'
import { ArrowLeft } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { toastWritten } from '../../../components/toast.tsx'
import { call } from '../../../lab.ts'
import { useAction, useQuery } from '../../../queries.ts'
import classes from './build.module.css'

export function ReportPage({ build, onClose }: { build: string; onClose: () => void }) {
  const theme = useComputedColorScheme('light', { getInitialValueInEffect: false })
  const report = useQuery('build.report', { build, theme }, { keepPrevious: true })
  const page = useRef<HTMLElement>(null)
  useEffect(() => page.current?.focus(), [])
  const save = useAction(async () => {
    const { path } = await call('build.saveReport', { build })
    toastWritten('The report', path)
  })
  return (
    <section
      ref={page}
      tabIndex={-1}
      aria-label="Report"
      className={classes.report}
      onKeyDown={event => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <Group justify="space-between" gap="xs">
        <ActionButton
          size="xs"
          variant="default"
          leftSection={<ArrowLeft size={14} aria-hidden />}
          onClick={onClose}
        >
          Back to the overview
        </ActionButton>
        <ActionButton size="xs" loading={save.busy} onClick={() => void save.run()}>
          Save the report
        </ActionButton>
      </Group>
      <ErrorNote error={report.error ?? save.error} />
      {report.data && (
        <iframe className={classes.frame} title="Report of the build" sandbox="" srcDoc={report.data.html} />
      )}
    </section>
  )
}
