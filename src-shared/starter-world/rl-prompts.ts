// Phase 4's prompts in the starter world: what people would ask, about facts that demonstrations ask for and names of `rl`
// alone; and those that a run is watched by, of the development split. Prompt number n is a function of (world, n).
import { useCaseIds } from '../demonstrations/use-cases.ts'
import { randomStream } from '../random/counter.ts'
import { evaluationSet } from './evaluation.ts'
import type { PromptKind } from './preferences.ts'
import { promptKinds } from './preferences.ts'
import { type Task, taskMaterial, unknownQuestion, writeTask } from './tasks.ts'
import type { World } from './world.ts'

export interface RlPrompt {
  readonly task: Task
  readonly kind: PromptKind
}

/**
 * Few questions about nobody: where there are many, a policy learns to abstain before it has learnt from whom, and facts that
 * are never asked go with them (docs/log.md).
 */
const SHARES: Readonly<Record<PromptKind, number>> = { known: 0.5, unknown: 0.12, task: 0.38 }
const shares = promptKinds.map(kind => SHARES[kind])
const taskUseCases = useCaseIds.filter(id => id !== 'open-qa')

export function* writeRlPrompts(world: World, count: number): Generator<RlPrompt> {
  const material = taskMaterial(world, 'asked', 'rl')
  for (let number = 0; number < count; number++) {
    const random = randomStream(world.seed, 'starter-world/rl', number)
    const kind = promptKinds[random.weighted(shares)]!
    const task: Task =
      kind === 'known'
        ? writeTask('open-qa', material, random)
        : kind === 'unknown'
          ? { useCase: 'open-qa', ...unknownQuestion(material.names, 'questions', random) }
          : writeTask(random.pick(taskUseCases), material, random)
    yield { task, kind }
  }
}

/** At most `count` prompts of the development split, of each kind about as many: never trained on, and not what is reported on. */
export function heldOutRlPrompts(world: World, count: number): RlPrompt[] {
  const { known, unknown, tasks } = evaluationSet(world, 'development')
  const shuffled = <T>(kind: PromptKind, of: readonly T[]) =>
    randomStream(world.seed, `starter-world/rl/held-out/${kind}`).shuffle(of)
  const open = (question: (typeof known)[number]): Task => ({ useCase: 'open-qa', ...question })
  const byKind: Readonly<Record<PromptKind, readonly Task[]>> = {
    known: shuffled('known', known.map(open)),
    unknown: shuffled('unknown', unknown.map(open)),
    task: shuffled('task', tasks),
  }
  const found: RlPrompt[] = []
  const most = Math.max(...promptKinds.map(kind => byKind[kind].length))
  for (let i = 0; i < most; i++)
    for (const kind of promptKinds) {
      const task = byKind[kind][i]
      if (task && found.length < count) found.push({ task, kind })
    }
  return found
}
