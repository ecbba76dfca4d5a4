// How a column draws its tokens: a preset, or every field; for one column or for all.
import { Button, Group, Popover, Switch, Text } from '@mantine/core'
import { SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import type { ChatSampling } from '../../../../src-shared/contract/chat-contract.ts'
import { presetOf, samplingPresets } from '../../../../src-shared/sampling/presets.ts'
import { type SamplingDraft, samplingProblem } from '../../components/sampling-draft.ts'
import { SamplingFields } from '../../components/sampling-fields.tsx'
import { type ChatSetup, withLinked, withSampling } from './setup.ts'

type Draft = Omit<SamplingDraft, 'seed'>

/** `Balanced`, or what differs: `T 0.8, top-k 40`. */
export function samplingName(sampling: ChatSampling): string {
  const preset = presetOf(sampling)
  if (preset) return preset.name
  const { temperature, topK, topP } = sampling
  return [
    `T ${Number(temperature.toFixed(2))}`,
    ...(topK > 0 ? [`k ${topK}`] : []),
    ...(topP < 1 ? [`p ${Number(topP.toFixed(2))}`] : []),
  ].join(', ')
}

export function ColumnSettings({
  setup,
  index,
  onChange,
}: {
  setup: ChatSetup
  index: number
  onChange: (change: Partial<ChatSetup>) => void
}) {
  const { sampling } = setup.columns[index]!
  const many = setup.columns.length > 1
  // What cannot be read stands here as it was typed, and changes nothing.
  const [typed, setTyped] = useState<Partial<Draft>>({})
  const draft = { ...sampling, ...typed }
  const problem = samplingProblem(draft, ['topK', 'maxTokens'])
  const apply = (changed: Partial<Draft>) => {
    const next = { ...draft, ...changed }
    const unusable = samplingProblem(next, ['topK', 'maxTokens']) !== null
    setTyped(unusable ? { ...typed, ...changed } : {})
    if (!unusable) onChange({ columns: withSampling(setup, index, next as ChatSampling) })
  }
  return (
    <Popover position="bottom-end" width={330} shadow="md" trapFocus returnFocus onClose={() => setTyped({})}>
      <Popover.Target>
        <Button
          size="compact-xs"
          variant="default"
          style={{ flex: '1 1 104px', minWidth: 0, height: 26 }}
          leftSection={<SlidersHorizontal size={13} aria-hidden />}
          aria-label={`Sampling settings${many ? ` of column ${index + 1}` : ''}: ${samplingName(sampling)}`}
        >
          {samplingName(sampling)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Sampling settings">
        <Group gap={4} mb="xs">
          {samplingPresets.map(preset => {
            const chosen = presetOf(sampling) === preset
            const { temperature, topK, topP } = preset
            return (
              <Button
                key={preset.name}
                size="compact-xs"
                variant={chosen ? 'filled' : 'default'}
                aria-pressed={chosen}
                title={preset.meaning}
                onClick={() => apply({ temperature, topK, topP })}
              >
                {preset.name}
              </Button>
            )
          })}
        </Group>
        <Text fz="xs" c="dimmed" mb="xs">
          {presetOf(sampling)?.meaning ?? 'settings of your own'}
        </Text>
        <SamplingFields sampling={draft} onChange={apply} />
        {problem && (
          <Text fz="xs" c="var(--lab-bad)" mt="xs" role="alert">
            {problem} Until then the last settings hold.
          </Text>
        )}
        {many && (
          <Switch
            mt="sm"
            label="The same settings in all columns"
            checked={setup.linked}
            onChange={event => onChange(withLinked(setup, index, event.currentTarget.checked))}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
