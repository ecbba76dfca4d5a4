// How many answers a new evaluation asks for, and how long that takes at the speed of the last one.
import { Text } from '@mantine/core'
import { useMemo } from 'react'
import type { EvaluationReport } from '../../../../src-shared/contract/evaluation-contract.ts'
import { evaluationSet } from '../../../../src-shared/starter-world/evaluation.ts'
import { makeWorld } from '../../../../src-shared/starter-world/world.ts'
import { formatCount, formatDuration } from '../../format.ts'
import { useQuery } from '../../queries.ts'
import { type DraftContext, type EvaluationDraft, partsFor, typedPrompts } from './evaluation-draft.ts'

/** Questions of the starter world's split. */
export interface WorldCounts {
  readonly facts: number
  readonly tasks: number
}

export function worldCounts(seed: number, split: 'test' | 'development'): WorldCounts {
  const { known, unknown, tasks } = evaluationSet(makeWorld(seed), split)
  return { facts: known.length + unknown.length, tasks: tasks.length }
}

/** Answers that all models together are asked for, sums left out: the same question at the same temperature once. */
export function answersAsked(
  draft: EvaluationDraft,
  models: number,
  world: WorldCounts,
  limit = Number(draft.limit) || 0,
): number {
  const parts = partsFor(draft)
  if (draft.from !== 'starter-world') {
    const prompts = draft.from === 'typed' ? typedPrompts(draft.typed).length : limit
    return parts.includes('tournament') ? models * prompts * draft.temperatures.length : 0
  }
  const all = new Set([
    ...(parts.includes('tournament') && models > 1 ? draft.temperatures : []),
    ...(parts.includes('tasks') ? [0, 1] : []),
  ])
  const drill = parts.includes('truthfulness') && !all.has(0) ? world.facts : 0
  return models * (all.size * (world.facts + world.tasks) + drill)
}

/** Seconds of one answer in a report that is whole; null where it says nothing. */
export const secondsPerAnswer = ({
  seconds,
  answers,
  answersPlanned,
}: Pick<EvaluationReport, 'seconds' | 'answers' | 'answersPlanned'>): number | null =>
  answers > 0 && answers === answersPlanned && seconds > 0 ? seconds / answers : null

export function TimeNote({ draft, context }: { draft: EvaluationDraft; context: DraftContext }) {
  const whole = useQuery('evaluation.list', {}).data?.find(
    ({ answers, answersPlanned }) => answers > 0 && answers === answersPlanned,
  )
  const last = useQuery('evaluation.show', whole ? { evaluation: whole.evaluation } : null).data
  const { world } = context
  const counts = useMemo(
    () => (world === null ? { facts: 0, tasks: 0 } : worldCounts(world, draft.split)),
    [world, draft.split],
  )
  const asked = answersAsked(draft, context.models.length, counts)
  const each = last ? secondsPerAnswer(last) : null
  const sums = partsFor(draft).includes('ladder')
  if (asked === 0 && !sums) return null
  return (
    <Text fz="xs" c="dimmed" className="tabular">
      {asked > 0 && `About ${formatCount(asked)} answers${sums ? ', and the sums' : ''}`}
      {asked === 0 && 'The sums alone'}
      {each === null
        ? '. How long that takes here is known after the first evaluation.'
        : asked > 0
          ? `: ${formatDuration(Math.max(1, asked * each))} at the speed of the last evaluation.`
          : '.'}{' '}
      Ctrl+Enter starts.
    </Text>
  )
}
