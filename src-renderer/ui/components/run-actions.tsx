// Pause, resume, stop and keep, continue longer: what the state of the run allows, each with its error beside it.
import { Button, Group, NumberInput, Popover, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import { formatCount } from '../format.ts'
import { call } from '../lab.ts'
import { useAction } from '../queries.ts'
import { runState, stepWord } from '../run-status.ts'
import { ActionButton } from './action-button.tsx'
import { ErrorNote } from './error-note.tsx'

/** @param children what else can be done: with the model that is there, for instance */
export function RunActions({ run, children }: { run: RunSummary; children?: ReactNode }) {
  const { actions, busy } = runState(run)
  const pause = useAction(() => call('runs.pause', { run: run.id }))
  const resume = useAction((steps?: number) =>
    call('runs.resume', { run: run.id, ...(steps === undefined ? {} : { steps }) }),
  )
  const stop = useAction(() => call('runs.stop', { run: run.id }))
  const failed = [pause, resume, stop].find(action => action.error)
  return (
    <Stack gap={6}>
      <Group gap="xs">
        {actions.includes('pause') && (
          <ActionButton
            variant="default"
            loading={pause.busy}
            disabledReason={busy}
            onClick={() => void pause.run()}
          >
            Pause
          </ActionButton>
        )}
        {actions.includes('resume') && (
          <ActionButton loading={resume.busy} onClick={() => void resume.run()}>
            Resume
          </ActionButton>
        )}
        {actions.includes('continue') && (
          <ContinueLonger run={run} busy={resume.busy} onContinue={steps => void resume.run(steps)} />
        )}
        {actions.includes('stop') && (
          <ActionButton
            variant="subtle"
            color="gray"
            loading={stop.busy}
            disabledReason={busy}
            title="Ends the run for good; its last checkpoint is kept."
            onClick={() => void stop.run()}
          >
            Stop and keep
          </ActionButton>
        )}
        {children}
      </Group>
      <ErrorNote error={failed?.error ?? null} onClose={failed?.clear} />
    </Stack>
  )
}

function ContinueLonger({
  run,
  busy,
  onContinue,
}: {
  run: RunSummary
  busy: boolean
  onContinue: (steps: number) => void
}) {
  const [open, setOpen] = useState(false)
  const [steps, setSteps] = useState<number | string>(run.steps * 2)
  const problem =
    typeof steps === 'number' && Number.isInteger(steps) && steps > run.step
      ? null
      : `Give a whole number above ${formatCount(run.step)}, the ${stepWord(run.phase)}s already made.`
  return (
    <Popover opened={open} onChange={setOpen} trapFocus withArrow>
      <Popover.Target>
        <Button variant="default" loading={busy} onClick={() => setOpen(!open)}>
          Continue longer …
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={event => {
            event.preventDefault()
            if (problem !== null) return
            setOpen(false)
            onContinue(steps as number)
          }}
        >
          <Stack gap="xs" w={230}>
            <NumberInput
              label={`New number of ${stepWord(run.phase)}s`}
              value={steps}
              error={problem}
              allowDecimal={false}
              thousandSeparator=","
              onChange={setSteps}
            />
            <Text fz="xs" c="dimmed">
              The learning rate follows the longer schedule from here on.
            </Text>
            <ActionButton type="submit" disabledReason={problem}>
              Continue
            </ActionButton>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
