// The evaluations that were made, newest first: shown on a click, renamed, removed with undo.
import { ActionIcon, Text, Tooltip } from '@mantine/core'
import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { EvaluationSummary } from '../../../../src-shared/contract/evaluation-contract.ts'
import { modelName } from '../../charts/evaluated-model.ts'
import { PlainText, visible } from '../../components/plain-text.tsx'
import { RenameField } from '../../components/rename-field.tsx'
import { toastError, toastUndo } from '../../components/toast.tsx'
import { formatCounted, formatPercent, formatWhen } from '../../format.ts'
import { call } from '../../lab.ts'
import classes from './evaluate.module.css'
import { showEvaluation } from './evaluate-store.ts'

async function remove({ evaluation, name }: EvaluationSummary): Promise<void> {
  await call('evaluation.remove', { evaluation })
  toastUndo(`Deleted ${visible(name)}`, () => call('evaluation.restore', { evaluation }))
}

export function PastEvaluations({
  past,
  shown,
}: {
  past: readonly EvaluationSummary[]
  shown: string | undefined
}) {
  const [renaming, setRenaming] = useState<string | null>(null)
  return (
    <ul className={classes.past} aria-label="Past evaluations">
      {past.map(each => (
        <li key={each.evaluation} data-shown={each.evaluation === shown || undefined}>
          {renaming === each.evaluation ? (
            <RenameField
              label={`New name of ${visible(each.name)}`}
              name={each.name}
              rename={name => call('evaluation.rename', { evaluation: each.evaluation, name })}
              onDone={() => setRenaming(null)}
            />
          ) : (
            <button
              type="button"
              className={classes.pastButton}
              aria-current={each.evaluation === shown || undefined}
              onClick={() => showEvaluation(each.evaluation)}
            >
              <span className={classes.pastName}>
                <PlainText text={each.name} />
              </span>
              <Text fz="xs" c="dimmed" className="tabular" component="span" display="block">
                {each.models.map(({ label }) => visible(modelName(label))).join(' | ')} ·{' '}
                {formatWhen(each.createdAt, new Date())}
              </Text>
              <Text fz="xs" c="dimmed" className="tabular" component="span" display="block">
                {standing(each)}
              </Text>
            </button>
          )}
          <Tooltip label="Rename">
            <ActionIcon
              size="sm"
              aria-label={`Rename ${visible(each.name)}`}
              onClick={() => setRenaming(each.evaluation)}
            >
              <Pencil size={13} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Delete, with undo">
            <ActionIcon
              size="sm"
              aria-label={`Delete ${visible(each.name)}`}
              onClick={() => void remove(each).catch(toastError)}
            >
              <Trash2 size={13} />
            </ActionIcon>
          </Tooltip>
        </li>
      ))}
    </ul>
  )
}

/** How far it is, and how often people voted. */
function standing({ job, answers, answersPlanned, scoresMissing, votes }: EvaluationSummary): string {
  const voted = votes > 0 ? ` · ${formatCounted(votes, 'vote')}` : ''
  if (job !== null) return `asking …${voted}`
  if (answers === answersPlanned && scoresMissing > 0) return `cut off while it was judged${voted}`
  return answers < answersPlanned
    ? `cut off at ${formatPercent(answers / answersPlanned)}${voted}`
    : `${formatCounted(answers, 'answer')}${voted}`
}
