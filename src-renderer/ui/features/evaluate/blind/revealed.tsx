// Who was voted for: told when one asks, or when all is voted.
import { Button, Text } from '@mantine/core'
import { WinRates } from '../../../charts/win-rates.tsx'
import classes from '../../../components/blind/blind.module.css'
import { useQuery } from '../../../queries.ts'
import { useEvaluate } from '../evaluate-store.ts'
import { judgedBy, ownJudgeId, pairGroups } from '../report-words.ts'

export function Revealed({
  evaluation,
  labeler,
  isOver,
}: {
  evaluation: string
  labeler: string
  isOver: boolean
}) {
  const report = useQuery('evaluation.show', { evaluation }).data
  if (!report) return null
  const own = ownJudgeId(labeler)
  const judge = report.judges.find(({ id }) => id === own) ?? {
    id: own,
    by: 'person' as const,
    name: labeler,
  }
  const groups = pairGroups(report, own)
  return (
    <section className={classes.revealed} aria-label="Your votes">
      <Text fw={600}>{judgedBy(judge, report.winRates, own)}</Text>
      {groups.length === 0 ? (
        <Text fz="sm" c="dimmed">
          No vote yet.
        </Text>
      ) : (
        <WinRates groups={groups} withPublished={isOver} />
      )}
      {isOver && (
        <Button mt="sm" onClick={() => useEvaluate.setState({ voting: null })}>
          Back to the report
        </Button>
      )}
    </section>
  )
}
