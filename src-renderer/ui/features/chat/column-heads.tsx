// Above each column: which checkpoint, how it is asked, how it draws, how fast it wrote last.
import { Button, SegmentedControl, Select, Text } from '@mantine/core'
import { EyeOff, X } from 'lucide-react'
import { memo, useState } from 'react'
import type {
  ChatColumn,
  ChatMode,
  ChatTurn,
  Conversation,
} from '../../../../src-shared/contract/chat-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { checkpointLabel } from '../../components/model-choice.ts'
import { PhaseBadge } from '../../components/phase-badge.tsx'
import { visible } from '../../components/plain-text.tsx'
import { formatCount } from '../../format.ts'
import { phaseOf } from '../../phases.ts'
import { modeMeanings, modeNames } from './answer-words.ts'
import classes from './chat.module.css'
import { ColumnSettings } from './column-settings.tsx'
import { IconButton } from './icon-button.tsx'
import { MiddleCut } from './middle-cut.tsx'
import { accentOf, type Models } from './models.ts'
import { AnswerAgain, type LastTurn, RunSlider } from './run-slider.tsx'
import { type ChatSetup, chatModels, withCheckpoint } from './setup.ts'

export interface ColumnHeadsProps {
  setup: ChatSetup
  /** It has turns already. */
  begun: boolean
  /** As of `speedsOf`. */
  speeds: string
  checkpoints: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
  models: Models
  last: LastTurn | null
  onChange: (change: Partial<ChatSetup>) => void
}

/** How fast each column wrote last, in tokens per second: `23,,410`; a text, which stays the same while one writes on. */
export const speedsOf = (conversation: Conversation | null): string =>
  (conversation?.columns ?? [])
    .map((_, column) => {
      const answers = conversation?.turns.findLast(turn => speedIn(turn, column))
      return answers ? Math.round(speedIn(answers, column)!) : ''
    })
    .join()

const speedIn = (turn: ChatTurn, column: number): number | null =>
  turn.answers.find(answer => answer.column === column && answer.state === 'done')?.tokensPerSecond ?? null

export const ColumnHeads = memo(function ColumnHeads(props: ColumnHeadsProps) {
  const { columns, blind } = props.setup
  const [unveiled, setUnveiled] = useState(false)
  const veiled = blind && columns.length > 1
  return (
    <>
      {veiled && (
        <div className={classes.columnLine}>
          <EyeOff size={14} aria-hidden />
          <Text fz="sm" style={{ flex: 1 }}>
            Blind: {columns.length} models take part, in places that change with every turn. Names are shown
            after your vote.
          </Text>
          <Button
            size="compact-xs"
            variant="default"
            aria-expanded={unveiled}
            onClick={() => setUnveiled(!unveiled)}
          >
            {unveiled ? 'Hide who takes part' : 'Show who takes part'}
          </Button>
        </div>
      )}
      {(!veiled || unveiled) && (
        <div
          className={classes.columns}
          data-many={columns.length > 1 || undefined}
          style={{ '--columns': columns.length, marginTop: veiled ? 6 : undefined } as object}
        >
          {columns.map((column, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
            <ColumnHead key={index} {...props} column={column} index={index} />
          ))}
        </div>
      )}
    </>
  )
})

function ColumnHead({
  setup,
  begun,
  speeds,
  checkpoints,
  runs,
  models,
  last,
  onChange,
  column,
  index,
}: ColumnHeadsProps & { column: ChatColumn; index: number }) {
  const { columns } = setup
  const model = models.get(column.checkpoint)
  const usable = chatModels(checkpoints)
  const gone = !usable.some(each => each.id === column.checkpoint)
  const number = columns.length > 1 ? ` of column ${index + 1}` : ''
  const change = (changed: Partial<ChatColumn>) =>
    onChange({ columns: columns.map((each, i) => (i === index ? { ...each, ...changed } : each)) })
  const speed = speeds.split(',')[index]
  // Beside two others there is no room for name and step on one line.
  const crowded = columns.length > 2
  const pick = (picked: CheckpointSummary) =>
    onChange({ columns: withCheckpoint(columns, index, picked, model) })
  const choice = (
    <div className={classes.model}>
      <Select
        aria-label={`Model${number}`}
        data={optionsOf(usable, column.checkpoint, model)}
        value={column.checkpoint}
        title={model && checkpointLabel(model)}
        searchable
        comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
        onChange={id => {
          const picked = usable.find(each => each.id === id)
          if (picked) pick(picked)
        }}
      />
      {model && !gone && (
        <span className={classes.modelShown} aria-hidden>
          <MiddleCut
            name={visible(model.runName)}
            end={crowded ? '' : ` · step ${formatCount(model.step)}`}
          />
        </span>
      )}
    </div>
  )
  return (
    <section
      className={classes.columnHead}
      aria-label={`Column ${index + 1}`}
      style={{ '--accent': accentOf(gone ? undefined : model) } as object}
    >
      <div className={classes.columnLine}>
        {columns.length > 1 && <b className="tabular">{index + 1}</b>}
        {model && !gone && <PhaseBadge phase={model.phase} short />}
        {crowded ? (
          <Text fz="sm" className={classes.oneLine} style={{ flex: 1 }} aria-hidden>
            {model && !gone && `step ${formatCount(model.step)}`}
          </Text>
        ) : (
          choice
        )}
        {columns.length > 1 && (
          <IconButton
            icon={X}
            label={`Take column ${index + 1} away`}
            disabledReason={
              begun && index < columns.length - 1
                ? 'Each column goes on from its own answers: in a conversation that has begun only the last one can be taken away.'
                : null
            }
            onClick={() => onChange({ columns: columns.filter((_, i) => i !== index) })}
          />
        )}
      </div>
      {crowded && <div className={classes.columnLine}>{choice}</div>}
      {model && !gone && <RunSlider model={model} usable={usable} runs={runs} index={index} onPick={pick} />}
      <AnswerAgain last={last} index={index} checkpoint={column.checkpoint} />
      {gone && (
        <Text fz="xs" c="var(--lab-bad)" mt={4} role="status">
          {model ? `The files are ${model.status}` : 'It was deleted'}: choose another model.
        </Text>
      )}
      <div className={classes.columnLine} style={{ marginTop: 5, flexWrap: 'wrap', rowGap: 4 }}>
        <SegmentedControl
          aria-label={`Mode${number}`}
          size="xs"
          data={(['template', 'raw'] as const).map(value => ({ value, label: modeNames[value] }))}
          value={column.mode}
          onChange={mode => change({ mode: mode as ChatMode })}
        />
        <ColumnSettings setup={setup} index={index} onChange={onChange} />
      </div>
      <div className={classes.foot} style={{ flexWrap: 'nowrap' }}>
        <span className={classes.oneLine} title={modeMeanings[column.mode]}>
          {modeMeanings[column.mode]}
        </span>
        {speed && !(setup.blind && columns.length > 1) ? (
          <span style={{ marginLeft: 'auto', whiteSpace: 'nowrap' }}>{formatCount(Number(speed))} tok/s</span>
        ) : null}
      </div>
    </section>
  )
}

/** By phase, the latest first; what is chosen is in the list even when it is gone. */
function optionsOf(
  usable: readonly CheckpointSummary[],
  chosen: string,
  known: CheckpointSummary | undefined,
) {
  const ids = [...new Set(usable.map(each => each.phase))].sort(
    (a, b) => phaseOf(b).number - phaseOf(a).number,
  )
  const groups = ids.map(phase => ({
    group: `${phaseOf(phase).number} ${phaseOf(phase).title}`,
    items: usable
      .filter(each => each.phase === phase)
      .map(each => ({ value: each.id, label: checkpointLabel(each) })),
  }))
  if (usable.some(each => each.id === chosen)) return groups
  const label = known ? `${checkpointLabel(known)} (${known.status})` : 'a checkpoint that was deleted'
  return [{ value: chosen, label, disabled: true }, ...groups]
}
