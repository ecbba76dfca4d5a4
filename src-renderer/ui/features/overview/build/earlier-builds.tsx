// Builds beside the one that is shown: their reports, and those that were cut off.
import { Text } from '@mantine/core'
import { useEffect, useId, useState } from 'react'
import type { BuildStatus, BuildSummary } from '../../../../../src-shared/contract/build-contract.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { formatMoment } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { refetchQuery, useAction, useQuery } from '../../../queries.ts'
import classes from './build.module.css'
import { buildTitle } from './build-words.ts'

/** @param lastRead the build whose report was just closed */
export function EarlierBuilds({
  shown,
  lastRead,
  onRead,
}: {
  shown: Pick<BuildStatus, 'build' | 'state'>
  lastRead: string | null
  onRead: (build: string) => void
}) {
  const { data = [], error, refetch } = useQuery('build.list', {})
  const key = `${shown.build} ${shown.state}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is another once this has begun, or ended
  useEffect(refetch, [key])
  // Whoever comes back from a report in it finds it as it was.
  const [wasOpen] = useState(lastRead !== null && lastRead !== shown.build)
  const earlier = data.filter(({ build }) => build !== shown.build)
  if (error) return <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
  if (earlier.length === 0) return null
  return (
    <details className={classes.again} open={wasOpen}>
      <summary>Earlier builds ({earlier.length})</summary>
      <ul className={classes.earlier} aria-label="Earlier builds">
        {earlier.map(build => (
          <EarlierBuild
            key={build.build}
            build={build}
            busy={shown.state === 'running' ? 'Another build is under way.' : null}
            onRead={() => onRead(build.build)}
          />
        ))}
      </ul>
    </details>
  )
}

function EarlierBuild({
  build,
  busy,
  onRead,
}: {
  build: BuildSummary
  busy: string | null
  onRead: () => void
}) {
  const { build: id, phases, size, createdAt, state, report } = build
  const title = useId()
  const resume = useAction(async () => {
    await call('build.resume', { build: id })
    await refetchQuery('build.show', {})
  })
  return (
    <li>
      <div>
        <div id={title}>{buildTitle({ ...build, phases: phases.map(phase => ({ phase })) })}</div>
        <Text fz="xs" c="dimmed">
          {size === 'smallest' ? 'Smallest size, begun ' : 'Begun '}
          <time dateTime={createdAt}>{formatMoment(createdAt)}</time>
        </Text>
        <ErrorNote error={resume.error} onClose={resume.clear} />
      </div>
      {state === 'finished' ? (
        report !== null && (
          <ActionButton
            size="xs"
            variant="default"
            data-open-report={id}
            aria-describedby={title}
            onClick={onRead}
          >
            Open the report
          </ActionButton>
        )
      ) : (
        <ActionButton
          size="xs"
          variant="default"
          loading={resume.busy}
          disabledReason={busy}
          aria-describedby={title}
          onClick={() => void resume.run()}
        >
          Resume
        </ActionButton>
      )}
    </li>
  )
}
