// What is kept of a starter world's prompt beside its texts, for those who judge answers to it: simulated labelers, and the
// probe of truth, which needs the world.
import * as v from 'valibot'
import { count } from '../contract/method.ts'
import { useCaseIds } from '../demonstrations/use-cases.ts'
import type { PreferencePrompt } from '../starter-world/preferences.ts'
import { promptKinds } from '../starter-world/preferences.ts'

export const storedTask = v.object({
  /** Seed of the world. */
  world: count,
  kind: v.picklist(promptKinds),
  useCase: v.picklist(useCaseIds),
  /** Every right answer; empty where there is no truth to know. */
  answers: v.array(v.string()),
})
export type StoredTask = v.InferOutput<typeof storedTask>

export const storedTaskOf = (world: number, { kind, task }: PreferencePrompt): StoredTask => ({
  world,
  kind,
  useCase: task.useCase,
  answers: [...task.answers],
})

/** The task that a row brings; null where it brings none that can be judged by. */
export function readTask(task: unknown): StoredTask | null {
  const parsed = v.safeParse(storedTask, task)
  return parsed.success ? parsed.output : null
}
