// RECIPE of a phase that starts from a checkpoint: its data, the training fields, what it will cost, Start.
import { Select, Stack, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Fields } from '../../../../src-shared/config/field.ts'
import { ConfigForm } from '../config-form.tsx'
import { EstimateBox } from './estimate-box.tsx'
import { presetOf } from './recipe-fields.ts'
import { bringIntoView, RecipePart, StartBar, useNewRunFocus } from './recipe-part.tsx'
import type { NamedRecipe, RecipeState } from './recipe-store.ts'
import { Stale, StartButton, useStart } from './start-button.tsx'
import type { useEstimate } from './use-estimate.ts'

interface Preset {
  readonly title: string
  readonly meaning: string
  readonly config: object
}

const none: readonly never[] = []

export function RecipeForm({
  store: { useRecipe, changeRecipe, clearStartError },
  fields,
  presets,
  cost,
  wrongField,
  problem,
  reads,
  warning,
  onStart,
  children,
}: {
  store: {
    readonly useRecipe: () => Pick<RecipeState<NamedRecipe>, 'recipe' | 'starting' | 'error'>
    readonly changeRecipe: (change: Partial<NamedRecipe>) => void
    readonly clearStartError: () => void
  }
  fields: Fields
  presets: Readonly<Record<string, Preset>>
  cost: Pick<ReturnType<typeof useEstimate>, 'estimate' | 'error' | 'loading'>
  wrongField: string | null
  /** Why the run cannot start; null = it can. */
  problem: string | null
  /** What becomes of the data, in the estimate; null = too little is chosen for an estimate. */
  reads: ReactNode
  /** Between the estimate and Start. */
  warning: ReactNode
  onStart: () => void
  /** The parts before the training. */
  children: ReactNode
}) {
  const { recipe, starting, error } = useRecipe()
  const zone = useNewRunFocus()
  const { start, waiting } = useStart(problem, () => {
    bringIntoView(zone.current?.closest('main'), '[aria-label="Now"]')
    onStart()
  })
  const preset = presetOf(presets, recipe.config)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter works from every field of the recipe
    <div
      ref={zone}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start()
      }}
    >
      <Stack gap="md">
        {children}
        <RecipePart title="Training">
          <Select
            aria-label="Preset"
            mb="xs"
            placeholder="Start from a preset …"
            data={Object.entries(presets).map(([value, { title }]) => ({ value, label: title }))}
            value={preset}
            description={presets[preset ?? '']?.meaning}
            inputWrapperOrder={['input', 'description']}
            clearable
            onChange={key => changeRecipe({ config: key ? { ...presets[key]!.config } : {} })}
          />
          <ConfigForm fields={fields} values={recipe.config} onChange={config => changeRecipe({ config })} />
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
        {reads && (
          <Stale while={cost.loading && !wrongField}>
            <EstimateBox
              estimate={cost.estimate}
              problems={wrongField ? none : (cost.estimate?.problems ?? none)}
              error={wrongField ? null : cost.error}
              wrongField={wrongField}
              reads={reads}
            />
          </Stale>
        )}
        {warning}
        <StartButton
          problem={problem}
          waiting={waiting}
          starting={starting}
          error={error}
          onStart={start}
          onCloseError={clearStartError}
        />
      </StartBar>
    </div>
  )
}
