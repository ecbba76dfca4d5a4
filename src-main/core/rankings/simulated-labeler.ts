// A simulated labeler ranks a whole set by a stated policy and errs at a stated rate. What it says is kept under a name that
// says so: its order as the policy has it, and its pairs with their errors, as they are learnt from.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Simulation } from '../../../src-shared/contract/preferences-contract.ts'
import { readTask } from '../../../src-shared/preferences/stored-task.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'
import { labelRanking, policies } from '../../../src-shared/starter-world/labeler.ts'
import type { CoreContext } from '../context.ts'
import type { StoredPrompt } from '../database/queries/preference-prompts.ts'
import { type NewRanking, replaceLabeler } from '../database/queries/rankings.ts'
import type { JobControl } from '../jobs/jobs.ts'
import { takeTurns } from '../jobs/turns.ts'
import type { Preferences } from './preferences.ts'

/** `simulated: truth, then style, 10 % noise, seed 1` */
export function simulatedName({ policy, noise, seed }: Simulation): string {
  const { title } = policies[policy]
  const percent = Number((100 * noise).toFixed(2))
  return `simulated: ${title[0]!.toLowerCase()}${title.slice(1)}, ${percent} % noise, seed ${seed}`
}

/**
 * What the labeler says of a prompt: a function of (simulation, prompt, its responses).
 * @throws LabError `bad-input` for a prompt that the policy cannot judge
 */
export function simulatedRanking(simulation: Simulation, prompt: StoredPrompt): NewRanking {
  const { policy, noise, seed } = simulation
  const task = readTask(prompt.task)
  if (policies[policy].needsTask && !task)
    throw new LabError({
      code: 'bad-input',
      what: `what is true of prompt ${prompt.number + 1} is not known here`,
      where: `policy "${policy}"`,
      expected: 'prompts of the starter world',
      fix: 'choose a policy that needs no truth, or make a bench with prompts of the starter world',
    })
  const question = prompt.messages.at(-1)!.content
  const scores = prompt.responses.map(response => policies[policy].score(task, question, response))
  const levels = [...new Set(scores)].sort((a, b) => b - a)
  // By prompt, not by set: sets of the same seed are labelled alike, wherever they are made.
  const random = randomStream(seed, `ranking/simulated/${prompt.key}`, prompt.number)
  return {
    labeler: simulatedName(simulation),
    pass: 0,
    outcome: 'ranked',
    ranks: scores.map(score => levels.indexOf(score) + 1),
    pairs: labelRanking(scores, noise, random).map(({ winner, loser }) => [winner, loser]),
    seconds: null,
    simulation,
  }
}

/**
 * Ranks all sampled prompts, in the place of what the same settings said before.
 * @throws LabError `conflict` when nothing is sampled; `bad-input` as `simulatedRanking`; `cancelled`; nothing is changed then
 */
export async function simulateLabeler(
  { workspace }: CoreContext,
  preferences: Preferences,
  id: string,
  simulation: Simulation,
  job: JobControl,
): Promise<{ rankings: number }> {
  const { name, nextNumber } = preferences.present(id)
  const othersTurn = takeTurns()
  const rankings: { number: number; ranking: NewRanking }[] = []
  for (const prompt of preferences.prompts(id)) {
    await othersTurn()
    job.signal.throwIfAborted()
    job.progress({ done: prompt.number + 1, total: nextNumber, unit: 'prompts' })
    if (!prompt.isSampled || prompt.responses.length < 2) continue
    rankings.push({ number: prompt.number, ranking: simulatedRanking(simulation, prompt) })
  }
  if (rankings.length === 0)
    throw new LabError({
      code: 'conflict',
      what: `there is nothing to rank in "${name}" yet`,
      expected: 'prompts with at least two different answers',
      fix: 'sample answers first',
    })
  // Removed meanwhile: it stays as it was.
  preferences.present(id)
  replaceLabeler(workspace.db, id, simulatedName(simulation), simulation, rankings)
  preferences.changed(id)
  return { rankings: rankings.length }
}
