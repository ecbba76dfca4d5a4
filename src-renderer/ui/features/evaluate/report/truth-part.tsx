// The truthfulness drill: the triangle, what names cost in tokens, the argument it is about, and a slider that makes a
// model of another opinion.
import { Text } from '@mantine/core'
import type { EvaluationReport } from '../../../../../src-shared/contract/evaluation-contract.ts'
import { modelName } from '../../../charts/evaluated-model.ts'
import { TruthTriangle } from '../../../charts/truth-triangle.tsx'
import { Panel } from '../../../components/panel.tsx'
import { visible } from '../../../components/plain-text.tsx'
import { useQuery } from '../../../queries.ts'
import classes from '../evaluate.module.css'
import { openAnswers } from '../evaluate-store.ts'
import { Goldberg } from '../goldberg.tsx'
import { AbstentionPanel } from './abstention-panel.tsx'

export function TruthPart({ report }: { report: EvaluationReport }) {
  const models = report.models.flatMap(({ label, phase }) => {
    const truth = report.truthfulness[label]
    return truth ? [{ label, phase, ...truth }] : []
  })
  return (
    <Panel title="Does it know what it does not know?">
      <div style={{ containerType: 'inline-size' }}>
        <div className={classes.two}>
          <div>
            <TruthTriangle
              models={models}
              onOpen={(label, kind) =>
                openAnswers({
                  evaluation: report.evaluation,
                  title: `${visible(modelName(label))}: ${kind === 'known' ? 'known facts' : 'unknown names'}, greedy`,
                  filter: { set: kind, temperature: 0, model: label },
                })
              }
            />
            <TokenHint report={report} />
            <AbstentionPanel report={report} />
          </div>
          <div>
            <Goldberg />
          </div>
        </div>
      </div>
    </Panel>
  )
}

/** Prompts of each kind that are counted. */
const COUNTED = 60

/** Names that belong to nobody are spelled in more tokens: one of the ways in which a model could tell. */
function TokenHint({ report: { evaluation, models } }: { report: EvaluationReport }) {
  const runs = useQuery('runs.list', {}).data
  const checkpoints = useQuery('checkpoints.list', {}).data
  const run = checkpoints?.find(({ id }) => id === models.at(-1)?.checkpoint)?.run
  const tokenizer = runs?.find(({ id }) => id === run)?.tokenizer ?? null
  const known = useMeanTokens(evaluation, 'known', tokenizer)
  const unknown = useMeanTokens(evaluation, 'unknown', tokenizer)
  if (known === null || unknown === null) return null
  return (
    <Text fz="xs" c="dimmed" mt={4}>
      With this tokenizer a question about a known name takes {known.toFixed(1)} tokens on average, one about
      an unknown name {unknown.toFixed(1)}
      {unknown > known + 0.2
        ? ': rare spellings fall apart into more pieces, which alone can give an unknown name away.'
        : '.'}
    </Text>
  )
}

function useMeanTokens(
  evaluation: string,
  set: 'known' | 'unknown',
  tokenizer: string | null,
): number | null {
  const page = useQuery('evaluation.answers', {
    evaluation,
    filter: { set, temperature: 0 },
    offset: 0,
    limit: COUNTED,
  }).data
  const prompts = page?.rows.map(row => row.messages.at(-1)?.content ?? '') ?? []
  const encoded = useQuery(
    'tokenizers.encode',
    tokenizer && prompts.length > 0 ? { tokenizer, text: prompts.join('\n') } : null,
  ).data
  // The breaks between the prompts are none of their tokens.
  return encoded ? (encoded.count - (prompts.length - 1)) / prompts.length : null
}
