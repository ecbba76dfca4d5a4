// RECIPE of phase 2: the base, the demonstrations, the training fields, what it will cost, Start.
import { Loader, Select, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { sftFields } from '../../../../../src-shared/config/sft-config.ts'
import { sftPresets } from '../../../../../src-shared/config/sft-presets.ts'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ConfigForm } from '../../../components/config-form.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { EstimateBox } from '../../../components/training/estimate-box.tsx'
import {
  bringIntoView,
  RecipePart,
  StartBar,
  useNewRunFocus,
} from '../../../components/training/recipe-part.tsx'
import { useQuery } from '../../../queries.ts'
import { ExamplesFacts, MostRefused } from './examples-facts.tsx'
import { baseOf, ESTIMATING, fieldProblem, obstacle, presetOf, requestOf, setsOf } from './recipe.ts'
import { BaseField, SetsField } from './recipe-data.tsx'
import { RECIPE_SETTING } from './recipe-storage.ts'
import { changeRecipe, clearStartError, openRecipe, startRun, useFineTune } from './recipe-store.ts'
import { useEstimate } from './use-estimate.ts'

const none: readonly never[] = []

export function RecipeZone() {
  const checkpoints = useQuery('checkpoints.list', {}).data
  const sets = useQuery('demonstrations.list', {})
  const runs = useQuery('runs.list', {}).data ?? none
  const settings = useQuery('settings.all', {}).data
  useEffect(() => {
    if (settings) openRecipe(settings[RECIPE_SETTING])
  }, [settings])
  if (!checkpoints) return null
  return (
    <>
      <ErrorNote error={sets.error} retry={{ label: 'Try again', run: sets.refetch }} />
      <RecipeForm checkpoints={checkpoints} sets={sets.data ?? none} runs={runs} />
    </>
  )
}

function RecipeForm({
  checkpoints,
  sets,
  runs,
}: {
  checkpoints: readonly CheckpointSummary[]
  sets: readonly DemonstrationSet[]
  runs: readonly RunSummary[]
}) {
  const recipe = useFineTune(s => s.recipe)
  const zone = useNewRunFocus()
  const base = baseOf(recipe, checkpoints)
  const chosen = setsOf(recipe, sets, runs)
  const wrongField = fieldProblem(recipe)
  const cost = useEstimate(base && chosen.length > 0 && !wrongField ? requestOf(recipe, base, chosen) : null)
  const problems = wrongField ? none : (cost.estimate?.problems ?? none)
  const problem = obstacle({
    base,
    wanted: recipe.checkpoint !== null,
    sets: chosen,
    wrongField,
    problems: cost.loading || !cost.estimate ? null : problems,
  })
  const [waiting, setWaiting] = useState(false)
  const start = () => {
    // Pressed right after a change: it starts as soon as the estimate says that it can.
    setWaiting(problem === ESTIMATING)
    if (problem !== null || !base) return
    bringIntoView(zone.current?.closest('main'), '[aria-label="Now"]')
    void startRun(base, chosen)
  }
  const latest = useRef(start)
  latest.current = start
  useEffect(() => {
    if (waiting && problem !== ESTIMATING) latest.current()
  }, [waiting, problem])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter works from every field of the recipe
    <div
      ref={zone}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start()
      }}
    >
      <Stack gap="md">
        <RecipePart title="Start from">
          <BaseField base={base} checkpoints={checkpoints} runs={runs} wanted={recipe.checkpoint} />
        </RecipePart>
        <RecipePart title="Demonstrations">
          <SetsField sets={sets} chosen={chosen} />
        </RecipePart>
        <RecipePart title="Training">
          <Select
            aria-label="Preset"
            mb="xs"
            placeholder="Start from a preset …"
            data={Object.entries(sftPresets).map(([value, { title }]) => ({ value, label: title }))}
            value={presetOf(recipe)}
            description={sftPresets[presetOf(recipe) ?? '']?.meaning}
            inputWrapperOrder={['input', 'description']}
            clearable
            onChange={key => changeRecipe({ config: key ? { ...sftPresets[key]!.config } : {} })}
          />
          <ConfigForm
            fields={sftFields}
            values={recipe.config}
            onChange={config => changeRecipe({ config })}
          />
        </RecipePart>
        <TextInput
          label="Name of the run"
          placeholder="chosen for you"
          maxLength={120}
          value={recipe.name}
          onChange={event => changeRecipe({ name: event.currentTarget.value })}
        />
      </Stack>
      <StartBar>
        {base && chosen.length > 0 && (
          <Stale while={cost.loading && !wrongField}>
            <EstimateBox
              estimate={cost.estimate}
              problems={problems}
              error={wrongField ? null : cost.error}
              wrongField={wrongField}
              reads={<ExamplesFacts examples={cost.estimate?.examples ?? null} />}
            />
          </Stale>
        )}
        <MostRefused examples={(base && chosen.length > 0 && cost.estimate?.examples) || null} />
        <Starting problem={problem} waiting={waiting} onStart={start} />
      </StartBar>
    </div>
  )
}

/** Figures of before a change, until those of after it are there. */
const Stale = ({ while: stale, children }: { while: boolean; children: ReactNode }) => (
  <div style={stale ? { opacity: 0.5 } : undefined} aria-busy={stale}>
    {children}
  </div>
)

function Starting({
  problem,
  waiting,
  onStart,
}: {
  problem: string | null
  /** For the estimate, to start then. */
  waiting: boolean
  onStart: () => void
}) {
  const { starting, error } = useFineTune()
  const estimating = problem === ESTIMATING
  return (
    <Stack gap={6} mt={6}>
      <ErrorNote error={error} onClose={clearStartError} />
      <ActionButton
        fullWidth
        onClick={onStart}
        loading={starting}
        leftSection={estimating && <Loader size={12} color="white" aria-hidden />}
        disabledReason={starting || estimating ? null : problem}
      >
        Start
        {estimating && (
          <span aria-hidden>{waiting ? '\u00a0· right after the estimate' : '\u00a0· estimating …'}</span>
        )}
      </ActionButton>
      <span className="visually-hidden" role="status">
        {estimating ? ESTIMATING : ''}
      </span>
    </Stack>
  )
}
