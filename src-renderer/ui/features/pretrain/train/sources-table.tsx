// The sources of a run as LLaMA's Table 1 shows them: share of sampling, size, documents, tokens, epochs; the shares are
// sliders that keep 100 %.
import { ActionIcon, Button, Group, Select, Slider, Text, Tooltip } from '@mantine/core'
import { X } from 'lucide-react'
import type { CorpusSummary, SourceRow } from '../../../../../src-shared/contract/lab-contract.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { Term } from '../../../components/term.tsx'
import { formatBytes, formatCompact, NONE } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { useAction } from '../../../queries.ts'
import {
  epochsRemark,
  isRemoved,
  percentages,
  percentText,
  type Share,
  withoutSource,
  withShare,
  withSource,
} from './mixture-shares.ts'
import classes from './recipe-zone.module.css'
import { ShareField } from './share-field.tsx'

export function SourcesTable({
  shares,
  corpora,
  rows,
  onChange,
}: {
  shares: readonly Share[]
  /** All, removed ones too. */
  corpora: readonly CorpusSummary[]
  /** In any order; a source without one is still being counted. */
  rows: readonly SourceRow[]
  onChange: (shares: Share[]) => void
}) {
  const percent = percentages(shares)
  const bytes = new Map(corpora.map(c => [c.id, c.bytes]))
  const addable = corpora.filter(c => c.removedAt === null && !shares.some(s => s.corpus === c.id))
  return (
    <div>
      {shares.length > 0 && (
        <table className={classes.table} aria-label="Sources">
          <thead>
            <tr>
              <th>
                <Term meaning="Share of the training tokens drawn from this source; all shares sum to 100 %.">
                  Share %
                </Term>
              </th>
              <th>
                <Term meaning="Size of the text, its validation part included.">Text</Term>
              </th>
              <th>
                <Term meaning="Documents, those of the validation part included.">Docs</Term>
              </th>
              <th>
                <Term meaning="Training tokens with the chosen tokenizer; ~ marks a guess from the number of bytes.">
                  Tokens
                </Term>
              </th>
              <th>
                <Term meaning="How many times the run reads this source: tokens drawn from it / tokens it has.">
                  Epochs
                </Term>
              </th>
            </tr>
          </thead>
          {shares.map((share, index) =>
            isRemoved(share, corpora) ? (
              <RemovedSource
                key={share.corpus}
                corpus={corpora.find(c => c.id === share.corpus)}
                share={percentText(share.share, percent[index]!)}
                onLeaveOut={() => onChange(withoutSource(shares, share.corpus))}
              />
            ) : (
              <Source
                key={share.corpus}
                share={share.share}
                percent={percent[index]!}
                alone={shares.length === 1}
                name={corpora.find(c => c.id === share.corpus)?.name ?? share.corpus}
                row={rows.find(r => r.corpus === share.corpus)}
                onShare={value => onChange(withShare(shares, share.corpus, value))}
                onRemove={() => onChange(withoutSource(shares, share.corpus))}
              />
            ),
          )}
        </table>
      )}
      {addable.length > 0 && (
        <Select
          mt={6}
          aria-label="Add a source"
          placeholder={shares.length === 0 ? 'Choose a text' : 'Add a source …'}
          data={addable.map(c => ({ value: c.id, label: visible(c.name) }))}
          value={null}
          searchable
          onChange={id => id && onChange(withSource(shares, id, bytes))}
        />
      )}
    </div>
  )
}

function Source({
  share,
  percent,
  alone,
  name,
  row,
  onShare,
  onRemove,
}: {
  /** 0–1. */
  share: number
  percent: number
  alone: boolean
  name: string
  row: SourceRow | undefined
  onShare: (share: number) => void
  onRemove: () => void
}) {
  const remark = row ? epochsRemark(row.epochs) : null
  return (
    <tbody className={classes.source}>
      <tr>
        <td colSpan={5}>
          <span className={classes.name}>
            <PlainText text={name} />
            <ActionIcon size="xs" aria-label={`Leave ${name} out`} onClick={onRemove}>
              <X size={12} />
            </ActionIcon>
          </span>
        </td>
      </tr>
      <tr>
        <td>
          {alone ? (
            '100'
          ) : (
            <ShareField
              label={`Share of ${name} in percent`}
              shown={percentText(share, percent)}
              onShare={onShare}
            />
          )}
        </td>
        <td>{row ? formatBytes(row.bytes) : NONE}</td>
        <td>{row ? formatCompact(row.documents) : NONE}</td>
        <td>
          {row && row.tokens !== null ? `${row.estimated ? '~' : ''}${formatCompact(row.tokens)}` : NONE}
        </td>
        <td>
          {row && row.epochs !== null ? (
            remark ? (
              <Tooltip label={remark} events={{ hover: true, focus: true, touch: true }}>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the remark must be reachable by keyboard */}
                <span className={classes.remark} tabIndex={0}>
                  {formatEpochs(row.epochs)} ▲<span className="visually-hidden">{remark}</span>
                </span>
              </Tooltip>
            ) : (
              formatEpochs(row.epochs)
            )
          ) : (
            NONE
          )}
        </td>
      </tr>
      {!alone && (
        <tr>
          <td colSpan={5}>
            <Slider
              size="xs"
              mb={6}
              label={null}
              min={0}
              max={100}
              step={0.5}
              value={percent}
              thumbLabel={`Share of ${name}`}
              onChange={value => onShare(value / 100)}
            />
          </td>
        </tr>
      )}
    </tbody>
  )
}

/** Its share stays until the person decides: nothing is trained on a mixture that changed by itself. */
function RemovedSource({
  corpus,
  share,
  onLeaveOut,
}: {
  /** Absent = its files are cleared away. */
  corpus: CorpusSummary | undefined
  /** In percent, as shown. */
  share: string
  onLeaveOut: () => void
}) {
  const restore = useAction((id: string) => call('corpora.restore', { corpus: id }))
  const name = corpus?.name ?? 'A text that is gone'
  return (
    <tbody className={classes.source}>
      <tr>
        <td colSpan={5}>
          <span className={classes.name}>
            <span>
              <s>
                <PlainText text={name} />
              </s>{' '}
              <span className={classes.remark}>removed, {share} %</span>
            </span>
            <Group gap={4} wrap="nowrap">
              {corpus && (
                <Button
                  size="compact-xs"
                  variant="default"
                  loading={restore.busy}
                  aria-label={`Bring ${name} back`}
                  onClick={() => void restore.run(corpus.id)}
                >
                  Undo
                </Button>
              )}
              <ActionIcon size="xs" aria-label={`Leave ${name} out`} onClick={onLeaveOut}>
                <X size={12} />
              </ActionIcon>
            </Group>
          </span>
          <ErrorNote error={restore.error} onClose={restore.clear} />
        </td>
      </tr>
    </tbody>
  )
}

const formatEpochs = (epochs: number): string =>
  epochs < 100 ? epochs.toFixed(2) : formatCompact(Math.round(epochs))

/** Shown while there is no text at all. */
export function NoSources({ onAdd }: { onAdd: () => void }) {
  return (
    <Text fz="sm" c="dimmed">
      No text yet.{' '}
      <Text
        component="button"
        type="button"
        fz="sm"
        td="underline"
        onClick={onAdd}
        style={{ background: 'none', border: 0, cursor: 'pointer', color: 'inherit', padding: 0 }}
      >
        Add some
      </Text>
      , or drop files anywhere in the window.
    </Text>
  )
}
