// RECIPE: preset, sources, tokenizer, size, model and training fields, what it will cost, Start.
import { Select, Stack, TextInput } from '@mantine/core'
import { useEffect } from 'react'
import { modelFields } from '../../../../../src-shared/config/model-config.ts'
import { pretrainPresets } from '../../../../../src-shared/config/presets.ts'
import { pretrainFields } from '../../../../../src-shared/config/pretrain-config.ts'
import type { CorpusSummary, TokenizerSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../../app-state.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ConfigForm, configErrors } from '../../../components/config-form.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { JobLine } from '../../../components/job-line.tsx'
import { EstimateBox } from '../../../components/training/estimate-box.tsx'
import {
  bringIntoView,
  RecipePart,
  StartBar,
  useNewRunFocus,
} from '../../../components/training/recipe-part.tsx'
import { invalidate, useQuery, useTopic } from '../../../queries.ts'
import { isActive } from '../../../run-status.ts'
import { normalized, removedProblem } from './mixture-shares.ts'
import {
  modelOf,
  obstacle,
  plannedVocabulary,
  type Recipe,
  tokenizerOf,
  tooShort,
  withPreset,
} from './recipe.ts'
import { RECIPE_SETTING } from './recipe-storage.ts'
import { changeRecipe, clearStartError, meetCorpora, openRecipe, startRun, useTrain } from './recipe-store.ts'
import { SizeLadder } from './size-ladder.tsx'
import { NoSources, SourcesTable } from './sources-table.tsx'
import { TokenizerChoiceField } from './tokenizer-choice.tsx'
import { useEstimate } from './use-estimate.ts'
import { useSourceRows } from './use-source-rows.ts'

const none: readonly never[] = []

export function RecipeZone({ onAddText }: { onAddText: () => void }) {
  const corpora = useQuery('corpora.list', {}).data
  const tokenizers = useQuery('tokenizers.list', {}).data ?? none
  const recipe = useTrain(s => s.recipe)
  // Times come from the speed of the last run, memory from the device.
  const estimateAnew = () => invalidate(method => method === 'pretrain.estimate')
  useTopic('run', run => {
    if (!isActive(run)) estimateAnew()
  })
  // The speed of the device is measured once after the start, and kept among the settings.
  useTopic('changed', ({ what }) => {
    if (what === 'settings') estimateAnew()
  })
  // What changed while this was not on screen was not heard.
  useEffect(() => invalidate(method => method === 'pretrain.estimate'), [])
  useTopic('engine', status => {
    if (status.state === 'ready') estimateAnew()
  })
  const settings = useQuery('settings.all', {}).data
  const isOpen = useTrain(s => s.opened)
  useEffect(() => {
    if (settings) openRecipe(settings[RECIPE_SETTING])
  }, [settings])
  useEffect(() => {
    if (isOpen && corpora) meetCorpora(corpora)
  }, [isOpen, corpora])
  const asked = useApp(s => s.recipeAsked)
  useEffect(() => {
    if (!isOpen || !asked || !corpora || !asked.sources.every(s => corpora.some(c => c.id === s.corpus)))
      return
    const sources = normalized(asked.sources.map(s => ({ corpus: s.corpus, share: s.weight })))
    changeRecipe(withPreset({ ...recipe, sources }, asked.preset, tokenizers))
    useApp.setState({ recipeAsked: null })
  }, [isOpen, asked, corpora, recipe, tokenizers])
  return (
    <RecipeForm recipe={recipe} corpora={corpora ?? none} tokenizers={tokenizers} onAddText={onAddText} />
  )
}

function RecipeForm({
  recipe,
  corpora,
  tokenizers,
  onAddText,
}: {
  recipe: Recipe
  corpora: readonly CorpusSummary[]
  tokenizers: readonly TokenizerSummary[]
  onAddText: () => void
}) {
  const live = corpora.filter(c => c.removedAt === null)
  const bytes = corpora
    .filter(c => recipe.sources.some(s => s.corpus === c.id))
    .reduce((sum, c) => sum + c.bytes - c.validationBytes, 0)
  const choice = tokenizerOf(recipe, tokenizers)
  const vocabularySize = plannedVocabulary(choice, tokenizers, bytes)
  const wrongField = fieldProblem(recipe)
  const cost = useEstimate(recipe, choice, vocabularySize, wrongField !== null)
  const sources = useSourceRows(recipe, corpora, choice, vocabularySize)
  const present = sources.rows.filter(row => live.some(c => c.id === row.corpus))
  const short = tooShort(present, modelOf(recipe).contextLength)
  const problems = wrongField ? [] : [...(short ? [short] : []), ...(cost.estimate?.problems ?? [])]
  const problem = obstacle(
    recipe,
    cost.loading || !cost.estimate ? null : problems,
    wrongField ?? removedProblem(recipe.sources, corpora),
  )
  const zone = useNewRunFocus()
  const start = () => {
    if (problem !== null) return
    // Start is reached from below; what it starts is seen above, or further down where the zones are one column.
    bringIntoView(zone.current?.closest('main'), '[aria-label="Now"]')
    void startRun(choice)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter works from every field of the recipe
    <div
      ref={zone}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start()
      }}
    >
      <Stack gap="md">
        <Select
          aria-label="Preset"
          placeholder="Start from a preset …"
          data={Object.entries(pretrainPresets).map(([value, preset]) => ({ value, label: preset.title }))}
          value={recipe.preset}
          description={recipe.preset ? pretrainPresets[recipe.preset]?.meaning : undefined}
          inputWrapperOrder={['input', 'description']}
          onChange={key => key && changeRecipe(withPreset(recipe, key, tokenizers))}
        />
        <RecipePart title="Sources">
          {live.length === 0 && recipe.sources.length === 0 ? (
            <NoSources onAdd={onAddText} />
          ) : (
            <SourcesTable
              shares={recipe.sources}
              corpora={corpora}
              rows={sources.rows}
              onChange={sources => changeRecipe({ sources })}
            />
          )}
          <ErrorNote error={sources.error} retry={{ label: 'Try again', run: sources.refetch }} />
        </RecipePart>
        <RecipePart title="Tokenizer">
          <TokenizerChoiceField
            choice={choice}
            tokenizers={tokenizers}
            bytes={bytes}
            onChange={tokenizer => changeRecipe({ tokenizer })}
          />
        </RecipePart>
        <RecipePart title="Size">
          <SizeLadder
            recipe={recipe}
            choice={choice}
            vocabularySize={vocabularySize}
            isWrong={wrongField !== null}
            onChange={changeRecipe}
          />
        </RecipePart>
        <RecipePart title="Model">
          <ConfigForm
            fields={modelFields}
            values={recipe.model}
            onChange={model => changeRecipe({ model, preset: null })}
          />
        </RecipePart>
        <RecipePart title="Training">
          <ConfigForm
            fields={pretrainFields}
            values={recipe.config}
            onChange={config => changeRecipe({ config, preset: null })}
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
        <EstimateBox
          estimate={cost.estimate}
          problems={problems}
          error={recipe.sources.length === 0 || wrongField ? null : cost.error}
          wrongField={wrongField}
        />
        <Starting problem={problem} onStart={start} />
      </StartBar>
    </div>
  )
}

function Starting({ problem, onStart }: { problem: string | null; onStart: () => void }) {
  const { starting, tokenizerJob, error } = useTrain()
  return (
    <Stack gap={6} mt={6}>
      <JobLine job={tokenizerJob} />
      <ErrorNote error={error} onClose={clearStartError} />
      <ActionButton fullWidth onClick={onStart} loading={starting} disabledReason={starting ? null : problem}>
        Start
      </ActionButton>
    </Stack>
  )
}

/** The first field that cannot be accepted, as a sentence. */
function fieldProblem(recipe: Recipe): string | null {
  const wrong = [
    ...Object.entries(configErrors(modelFields, recipe.model)).map(
      ([key, message]) =>
        [modelFields[key as keyof typeof modelFields].label, message, recipe.model[key]] as const,
    ),
    ...Object.entries(configErrors(pretrainFields, recipe.config)).map(
      ([key, message]) =>
        [pretrainFields[key as keyof typeof pretrainFields].label, message, recipe.config[key]] as const,
    ),
  ][0]
  if (!wrong) return null
  const [label, message, value] = wrong
  return `${label}: ${value === '' ? 'fill in a number' : message}.`
}
