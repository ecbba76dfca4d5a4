// Over the bench: which set, how far, how well one agrees with oneself, who ranks.
import { ActionIcon, Button, Group, Kbd, Progress, TextInput, Tooltip } from '@mantine/core'
import { X } from 'lucide-react'
import { useState } from 'react'
import type { BenchState, PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { setSetting } from '../../../app-state.ts'
import { visible } from '../../../components/plain-text.tsx'
import { toastError } from '../../../components/toast.tsx'
import { AgreementMeter } from './agreement-meter.tsx'
import classes from './bench.module.css'
import { shareDone, standing } from './bench-words.ts'

export function BenchHead({
  title,
  state,
  set,
  labeler,
  mending,
  onKeys,
  onLeave,
}: {
  title: React.ReactNode
  state: BenchState | null
  /** undefined while it is not listed yet. */
  set: PreferenceSet | undefined
  labeler: string
  mending: boolean
  onKeys: () => void
  onLeave: () => void
}) {
  return (
    <header className={classes.head}>
      {title}
      {state && !mending && (
        <>
          <div className={classes.progress}>
            <span className="tabular" data-testid="standing">
              {standing(state, set)}
            </span>
            <Progress
              aria-label="Prompts ranked"
              color="amber"
              size={4}
              mt={2}
              value={shareDone(state, set)}
            />
          </div>
          <AgreementMeter agreement={state.agreement} labeler={labeler} />
        </>
      )}
      {!mending && <LabelerField key={labeler} labeler={labeler} />}
      <Group gap="xs" ml="auto" wrap="nowrap">
        <Button size="compact-sm" variant="default" rightSection={<Kbd size="xs">?</Kbd>} onClick={onKeys}>
          Keys
        </Button>
        <Tooltip label="Leave (Esc); everything is kept">
          <ActionIcon aria-label="Leave the bench" onClick={onLeave}>
            <X size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </header>
  )
}

/** Who ranks: a name that the person gives themselves. Another one has their own place in the set. */
function LabelerField({ labeler }: { labeler: string }) {
  const [name, setName] = useState(labeler)
  const save = () => {
    const wanted = name.replace(/\p{Cc}/gu, ' ').trim()
    if (wanted === '') setName(labeler)
    else if (wanted !== labeler) void setSetting('labeler', wanted).catch(toastError)
  }
  return (
    <TextInput
      aria-label="Who ranks"
      title={`Rankings are kept under this name: ${visible(labeler)}`}
      leftSection="by"
      leftSectionWidth={26}
      w={120}
      maxLength={120}
      value={name}
      onChange={event => setName(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={event => {
        if (event.key === 'Enter') event.currentTarget.blur()
        else if (event.key === 'Escape') {
          setName(labeler)
          // What was typed must not be saved by leaving.
          requestAnimationFrame(() => (document.activeElement as HTMLElement | null)?.blur())
        }
      }}
    />
  )
}
