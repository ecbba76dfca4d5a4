// What the Evaluate tab has on screen: the draft of the next evaluation, the report that is read, what is open over it.
import { create } from 'zustand'
import type { AnswerFilter } from '../../../../src-shared/contract/evaluation-contract.ts'
import { call } from '../../lab.ts'
import {
  type DraftContext,
  type EvaluationDraft,
  newDraft,
  requestOf,
  type UnsettledDraft,
} from './evaluation-draft.ts'

export interface AnswersAsk {
  readonly evaluation: string
  /** What the number says whose answers these are. */
  readonly title: string
  readonly filter: AnswerFilter
}

interface Evaluate {
  readonly draft: UnsettledDraft
  /** The evaluation on screen; null = the newest. */
  readonly shown: string | null
  /** The form for a new one is open, whatever is there. */
  readonly drafting: boolean
  readonly answers: AnswersAsk | null
  /** The evaluation whose blind tournament is open. */
  readonly voting: string | null
  /** Evaluations whose own votes were looked at before they were done. */
  readonly revealed: readonly string[]
}
export const useEvaluate = create<Evaluate>(() => ({
  draft: newDraft,
  shown: null,
  drafting: false,
  answers: null,
  voting: null,
  revealed: [],
}))
const { setState } = useEvaluate

export const changeDraft = (change: Partial<EvaluationDraft>): void =>
  setState(({ draft }) => ({ draft: { ...draft, ...change } }))

export const showEvaluation = (shown: string | null): void => setState({ shown, drafting: false })

export const openAnswers = (answers: AnswersAsk): void => setState({ answers })

export const openVoting = (voting: string): void => setState({ voting })

export const reveal = (evaluation: string): void =>
  setState(({ revealed }) => ({ revealed: [...new Set([...revealed, evaluation])] }))

/** Starts it and brings it on screen. @throws LabError as the core says */
export async function startEvaluation(draft: EvaluationDraft, context: DraftContext): Promise<void> {
  const { evaluation } = await call('evaluation.start', requestOf(draft, context))
  showEvaluation(evaluation)
}
