// Evaluate: what each phase brought. Past evaluations and a new one on the left, the report beside them, and over both
// the answers behind a number and the blind tournament.
import { Button, Text } from '@mantine/core'
import { useApp } from '../../app-state.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { usableModels } from '../../components/model-choice.ts'
import { Panel, Screen } from '../../components/panel.tsx'
import { useQuery } from '../../queries.ts'
import { AnswersDialog } from './answers-dialog.tsx'
import { BlindTournament } from './blind/blind-tournament.tsx'
import classes from './evaluate.module.css'
import { useEvaluate } from './evaluate-store.ts'
import { writingPhases } from './evaluation-draft.ts'
import { PastEvaluations } from './past-evaluations.tsx'
import { ReportView } from './report/report-view.tsx'
import { StartPanel } from './start-panel.tsx'

export function EvaluateTab() {
  const list = useQuery('evaluation.list', {})
  const checkpoints = useQuery('checkpoints.list', {}).data
  const { shown, drafting } = useEvaluate()
  const past = list.data
  const current = past?.find(({ evaluation }) => evaluation === shown) ?? past?.[0]
  const canAsk = checkpoints && usableModels(checkpoints, writingPhases).length > 0
  return (
    <Screen
      title="Evaluate"
      aside={
        <Text fz="sm" c="dimmed">
          What did each phase bring? The same held-out questions to every model, answers side by side, and a
          judge that is always named.
        </Text>
      }
    >
      <ErrorNote error={list.error} retry={{ label: 'Try again', run: list.refetch }} />
      {checkpoints && !canAsk && past?.length === 0 && (
        <EmptyState
          title="No model to evaluate yet"
          action={{ label: 'Train a base model', run: () => useApp.getState().showPretrain('train') }}
        >
          An evaluation compares models: base, fine-tuned and reinforced. Train a base in phase 1 first; with
          a fine-tuned model from phase 2 there is something to compare.
        </EmptyState>
      )}
      {past && (canAsk || past.length > 0) && (
        <div className={classes.columns}>
          <div className={classes.side}>
            <Panel
              title={past.length > 0 && !drafting ? 'Evaluations' : 'New evaluation'}
              aside={
                past.length > 0 && (
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-expanded={drafting}
                    onClick={() => useEvaluate.setState({ drafting: !drafting })}
                  >
                    {drafting ? 'Past evaluations' : 'New evaluation'}
                  </Button>
                )
              }
            >
              {past.length > 0 && !drafting ? (
                <PastEvaluations past={past} shown={current?.evaluation} />
              ) : (
                <StartPanel />
              )}
            </Panel>
          </div>
          <div className={classes.report}>
            {current ? (
              <ReportView key={current.evaluation} summary={current} />
            ) : (
              <Panel title="Nothing was evaluated yet">
                <EmptyState title="Your own Figure 1 stands here">
                  Press Evaluate on the left. The models answer the same questions; win rates, the truth
                  triangle, the ladder and every single answer stand here afterwards, and you can vote blind.
                </EmptyState>
              </Panel>
            )}
          </div>
        </div>
      )}
      <AnswersDialog />
      <BlindTournament />
    </Screen>
  )
}
