// What a run wrote down: samples over time, events, its config with every field's meaning.
import { Select, Text } from '@mantine/core'
import { useState } from 'react'
import { modelFields } from '../../../../src-shared/config/model-config.ts'
import { fieldsOf } from '../../../../src-shared/config/phase-config.ts'
import type { RunEvent, RunSummary, Sample } from '../../../../src-shared/contract/lab-contract.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { PlainText, visible } from '../../components/plain-text.tsx'
import { Term } from '../../components/term.tsx'
import { type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { formatCount, formatMoment } from '../../format.ts'
import { useQuery } from '../../queries.ts'
import { comparable, flatten } from './config-diff.ts'
import classes from './run-detail.module.css'

export function RunSamples({ run }: { run: string }) {
  const { data, error } = useQuery('runs.samples', { run })
  const [prompt, setPrompt] = useState<string | null>(null)
  if (!data) return <ErrorNote error={error} />
  if (data.length === 0)
    return (
      <EmptyState title="No samples yet">
        The model writes them at every evaluation, from the same prompts.
      </EmptyState>
    )
  const prompts = [...new Map(data.map(sample => [String(sample.prompt), sample.promptText])).entries()]
  const shown = data
    .filter(sample => prompt === null || String(sample.prompt) === prompt)
    .sort((a, b) => b.step - a.step)
  return (
    <>
      <Select
        w={260}
        mb="xs"
        aria-label="Prompt"
        placeholder="Every prompt"
        clearable
        value={prompt}
        onChange={setPrompt}
        data={prompts.map(([value, text]) => ({ value, label: promptLabel(text) }))}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard */}
      <div tabIndex={0} style={{ maxHeight: 360, overflow: 'auto' }}>
        {shown.slice(0, 100).map(sample => (
          <OneSample key={`${sample.step} ${sample.prompt}`} sample={sample} />
        ))}
      </div>
      {shown.length > 100 && (
        <Text fz="xs" c="dimmed" mt={4}>
          The newest 100 of {formatCount(shown.length)}.
        </Text>
      )}
    </>
  )
}
const promptLabel = (text: string): string =>
  text === '' ? '(nothing)' : visible(text).replaceAll('\n', '⏎')

function OneSample({ sample }: { sample: Sample }) {
  return (
    <div className={classes.sample}>
      <Text fz="xs" c="dimmed" className="tabular">
        step {formatCount(sample.step)}
      </Text>
      <span className={classes.prompt}>
        <PlainText mono text={sample.promptText} />
      </span>
      <PlainText mono text={sample.text} />
    </div>
  )
}

const eventColumns: Column<RunEvent>[] = [
  { key: 'at', header: 'When', width: '170px', cell: event => formatMoment(event.at) },
  { key: 'step', header: 'Step', width: '80px', align: 'right', cell: event => formatCount(event.step) },
  { key: 'kind', header: 'Kind', width: '120px', cell: event => <PlainText text={event.kind} /> },
  {
    key: 'text',
    header: 'What happened',
    width: 'minmax(200px, 1fr)',
    cell: event => <PlainText text={event.text} />,
  },
]

export function RunEvents({ events }: { events: readonly RunEvent[] }) {
  return (
    <VirtualTable
      label="Events"
      columns={eventColumns}
      rows={[...events].reverse()}
      rowKey={(event, i) => `${event.at} ${i}`}
      height={360}
      rowHeight={28}
      empty={<div style={{ padding: 12 }}>Nothing happened yet</div>}
    />
  )
}

/** By dotted key, as `comparable` of the overlay spells it. */
export const settings: Readonly<Record<string, { label: string; meaning: string }>> = Object.fromEntries([
  ...Object.entries(modelFields).map(([key, field]) => [`model.${key}`, field]),
  ...Object.entries({ ...fieldsOf('reward'), ...fieldsOf('sft'), ...fieldsOf('pretrain') }).map(
    ([key, field]) => [`config.${key}`, field],
  ),
  ['tokenizer', { label: 'Tokenizer', meaning: 'What cuts the text into the tokens that the model reads.' }],
  ['base', { label: 'Base', meaning: 'The checkpoint that the run started from.' }],
  ['demonstrations.sets', { label: 'Demonstrations', meaning: 'The sets, with their rows at the start.' }],
  ['demonstrations.train', { label: 'Examples', meaning: 'Demonstrations that are trained on.' }],
  ['demonstrations.validation', { label: 'Validation', meaning: 'Demonstrations that are measured on.' }],
  ['demonstrations.refused', { label: 'Refused', meaning: 'Rows without a trained token, or too long.' }],
  ['preferences.sets', { label: 'Preferences', meaning: 'The sets, with their prompts at the start.' }],
  [
    'preferences.prompts.train',
    { label: 'Prompts', meaning: 'Prompts whose ranked responses are trained on.' },
  ],
  [
    'preferences.prompts.validation',
    { label: 'Validation prompts', meaning: 'Prompts kept out, with all their pairs.' },
  ],
  ['preferences.pairs.train', { label: 'Pairs', meaning: 'Comparisons that are trained on.' }],
  ['preferences.pairs.validation', { label: 'Validation pairs', meaning: 'Comparisons measured on.' }],
  ['preferences.refused', { label: 'Refused', meaning: 'Prompts with a response too long for the context.' }],
  [
    'fingerprint',
    { label: 'Device', meaning: 'What the run was computed with; the same one repeats the same bits.' },
  ],
])

/** The field's label beside its key. */
export function SettingName({ name }: { name: string }) {
  const setting = settings[name]
  return (
    <>
      {setting && <Term meaning={setting.meaning}>{setting.label}</Term>}{' '}
      <Text span fz="xs" c={setting ? 'dimmed' : undefined} className="mono">
        {visible(name)}
      </Text>
    </>
  )
}

const configColumns: Column<[string, string]>[] = [
  {
    key: 'key',
    header: 'Setting',
    width: 'minmax(240px, 1fr)',
    cell: ([key]) => <SettingName name={key} />,
  },
  {
    key: 'value',
    header: 'Value',
    width: 'minmax(200px, 2fr)',
    cell: ([, value]) => <PlainText text={value.replaceAll('\n', '⏎')} />,
  },
]

export function RunConfig({ run }: { run: RunSummary }) {
  const tokenizers = useQuery('tokenizers.list', {}).data ?? []
  return (
    <VirtualTable
      label="Config"
      columns={configColumns}
      rows={flatten(comparable(run, tokenizers))}
      rowKey={([key]) => key}
      rowHeight={26}
      height={360}
    />
  )
}
