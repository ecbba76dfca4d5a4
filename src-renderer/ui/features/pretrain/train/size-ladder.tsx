// The size ladder: each rung with its parameters, memory, minutes and tokens per parameter, so that a size is chosen
// knowing what it costs.
import { Loader, Tooltip } from '@mantine/core'
import { sizeLadder } from '../../../../../src-shared/config/presets.ts'
import { Term } from '../../../components/term.tsx'
import { roughTime, tokensPerParameterRemark } from '../../../components/training/rough-time.ts'
import { formatBytes, formatCompact, NONE } from '../../../format.ts'
import { type Recipe, type TokenizerChoice, withRung } from './recipe.ts'
import classes from './recipe-zone.module.css'
import { rungRow } from './size-rungs.ts'
import { useEstimate } from './use-estimate.ts'

export function SizeLadder({
  recipe,
  choice,
  vocabularySize,
  isWrong,
  onChange,
}: {
  recipe: Recipe
  choice: TokenizerChoice
  vocabularySize: number
  /** Whether a field holds what cannot be accepted: nothing can be said of a rung then. */
  isWrong: boolean
  onChange: (recipe: Recipe) => void
}) {
  return (
    <table className={classes.table} aria-label="Model sizes">
      <thead>
        <tr>
          <th>
            <Term meaning="Layers × width, and how many tokens it can look back on.">Size</Term>
          </th>
          <th>
            <Term meaning="Numbers that training adjusts.">Params</Term>
          </th>
          <th>
            <Term meaning="Weights, gradients, Adam's moments and activations while training.">Memory</Term>
          </th>
          <th>
            <Term meaning="From the speed last measured on this device; unknown before anything was trained here.">
              Time
            </Term>
          </th>
          <th>
            <Term meaning="Planned training tokens per parameter; about 20 is compute-optimal (Hoffmann et al. 2022).">
              Tok/
              <wbr />
              par
            </Term>
          </th>
        </tr>
      </thead>
      <tbody>
        {sizeLadder.map(rung => (
          <RungRow
            key={rung.name}
            rung={rung}
            recipe={recipe}
            choice={choice}
            vocabularySize={vocabularySize}
            isWrong={isWrong}
            onChoose={() => onChange(withRung(recipe, rung.model))}
          />
        ))}
      </tbody>
    </table>
  )
}

function RungRow({
  rung,
  recipe,
  choice,
  vocabularySize,
  isWrong,
  onChoose,
}: {
  rung: (typeof sizeLadder)[number]
  recipe: Recipe
  choice: TokenizerChoice
  vocabularySize: number
  isWrong: boolean
  onChoose: () => void
}) {
  const { estimate, loading } = useEstimate(withRung(recipe, rung.model), choice, vocabularySize, isWrong)
  const row = rungRow(recipe, rung, vocabularySize, estimate)
  const meaning = isWrong
    ? 'Correct the field that is wrong first.'
    : (row.problem ?? tokensPerParameterRemark(row.tokensPerParameter).sentence)
  return (
    <Tooltip label={meaning} position="right">
      <tr
        className={classes.rung}
        data-chosen={row.chosen || undefined}
        data-problem={row.problem ? true : undefined}
        onClick={onChoose}
      >
        <td>
          <label style={{ cursor: 'pointer' }}>
            <input
              type="radio"
              name="size"
              checked={row.chosen}
              onChange={onChoose}
              aria-label={`${row.name}: ${row.shape}. ${meaning}`}
              style={{ margin: '0 4px 0 0', verticalAlign: 'middle' }}
            />
            {row.name} <span className={classes.shape}>{row.shape}</span>
          </label>
        </td>
        {isWrong ? (
          ['parameters', 'memory', 'minutes', 'ratio'].map(key => <td key={key}>{NONE}</td>)
        ) : (
          <>
            <td>{formatCompact(row.parameters)}</td>
            <td>{row.memory === null ? loading ? <Loader size={10} /> : NONE : formatBytes(row.memory)}</td>
            <td>{row.minutes === null ? NONE : roughTime(row.minutes)}</td>
            <td>{formatCompact(Number(row.tokensPerParameter.toPrecision(2)))}</td>
          </>
        )}
      </tr>
    </Tooltip>
  )
}
