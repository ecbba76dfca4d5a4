// How the next token is drawn: temperature, top-k, top-p, seed, and how many at most.
import { ActionIcon, Group, NumberInput, SimpleGrid, Slider, Text, Tooltip } from '@mantine/core'
import { Dices } from 'lucide-react'
import { NumberField } from './number-field.tsx'
import { fieldProblem, type SamplingDraft, type WholeField, wholeFields } from './sampling-draft.ts'
import { Term } from './term.tsx'

const meanings = {
  temperature:
    'Below 1 the likely tokens get likelier, above 1 the unlikely ones do; 0 always takes the likeliest.',
  topK: 'Only the k likeliest tokens may be drawn; 0 = all.',
  topP: 'Only the likeliest tokens that together reach this probability may be drawn; 1 = all (Holtzman et al. 2020).',
  seed: 'The same seed on the same text and model draws the same tokens.',
  maxTokens: 'The model stops here if it has not ended the text before.',
} as const

/** @param sampling without a seed where the seed is chosen elsewhere */
export function SamplingFields({
  sampling,
  onChange,
}: {
  sampling: Omit<SamplingDraft, 'seed'> & Partial<Pick<SamplingDraft, 'seed'>>
  onChange: (change: Partial<SamplingDraft>) => void
}) {
  const { seed } = sampling
  return (
    <div>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing="xs">
        <Dial
          label="Temperature"
          meaning={meanings.temperature}
          value={sampling.temperature}
          max={2}
          step={0.05}
          text={sampling.temperature === 0 ? '0 (greedy)' : sampling.temperature.toFixed(2)}
          onChange={temperature => onChange({ temperature })}
        />
        <Dial
          label="Top-p"
          meaning={meanings.topP}
          value={sampling.topP}
          max={1}
          step={0.01}
          text={sampling.topP >= 1 ? '1 (all)' : sampling.topP.toFixed(2)}
          onChange={topP => onChange({ topP })}
        />
      </SimpleGrid>
      <SimpleGrid cols={seed === undefined ? 2 : 3} spacing="xs" mt="xs">
        <WholeNumber field="topK" value={sampling.topK} onChange={topK => onChange({ topK })} />
        <WholeNumber
          field="maxTokens"
          value={sampling.maxTokens}
          onChange={maxTokens => onChange({ maxTokens })}
        />
        {seed !== undefined && <SeedField value={seed} onChange={seed => onChange({ seed })} />}
      </SimpleGrid>
    </div>
  )
}

interface FieldProps {
  value: number | string
  onChange: (value: number | string) => void
}

function WholeNumber({ field, value, onChange }: FieldProps & { field: WholeField }) {
  const { label, min, max } = wholeFields[field]
  return (
    <NumberInput
      label={<Term meaning={meanings[field]}>{label}</Term>}
      aria-label={label}
      value={value}
      error={fieldProblem(field, value)}
      min={min}
      max={max}
      // What is typed stays as typed; only the arrows keep to the limits.
      clampBehavior="none"
      thousandSeparator=","
      onChange={onChange}
    />
  )
}

/** @param labelled whether its name stands above it */
export function SeedField({ value, onChange, labelled = true }: FieldProps & { labelled?: boolean }) {
  const { label } = wholeFields.seed
  return (
    <NumberField
      label={labelled && <Term meaning={meanings.seed}>{label}</Term>}
      aria-label={label}
      value={value}
      error={fieldProblem('seed', value)}
      onChange={onChange}
      rightSection={
        <Tooltip label="Another seed">
          <ActionIcon
            size="sm"
            aria-label="Another seed"
            onClick={() => onChange(typeof value === 'number' ? value + 1 : 1)}
          >
            <Dices size={14} />
          </ActionIcon>
        </Tooltip>
      }
    />
  )
}

function Dial({
  label,
  meaning,
  value,
  max,
  step,
  text,
  onChange,
}: {
  label: string
  meaning: string
  value: number
  max: number
  step: number
  text: string
  onChange: (value: number) => void
}) {
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text fz="xs" fw={500} component="span">
          <Term meaning={meaning}>{label}</Term>
        </Text>
        <Text fz="xs" className="tabular" component="span">
          {text}
        </Text>
      </Group>
      <Slider
        size="xs"
        thumbLabel={label}
        thumbProps={{ 'aria-valuetext': text }}
        label={null}
        min={0}
        max={max}
        step={step}
        value={Math.min(value, max)}
        onChange={onChange}
      />
    </div>
  )
}
