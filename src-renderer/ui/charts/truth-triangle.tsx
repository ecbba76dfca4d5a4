// What a model does with questions of fact: correct, abstains or fabricates as the corners of a triangle. Each model has
// two marks, one for what can be known and one for what cannot, and a line leads from phase to phase.

import {
  spreadTags,
  type Triangle,
  type TruthShares,
  ternaryPoint,
  triangleIn,
} from '../../../src-shared/evaluation/ternary.ts'
import { visible } from '../components/plain-text.tsx'
import type { Column } from '../components/virtual-table.tsx'
import { formatPercent } from '../format.ts'
import { phaseColor } from '../phases.ts'
import { pressedBy } from './button-keys.ts'
import { type EvaluatedModel, modelName, shortName } from './evaluated-model.ts'
import classes from './evaluation-charts.module.css'
import { Figure } from './figure.tsx'

export interface TruthOfModel extends EvaluatedModel {
  readonly known: TruthShares
  readonly unknown: TruthShares
}
export const questionKinds = ['known', 'unknown'] as const
export type QuestionKind = (typeof questionKinds)[number]

interface Row {
  readonly name: string
  readonly kind: QuestionKind
  readonly shares: TruthShares
}
const shareColumn = (key: keyof TruthShares, header: string): Column<Row> => ({
  key,
  header,
  width: 'minmax(64px, 1fr)',
  align: 'right',
  cell: row => formatPercent(row.shares[key]),
})
const columns: readonly Column<Row>[] = [
  { key: 'name', header: 'Model', width: 'minmax(70px, 1fr)', cell: row => visible(row.name) },
  { key: 'kind', header: 'Questions', width: '80px', cell: row => row.kind },
  shareColumn('correct', 'Correct'),
  shareColumn('abstains', 'Abstains'),
  shareColumn('fabricates', 'Fabricates'),
]

/** What the triangle says of the first and the last model, in words. */
export function truthSentence(models: readonly TruthOfModel[]): string {
  const last = models.at(-1)
  if (!last) return 'No model was asked.'
  const of = ({ label, known, unknown }: TruthOfModel) =>
    `${visible(modelName(label))} gets ${formatPercent(known.correct)} of the known facts right and makes up an answer to ${formatPercent(unknown.fabricates)} of the unknown ones`
  const before = models.at(-2)
  return before ? `${of(before)}; ${of(last)}.` : `${of(last)}.`
}

const HEIGHT = 300
/** Of a name, in pixels: its line, about a letter, and its distance from the middle of its mark. */
const LINE = 14
const LETTER = 6.8
const BESIDE = 10
/** Half of a mark. */
const MARK = 7
/** Room for the words at the corners, in pixels. */
const MARGIN = { x: 54, y: 26 }

export function TruthTriangle({
  models,
  width,
  onOpen,
}: {
  /** In the order of the phases: the line follows it. */
  models: readonly TruthOfModel[]
  width?: number
  onOpen?: (label: string, kind: QuestionKind) => void
}) {
  const rows = models.flatMap(model =>
    questionKinds.map(kind => ({ name: modelName(model.label), kind, shares: model[kind] })),
  )
  return (
    <Figure
      name="Truth triangle"
      meaning="Each mark is one model’s answers to one set of questions, between all correct (top), all “I don’t know.” (left) and all made up (right). Known facts should go to the top, questions about names that belong to nobody to the left. The right corner is hallucination. Answers are graded letter for letter: a right answer with a phrase of bad style around it counts as made up, so marks rise also as bad style falls."
      sentence={truthSentence(models)}
      legend={<Legend />}
      columns={columns}
      rows={rows}
      height={HEIGHT}
      width={width}
    >
      {(width, height) => <Drawing models={models} width={width} height={height} onOpen={onOpen} />}
    </Figure>
  )
}

const Legend = () => (
  <>
    <span className={classes.legendItem}>
      <svg width={22} height={10} aria-hidden>
        <path d="M0 5H22" className={classes.way} />
        <circle cx={11} cy={5} r={4} className={classes.known} />
      </svg>
      known facts
    </span>
    <span className={classes.legendItem}>
      <svg width={22} height={10} aria-hidden>
        <path d="M0 5H22" className={classes.way} data-kind="unknown" />
        <rect x={7} y={1} width={8} height={8} className={classes.unknown} />
      </svg>
      unknown names
    </span>
  </>
)

function Drawing({
  models,
  width,
  height,
  onOpen,
}: {
  models: readonly TruthOfModel[]
  width: number
  height: number
  onOpen?: ((label: string, kind: QuestionKind) => void) | undefined
}) {
  const triangle = triangleIn(width, height, MARGIN)
  const marks = questionKinds.flatMap(kind =>
    models.map(model => {
      const [x, y] = ternaryPoint(triangle, model[kind])
      return { kind, model, x, y, name: visible(shortName(model.label)) }
    }),
  )
  // Marks of one model that lie together bear its name once.
  const named = marks.filter(
    ({ model, x, y }, i) =>
      !marks.slice(0, i).some(other => other.model === model && Math.hypot(other.x - x, other.y - y) < LINE),
  )
  const tags = spreadTags(
    named.map(({ x, y, name }) => {
      const wide = name.length * LETTER
      const toLeft = x + BESIDE + wide > width
      return { x: toLeft ? x - BESIDE - wide : x + BESIDE, y, width: wide }
    }),
    LINE,
    height / 2,
    marks.map(({ x, y }) => ({ x: x - MARK, y, width: 2 * MARK })),
  )
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: the figure around it says what it shows
    <svg width={width} height={height} className={classes.triangle}>
      <Frame triangle={triangle} />
      {questionKinds.map(kind => (
        <polyline
          key={kind}
          className={classes.way}
          data-kind={kind}
          points={marks
            .filter(mark => mark.kind === kind)
            .map(({ x, y }) => `${x},${y}`)
            .join(' ')}
        />
      ))}
      {marks.map(mark => {
        const { kind, model, x, y, name } = mark
        const tag = tags[named.indexOf(mark)]
        const open = onOpen && (() => onOpen(model.label, kind))
        const says = sharesText(model[kind])
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: it has the role of a button where it can be pressed
          <g
            key={`${kind} ${model.label}`}
            role={open ? 'button' : 'img'}
            tabIndex={open ? 0 : undefined}
            aria-label={`${name}, ${kind} questions: ${says}`}
            className={classes.mark}
            data-clickable={open ? true : undefined}
            style={{ color: phaseColor(model.phase) }}
            onClick={open}
            onKeyDown={open && pressedBy(open)}
          >
            <title>{`${name}, ${kind} questions: ${says}${open ? '. A click shows the answers' : ''}`}</title>
            {kind === 'known' ? (
              <circle cx={x} cy={y} r={5.5} className={classes.known} />
            ) : (
              <rect x={x - 5} y={y - 5} width={10} height={10} className={classes.unknown} />
            )}
            {tag && (
              <text x={tag.x} y={tag.y + 4}>
                {name}
              </text>
            )}
          </g>
        )
      })}
    </svg>
  )
}

const sharesText = ({ correct, abstains, fabricates }: TruthShares): string =>
  `${formatPercent(correct)} correct, ${formatPercent(abstains)} abstain, ${formatPercent(fabricates)} fabricated`

/** Sides, lines at every quarter, and the corners' words. */
function Frame({ triangle }: { triangle: Triangle }) {
  const { top, left, right } = triangle
  const at = (correct: number, abstains: number) =>
    ternaryPoint(triangle, { correct, abstains, fabricates: 1 - correct - abstains }).join(' ')
  const quarters = [0.25, 0.5, 0.75]
  return (
    <g aria-hidden>
      <path d={`M${top.join(' ')}L${left.join(' ')}L${right.join(' ')}Z`} className={classes.side} />
      {quarters.map(share => (
        <path
          key={share}
          className={classes.quarter}
          d={`M${at(share, 1 - share)}L${at(share, 0)}M${at(0, share)}L${at(1 - share, share)}M${at(1 - share, 0)}L${at(0, 1 - share)}`}
        />
      ))}
      <g className={classes.corner}>
        <text x={top[0]} y={top[1] - 8} textAnchor="middle">
          correct
        </text>
        <text x={left[0]} y={left[1] + 20} textAnchor="middle">
          abstains
        </text>
        <text x={right[0]} y={right[1] + 20} textAnchor="middle">
          fabricates
        </text>
      </g>
    </g>
  )
}
