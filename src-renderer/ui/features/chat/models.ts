// Checkpoints by id, and how they are named and coloured in the chat.
import { useMemo } from 'react'
import type { ChatAnswer } from '../../../../src-shared/contract/chat-contract.ts'
import type { CheckpointSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { visible } from '../../components/plain-text.tsx'
import { formatCount } from '../../format.ts'
import { phaseColor } from '../../phases.ts'

export type Models = ReadonlyMap<string, CheckpointSummary>

export const useModels = (checkpoints: readonly CheckpointSummary[]): Models =>
  useMemo(() => new Map(checkpoints.map(each => [each.id, each])), [checkpoints])

/** Where nothing says whose colour: a model that is gone, or one whose name is hidden. */
export const NO_ACCENT = 'var(--lab-line-strong)'

export const accentOf = (model: Pick<CheckpointSummary, 'phase'> | undefined): string =>
  model ? phaseColor(model.phase) : NO_ACCENT

/** A name as its run's part and the step, which a line without room for both cuts last. */
export interface NameParts {
  readonly name: string
  readonly end: string
}

export function answerNameParts({ checkpoint, checkpointName }: ChatAnswer, models: Models): NameParts {
  const model = models.get(checkpoint)
  return { name: visible(checkpointName), end: model ? `, step ${formatCount(model.step)}` : '' }
}

export function answerName(answer: ChatAnswer, models: Models): string {
  const { name, end } = answerNameParts(answer, models)
  return name + end
}
