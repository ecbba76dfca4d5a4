// System 1 and System 2: how far up the ladder of sums each model gets, and whether it knows how far.
import { Text } from '@mantine/core'
import type { EvaluationReport } from '../../../../../src-shared/contract/evaluation-contract.ts'
import { modelName } from '../../../charts/evaluated-model.ts'
import { LadderKey, LadderStrip, ladderSentence } from '../../../charts/ladder-strip.tsx'
import { Panel } from '../../../components/panel.tsx'
import { visible } from '../../../components/plain-text.tsx'
import { openAnswers } from '../evaluate-store.ts'

export function LadderPart({ report }: { report: EvaluationReport }) {
  const results = report.models.flatMap(({ label, phase }) => {
    const own = report.arithmetic[label]
    return own ? [{ label, phase, own: own.rungs }] : []
  })
  const rungs = (results[0]?.own ?? []).map(({ rung, title, example }) => ({ key: rung, title, example }))
  const models = results.map(({ label, phase, own }) => ({
    label,
    phase,
    rungs: rungs.map(({ key }) => {
      const result = own.find(({ rung }) => rung === key)
      return {
        accuracy: result?.accuracy.share ?? 0,
        confidence: result?.confidence ?? null,
        sums: result?.accuracy.n ?? 0,
      }
    }),
  }))
  return (
    <Panel title="From 2 + 2 to 17 × 24">
      <Text fz="sm" mb="xs" maw={820}>
        People answer 2 + 2 at once (Kahneman’s System 1) and stop to work out 17 × 24 (System 2); a language
        model spends the same computation on every token, so it answers both from the hip, and often as
        surely. <LadderKey />
      </Text>
      <LadderStrip
        rungs={rungs}
        models={models}
        onOpen={(label, rung) =>
          openAnswers({
            evaluation: report.evaluation,
            title: `${visible(modelName(label))}: ${rungs.find(({ key }) => key === rung)?.title ?? rung}`,
            filter: { set: 'sum', group: rung },
          })
        }
      />
      <Text fz="xs" c="dimmed" mt={6}>
        {ladderSentence(rungs, models)}
      </Text>
    </Panel>
  )
}
