// What the doctor found in this run: the gravest first, each with its cause and, where a setting mends it, a button that
// takes it into the recipe of the next run.
import { Button, Stack, Text, Tooltip } from '@mantine/core'
import { OctagonX, TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { parsePpoConfig, ppoFields } from '../../../../../src-shared/config/ppo-config.ts'
import type { RunSummary, Series } from '../../../../../src-shared/contract/lab-contract.ts'
import { diagnose, doctorMetrics, type Finding } from '../../../../../src-shared/ppo/doctor.ts'
import type { Advice } from '../../../../../src-shared/ppo/doctor-rule.ts'
import { Term } from '../../../components/term.tsx'
import { toastUndo } from '../../../components/toast.tsx'
import { type LikeRun, promptsLike } from '../../../components/training/like-run.ts'
import { formatCount, formatNumber } from '../../../format.ts'
import { useRunSeries } from '../../../run-series.ts'
import { adviceTaken, takeAdvice, usePpo } from './recipe-store.ts'
import classes from './train.module.css'

/** Curves as the points that they were made of. */
export function pointsOf(series: Readonly<Record<string, Series>>) {
  const byStep = new Map<number, Record<string, number>>()
  for (const [name, { steps, values }] of Object.entries(series))
    for (const [i, step] of steps.entries())
      byStep.set(step, Object.assign(byStep.get(step) ?? {}, { [name]: values[i]! }))
  return [...byStep].sort(([a], [b]) => a - b).map(([step, values]) => ({ step, values }))
}

/** Thinned curves are of extremes: a doctor who reads them takes noise for illness. */
const EVERY_POINT = 2000
const whole = {}

export function useFindings(run: Pick<RunSummary, 'id' | 'config'>): readonly Finding[] {
  const [series] = useRunSeries([run.id], doctorMetrics, whole, EVERY_POINT)
  const config = JSON.stringify(run.config)
  return useMemo(
    () => diagnose(pointsOf(series!), parsePpoConfig(JSON.parse(config), run.id)),
    [series, config, run.id],
  )
}

const gravity = (finding: Finding): number =>
  (finding.until === null ? 0 : 2) + (finding.level === 'alarm' ? 0 : 1)

export function DoctorPanel({ run }: { run: RunSummary }) {
  const findings = useFindings(run)
  if (run.step < 1) return null
  return (
    <section aria-label="Doctor">
      <Text fz="xs" fw={600} c="dimmed" mb={4}>
        <Term meaning="Reads every metric as it comes, and names what goes wrong, its likely cause and the setting to change.">
          Doctor
        </Term>
      </Text>
      {findings.length === 0 ? (
        <Text fz="sm">Nothing is wrong so far.</Text>
      ) : (
        <Stack gap={6}>
          {[...findings]
            .sort((a, b) => gravity(a) - gravity(b) || a.since - b.since)
            .map(finding => (
              <OneFinding key={finding.rule} finding={finding} run={run} />
            ))}
        </Stack>
      )}
    </section>
  )
}

export function OneFinding({ finding, run }: { finding: Finding; run: LikeRun }) {
  const { level, title, since, until, text, advice } = finding
  const alarm = level === 'alarm'
  const Icon = alarm ? OctagonX : TriangleAlert
  return (
    <div
      className={classes.finding}
      data-over={until !== null || undefined}
      style={{ '--finding': alarm ? 'var(--lab-bad)' : 'var(--lab-warn)' } as React.CSSProperties}
      role={alarm && until === null ? 'alert' : 'status'}
    >
      <Icon size={15} aria-hidden />
      <div>
        <strong>{title}</strong>{' '}
        <Text span fz="xs" c="dimmed" className="tabular">
          {alarm ? 'alarm' : 'warning'}, {until === null ? 'since update' : 'update'} {formatCount(since)}
          {until !== null && ` to ${formatCount(until)}`}
        </Text>
        <div>{text}</div>
        {advice && <AdviceButton advice={advice} run={run} />}
      </div>
    </div>
  )
}

function AdviceButton({ advice, run }: { advice: Advice; run: LikeRun }) {
  const taken = usePpo(state => adviceTaken(state.recipe, run, advice))
  const words = `${ppoFields[advice.field].label} ${formatNumber(advice.value, 2)}`
  const again = promptsLike(run) ? '' : ' Its prompts are to be chosen again.'
  return (
    <Tooltip
      label={`The recipe becomes this run’s own, with this change: its fine-tuned model, rewards, prompts and fields.${again}`}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Button
        size="compact-xs"
        variant="default"
        mt={4}
        disabled={taken}
        onClick={() => {
          const undo = takeAdvice(run, advice)
          toastUndo(`The recipe is this run’s with ${words}.${again}`, async () => undo())
        }}
      >
        {taken ? `${words} stands in the recipe` : `Try ${words} in the next run`}
      </Button>
    </Tooltip>
  )
}
