// Where prompts come from: typed, of demonstrations, from files, or of the starter world.
import {
  Anchor,
  Button,
  Checkbox,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
} from '@mantine/core'
import type { DemonstrationSet } from '../../../../src-shared/contract/demonstrations-contract.ts'
import type { PromptSource } from '../../../../src-shared/contract/preferences-contract.ts'
import { useApp } from '../../app-state.ts'
import { formatCounted } from '../../format.ts'
import type { GivenFile } from '../../grant-files.ts'
import { pickFiles } from '../../import-drop.ts'
import { NumberField } from '../number-field.tsx'
import { visible } from '../plain-text.tsx'
import { chosenSets, type PromptDraft } from './prompt-draft.ts'

const titles: Readonly<Record<PromptSource['from'], string>> = {
  text: 'Own text',
  demonstrations: 'Demonstrations',
  files: 'Files',
  'starter-world': 'Starter world',
}

export function PromptSourceFields({
  draft,
  demonstrations,
  world,
  onChange,
  onAddFiles,
  adding,
  accent,
  ranked = false,
  narrow = false,
  onLeave,
}: {
  draft: PromptDraft
  demonstrations: readonly DemonstrationSet[]
  world: number | null
  onChange: (change: Partial<PromptDraft>) => void
  onAddFiles: (given: readonly GivenFile[]) => void
  /** Files are on their way to the core. */
  adding: boolean
  /** Mantine colour of the phase. */
  accent: string
  /** The answers are to be ranked, so that labelers may add some. */
  ranked?: boolean
  /** There is no room for all sources beside each other. */
  narrow?: boolean
  /** The person goes to phase 2 from here. */
  onLeave?: () => void
}) {
  const sources = (['text', 'demonstrations', 'files', 'starter-world'] as const).filter(
    from => from !== 'starter-world' || world !== null || draft.from === from,
  )
  return (
    <Stack gap="xs">
      {narrow ? (
        <Select
          aria-label="Where the prompts come from"
          data={sources.map(value => ({ value, label: titles[value] }))}
          value={draft.from}
          onChange={from => onChange({ from: from as PromptDraft['from'] })}
        />
      ) : (
        <SegmentedControl
          aria-label="Where the prompts come from"
          data={sources.map(value => ({ value, label: titles[value] }))}
          value={draft.from}
          onChange={from => onChange({ from: from as PromptDraft['from'] })}
        />
      )}
      {draft.from === 'text' && (
        <Textarea
          label="Prompts"
          description="one per line"
          autosize
          minRows={4}
          maxRows={10}
          data-autofocus
          value={draft.text}
          onChange={event => onChange({ text: event.currentTarget.value })}
        />
      )}
      {draft.from === 'demonstrations' && (
        <DemonstrationsField
          draft={draft}
          demonstrations={demonstrations}
          onChange={onChange}
          accent={accent}
          onLeave={onLeave}
        />
      )}
      {draft.from === 'files' && (
        <FilesField draft={draft} onChange={onChange} onAddFiles={onAddFiles} adding={adding} />
      )}
      {draft.from === 'starter-world' && (
        <>
          <CountField draft={draft} onChange={onChange} />
          {ranked && (
            <Checkbox
              color={accent}
              label="Labelers add answers of their own"
              description="A true, a false or an abstaining answer stands beside the model’s own: a model that learnt a fact hardly ever gets it wrong, so its own answers alone would teach little about truth."
              checked={draft.constructed}
              onChange={event => onChange({ constructed: event.currentTarget.checked })}
            />
          )}
        </>
      )}
    </Stack>
  )
}

interface FieldProps {
  draft: PromptDraft
  onChange: (change: Partial<PromptDraft>) => void
}

const CountField = ({ draft, onChange }: FieldProps) => (
  <NumberField
    label="Number of prompts"
    w={160}
    value={draft.count}
    onChange={count => onChange({ count })}
  />
)

function DemonstrationsField({
  draft,
  demonstrations,
  onChange,
  accent,
  onLeave,
}: FieldProps & {
  demonstrations: readonly DemonstrationSet[]
  accent: string
  onLeave: (() => void) | undefined
}) {
  const live = demonstrations.filter(set => set.removedAt === null && set.rows > 0)
  const chosen = chosenSets(draft, demonstrations).map(set => set.id)
  if (live.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        There are no demonstrations.{' '}
        <Anchor
          component="button"
          type="button"
          fz="sm"
          onClick={() => {
            onLeave?.()
            useApp.getState().showSft('demonstrations')
          }}
        >
          Import or write some in phase 2
        </Anchor>
        , or type the prompts.
      </Text>
    )
  return (
    <>
      <Text fz="xs" c="dimmed">
        The last question of each, with what was said before it, in an order drawn from the seed.
      </Text>
      {live.map(set => (
        <Checkbox
          key={set.id}
          color={accent}
          label={`${visible(set.name)} · ${formatCounted(set.rows, 'row')}`}
          checked={chosen.includes(set.id)}
          onChange={event =>
            onChange({
              sets: event.currentTarget.checked
                ? [...chosen, set.id]
                : chosen.filter(each => each !== set.id),
            })
          }
        />
      ))}
      <CountField draft={draft} onChange={onChange} />
    </>
  )
}

function FilesField({
  draft,
  onChange,
  onAddFiles,
  adding,
}: FieldProps & { onAddFiles: (given: readonly GivenFile[]) => void; adding: boolean }) {
  return (
    <Stack gap={4}>
      <Text fz="xs" c="dimmed">
        Text files with a prompt a line, or JSON lines with “prompt”: a text or messages. Pick them, or drop
        them in this window.
      </Text>
      {draft.files.map(({ file, name }) => (
        <Group key={file} gap="xs">
          <Text fz="sm">{visible(name)}</Text>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={`Leave out ${visible(name)}`}
            onClick={() => onChange({ files: draft.files.filter(each => each.file !== file) })}
          >
            Leave out
          </Button>
        </Group>
      ))}
      <div>
        <Button
          variant="default"
          size="compact-sm"
          loading={adding}
          onClick={() =>
            void pickFiles().then(given => {
              if (given.length > 0) onAddFiles(given)
            })
          }
        >
          Add files …
        </Button>
      </div>
    </Stack>
  )
}
