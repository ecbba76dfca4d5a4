// A run's checkpoints as a slider: the next answer is from the one it stands on; and the last message answered again by it.
import { Button, Slider, Text } from '@mantine/core'
import { useState } from 'react'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { visible } from '../../components/plain-text.tsx'
import { toastError } from '../../components/toast.tsx'
import { formatCount } from '../../format.ts'
import classes from './chat.module.css'
import { answerAgain, useChat } from './chat-store.ts'
import { accentOf } from './models.ts'
import { useObstacles } from './obstacles.ts'

/** The checkpoints of one run that can be talked to, the first step first. */
export const checkpointsOfRun = (usable: readonly CheckpointSummary[], run: string): CheckpointSummary[] =>
  usable.filter(each => each.run === run).toSorted((a, b) => a.step - b.step)

/** `step 40 · best · parent`: the best of its run, and what other runs started from. */
export const standing = (
  { id, step, best }: Pick<CheckpointSummary, 'id' | 'step' | 'best'>,
  runs: readonly Pick<RunSummary, 'parentCheckpoint'>[],
): string =>
  [
    `step ${formatCount(step)}`,
    ...(best ? ['best'] : []),
    ...(runs.some(run => run.parentCheckpoint === id) ? ['parent'] : []),
  ].join(' · ')

/** What that means. */
function meaningOf(
  { id, best }: CheckpointSummary,
  runs: readonly Pick<RunSummary, 'name' | 'parentCheckpoint'>[],
  kept: number,
): string {
  const started = runs.filter(run => run.parentCheckpoint === id).map(run => `“${visible(run.name)}”`)
  const others = started.length > 4 ? ' and others' : ''
  return [
    `One of ${kept} checkpoints that are kept of this run: the newest, the best, and those that others started from.`,
    ...(best ? ['This is the best by its run’s own measure.'] : []),
    ...(started.length > 0 ? [`From it started ${started.slice(0, 4).join(', ')}${others}.`] : []),
  ].join(' ')
}

export function RunSlider({
  model,
  usable,
  runs,
  index,
  onPick,
}: {
  model: CheckpointSummary
  usable: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
  /** Of the column. */
  index: number
  onPick: (checkpoint: CheckpointSummary) => void
}) {
  const own = checkpointsOfRun(usable, model.run)
  const at = own.findIndex(each => each.id === model.id)
  const [dragged, setDragged] = useState<number | null>(null)
  if (own.length < 2 || at < 0) return null
  const shown = own[dragged ?? at] ?? model
  const isMarked = (each: CheckpointSummary) =>
    each.best || runs.some(run => run.parentCheckpoint === each.id)
  return (
    <div className={classes.slider}>
      <Slider
        size="xs"
        color={accentOf(model)}
        label={null}
        min={0}
        max={own.length - 1}
        value={dragged ?? at}
        thumbLabel={`Checkpoint of column ${index + 1}`}
        thumbValueText={standing(shown, runs)}
        marks={own.map((each, value) => ({ value, label: isMarked(each) ? '▴' : undefined }))}
        classNames={{ markLabel: classes.sliderMark }}
        onChange={setDragged}
        onChangeEnd={value => {
          setDragged(null)
          const picked = own[value]
          if (picked && picked.id !== model.id) onPick(picked)
        }}
      />
      <Text fz="xs" c="dimmed" className={classes.oneLine} title={meaningOf(shown, runs, own.length)}>
        {standing(shown, runs)}
      </Text>
    </div>
  )
}

/** Of the newest turn, as far as a column's head needs it. */
export interface LastTurn {
  readonly turn: number
  readonly seed: number
  /** Checkpoint of each column's answer. */
  readonly checkpoints: readonly (string | undefined)[]
}

/** Where the newest answer is from another checkpoint than the column's. */
export function AnswerAgain({
  last,
  index,
  checkpoint,
}: {
  last: LastTurn | null
  index: number
  checkpoint: string
}) {
  const { writing } = useObstacles()
  const asked = useChat(state => state.answeringAgain === index)
  const before = last?.checkpoints[index]
  if (!last || before === undefined || before === checkpoint) return null
  const reason = asked ? 'It is being asked.' : writing
  return (
    <Button
      size="compact-xs"
      variant="light"
      fullWidth
      mt={4}
      aria-label={`Answer the last message again with this checkpoint, in column ${index + 1}${reason ? `. ${reason}` : ''}`}
      title={reason ?? 'The last message again, with the same seed; the earlier answer stays as an attempt.'}
      data-disabled={reason ? true : undefined}
      aria-disabled={reason ? true : undefined}
      onClick={() => {
        if (!reason) void answerAgain(last.turn, index, last.seed).catch(toastError)
      }}
    >
      Answer again with this
    </Button>
  )
}
