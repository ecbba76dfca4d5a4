// One evaluation in full: whose answers, how they compare, how true they are, how far up the ladder, and how they sound.
import { Box, Button, Group, Text } from '@mantine/core'
import type {
  EvaluationReport,
  EvaluationSummary,
} from '../../../../../src-shared/contract/evaluation-contract.ts'
import { modelName } from '../../../charts/evaluated-model.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { JobLine } from '../../../components/job-line.tsx'
import { Panel } from '../../../components/panel.tsx'
import { PlainText } from '../../../components/plain-text.tsx'
import { formatCount, formatDuration } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { phaseColor } from '../../../phases.ts'
import { useAction, useQuery } from '../../../queries.ts'
import classes from '../evaluate.module.css'
import { LadderPart } from './ladder-part.tsx'
import { MannerPart } from './manner-part.tsx'
import { TournamentPart } from './tournament-part.tsx'
import { TruthPart } from './truth-part.tsx'

export function ReportView({ summary }: { summary: EvaluationSummary }) {
  const { evaluation } = summary
  const show = useQuery('evaluation.show', { evaluation })
  const report = show.data
  return (
    <>
      <Panel title={<PlainText text={summary.name} />}>
        <Models report={summary} />
        {report && (
          <Text fz="xs" c="dimmed" mt={4} className="tabular">
            {factsOf(report)}
          </Text>
        )}
        <Unfinished summary={summary} />
        <ErrorNote error={show.error} retry={{ label: 'Try again', run: show.refetch }} />
      </Panel>
      {report && report.answers > 0 && (
        <>
          {report.parts.includes('tournament') && <TournamentPart report={report} />}
          {report.parts.includes('truthfulness') && <TruthPart report={report} />}
          {report.parts.includes('ladder') && <LadderPart report={report} />}
          {report.parts.includes('tasks') && <MannerPart report={report} />}
        </>
      )}
    </>
  )
}

function factsOf({ prompts, answers, seconds, seed }: EvaluationReport): string {
  const from =
    prompts.from === 'starter-world'
      ? `starter world ${prompts.seed}, ${prompts.split} split`
      : prompts.from === 'typed'
        ? 'own prompts'
        : 'prompts of demonstrations'
  return `${from} · ${formatCount(answers)} answers · ${formatDuration(seconds)} · seed ${seed}`
}

function Models({ report }: { report: EvaluationSummary }) {
  return (
    <ul className={classes.models} aria-label="Models compared">
      {report.models.map(({ label, name, phase, step }) => (
        <li key={label}>
          <span style={{ color: phaseColor(phase), fontWeight: 600 }}>
            <span aria-hidden className={classes.swatch} />
            <PlainText text={modelName(label)} />
          </span>{' '}
          <Text span fz="xs" c="dimmed">
            <PlainText text={name} />, step {formatCount(step)}
          </Text>
        </li>
      ))}
    </ul>
  )
}

/** What is still being asked, or was cut off and can go on. */
function Unfinished({
  summary: { evaluation, job, answers, answersPlanned, scoresMissing },
}: {
  summary: EvaluationSummary
}) {
  const resume = useAction(() => call('evaluation.resume', { evaluation }))
  if (job !== null)
    return (
      <Box mt="sm">
        <JobLine job={job} />
      </Box>
    )
  if (answers >= answersPlanned && scoresMissing === 0) return null
  return (
    <>
      <Group gap="sm" mt="xs">
        <Text fz="sm">
          It was cut off:{' '}
          {answers < answersPlanned
            ? `${formatCount(answers)} of ${formatCount(answersPlanned)} answers are here.`
            : `all answers are here, ${formatCount(scoresMissing)} scores of reward models are not.`}{' '}
          The figures are of what there is.
        </Text>
        <Button size="compact-xs" loading={resume.busy} onClick={() => void resume.run()}>
          Go on
        </Button>
      </Group>
      <ErrorNote error={resume.error} onClose={resume.clear} />
    </>
  )
}
