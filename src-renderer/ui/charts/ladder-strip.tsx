// The arithmetic ladder: rungs from 2 + 2 to 17 × 24 against models. A cell is as dark as the answers are right, says so
// in figures, and how sure the model was of what it said.
import { PlainText, visible } from '../components/plain-text.tsx'
import { Term } from '../components/term.tsx'
import { formatCounted, formatPercent } from '../format.ts'
import { phaseColor } from '../phases.ts'
import { type EvaluatedModel, modelName } from './evaluated-model.ts'
import classes from './evaluation-charts.module.css'

export interface Rung {
  readonly key: string
  readonly title: string
  /** A sum of this rung: `17 × 24`. */
  readonly example: string
}
export interface RungResult {
  /** 0–1. */
  readonly accuracy: number
  /** Mean probability that it gave to its own answer, 0–1; null = not measured. */
  readonly confidence: number | null
  readonly sums: number
}
export interface LadderColumn extends EvaluatedModel {
  /** One for each rung. */
  readonly rungs: readonly RungResult[]
}

/** How far up the ladder each model gets, in words. Rungs that it was not asked are none that it failed. */
export function ladderSentence(rungs: readonly Rung[], models: readonly LadderColumn[]): string {
  if (rungs.length === 0 || models.length === 0) return 'No sum was asked.'
  return models
    .map(({ label, rungs: results }) => {
      const asked = rungs.flatMap(({ title }, i) =>
        results[i] && results[i].sums > 0 ? [{ title, accuracy: results[i].accuracy }] : [],
      )
      const above = asked.findIndex(({ accuracy }) => accuracy < 0.5)
      const name = visible(modelName(label))
      if (asked.length === 0) return `${name} was asked no sum.`
      if (above < 0)
        return asked.length < rungs.length
          ? `${name} gets at least half right on every rung that it was asked.`
          : `${name} gets at least half of every rung right.`
      return above === 0
        ? `${name} gets fewer than half right on the first rung already.`
        : `${name} climbs to “${asked[above - 1]!.title}” and falls below half at “${asked[above]!.title}”.`
    })
    .join(' ')
}

export function LadderStrip({
  rungs,
  models,
  onOpen,
}: {
  rungs: readonly Rung[]
  models: readonly LadderColumn[]
  onOpen?: (label: string, rung: string) => void
}) {
  return (
    // What scrolls sideways must scroll by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table of many models scrolls
    <section style={{ overflowX: 'auto' }} tabIndex={0} aria-label="Arithmetic ladder, a table">
      <table className={classes.ladder}>
        <thead>
          <tr>
            <th scope="col">Sums</th>
            {models.map(({ label, phase }) => (
              <th key={label} scope="col" style={{ color: phaseColor(phase) }}>
                <PlainText text={modelName(label)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rungs.map((rung, i) => (
            <tr key={rung.key}>
              <th scope="row">
                {rung.title}
                <small>{rung.example}</small>
              </th>
              {models.map(model => (
                <td key={model.label}>
                  <Cell
                    result={model.rungs[i]}
                    open={onOpen && (() => onOpen(model.label, rung.key))}
                    name={`${visible(modelName(model.label))}, ${rung.title}`}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Cell({
  result,
  open,
  name,
}: {
  result: RungResult | undefined
  open?: (() => void) | undefined
  name: string
}) {
  if (!result || result.sums === 0) return <span className={classes.cell}>not asked</span>
  const { accuracy, confidence, sums } = result
  const content = (
    <>
      <b>{formatPercent(accuracy)}</b>
      {confidence !== null && <span className={classes.sure}>sure {formatPercent(confidence)}</span>}
      <span className="visually-hidden">
        {` right of ${formatCounted(sums, 'sum')}, ${name}${open ? '; shows the answers' : ''}`}
      </span>
    </>
  )
  const style = { '--right': accuracy } as React.CSSProperties
  return open ? (
    <button type="button" className={classes.cell} style={style} onClick={open}>
      {content}
    </button>
  ) : (
    <span className={classes.cell} style={style}>
      {content}
    </span>
  )
}

/** What the two numbers of a cell are, for above the ladder. */
export const LadderKey = () => (
  <>
    In each cell the share of right answers, and{' '}
    <Term meaning="The mean probability that the model gave to the answer that it took: exp of the mean log-probability of its tokens. A model that is sure and wrong does not know that it does not know.">
      how sure
    </Term>{' '}
    the model was of what it said.
  </>
)
