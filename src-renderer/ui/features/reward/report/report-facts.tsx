// The figures of a report: how often it agrees with the labels, beside what can be reached, and what its scores are made of.
import { Text } from '@mantine/core'
import type { ShareWithInterval } from '../../../../../src-shared/contract/preferences-contract.ts'
import type { RewardReport } from '../../../../../src-shared/contract/reward-contract.ts'
import { Facts } from '../../../components/panel.tsx'
import { ShareBar } from '../../../components/share-bar.tsx'
import { Term } from '../../../components/term.tsx'
import { formatCounted, formatMetric, formatNumber, formatPercent } from '../../../format.ts'
import { ceilingSentence, shareText } from '../agreement-words.ts'
import classes from './report.module.css'

export function AccuracyBars({ report }: { report: RewardReport }) {
  const { validation, train, clean, agreement } = report
  const { ceiling, noCeiling } = agreement
  const marks = [0.5, ...(ceiling ? [ceiling.share] : [])]
  return (
    <>
      <AccuracyBar
        name="On validation"
        meaning="Share of the pairs of held-out prompts whose winner scores higher. The interval counts prompts, not pairs: those of one prompt are not independent."
        share={validation.accuracy}
        marks={marks}
      />
      {clean && (
        <AccuracyBar
          name="Before the labelers’ noise"
          meaning={`Against the order that the simulated labeler had before ${formatPercent(clean.noise)} of its labels were turned round: how good the model really is.`}
          share={clean.accuracy}
          marks={[0.5]}
        />
      )}
      <AccuracyBar
        name="On what it was trained on"
        meaning="Far above validation, it has learnt labels by heart."
        share={train.accuracy}
        marks={marks}
      />
      <Text fz="xs" c="dimmed" mt={6}>
        Ceiling{ceiling ? ' (the second dashed line): ' : ': '}
        {ceilingSentence(ceiling, noCeiling)}
      </Text>
    </>
  )
}

function AccuracyBar({
  name,
  meaning,
  share,
  marks,
}: {
  name: string
  meaning: string
  share: ShareWithInterval
  marks: readonly number[]
}) {
  return (
    <div className={classes.accuracy}>
      <span>
        <Term meaning={meaning}>{name}</Term>
      </span>
      <span className={classes.figure}>
        {share.n === 0 ? 'no pair' : `${shareText(share)} of ${formatCounted(share.n, 'pair')}`}
      </span>
      <ShareBar share={share} marks={marks} />
    </div>
  )
}

export function ScoreFacts({ report }: { report: RewardReport }) {
  const { validation, reference, calibrationError } = report
  return (
    <Facts
      wide
      facts={[
        {
          name: 'Loss on validation',
          value: `${formatMetric('eval_loss', validation.loss)} nats, guessing 0.693`,
        },
        { name: 'Margin on validation', value: `${formatNumber(validation.margin, 3)} standard deviations` },
        { name: 'Calibration error', value: formatPercent(calibrationError) },
        {
          name: 'Fresh answers scored',
          value: `${formatCounted(reference.samples, 'answer')} to ${formatCounted(reference.prompts, 'prompt')}`,
        },
        {
          name: 'Their raw scores',
          value: `mean ${formatNumber(reference.mean, 3)}, deviation ${formatNumber(reference.std, 3)}`,
        },
        {
          name: 'Of their variance, within prompts',
          value: formatPercent(reference.withinPrompts),
        },
      ]}
    />
  )
}

/** For the narrow zone: one line. */
export function AccuracyLine({ report }: { report: RewardReport }) {
  const { ceiling } = report.agreement
  return (
    <div className={classes.accuracy}>
      <span>
        <Term meaning="Share of the pairs of held-out prompts whose winner scores higher: every pair counts the same.">
          Accuracy, of held-out pairs
        </Term>
        {ceiling && (
          <Text span fz="xs" c="dimmed">
            {' '}
            (ceiling {formatPercent(ceiling.share)})
          </Text>
        )}
      </span>
      <span className={classes.figure}>{shareText(report.validation.accuracy)}</span>
      <ShareBar share={report.validation.accuracy} marks={[0.5, ...(ceiling ? [ceiling.share] : [])]} />
    </div>
  )
}
