// How often the same pair is ordered the same way: by the same person again, and by others.
import type { Agreement, ShareWithInterval } from '../../../../../src-shared/contract/preferences-contract.ts'
import { Term } from '../../../components/term.tsx'
import classes from './bench.module.css'
import { agreementLines } from './bench-words.ts'

const MEANING =
  'Of the pairs of answers that both orders decide, the share that both order the same way, with its 95% interval. About one prompt in ten comes back silently, so that you are compared with yourself. It is the measure of a reward model: it can agree with you a little more often than you do with yourself, not much.'

export function AgreementBar({ share, low, high }: ShareWithInterval) {
  return (
    <span className={classes.interval} aria-hidden>
      <span
        className={classes.intervalRange}
        style={{ left: `${100 * low}%`, width: `${100 * (high - low)}%` }}
      />
      <span className={classes.intervalShare} style={{ left: `calc(${100 * share}% - 1px)` }} />
    </span>
  )
}

export function AgreementMeter({ agreement, labeler }: { agreement: Agreement; labeler: string }) {
  const lines = agreementLines(agreement, labeler)
  return (
    <section className={classes.meter} aria-label="Agreement">
      {lines.slice(0, 3).map((line, i) => (
        <div key={line.label} className={classes.meterLine}>
          <span>
            {i === 0 ? <Term meaning={MEANING}>Agreement</Term> : 'and'} <bdi>{line.label}</bdi>:
          </span>
          {line.agreement && <AgreementBar {...line.agreement} />}
          <span className="tabular">{line.sentence}</span>
        </div>
      ))}
    </section>
  )
}
