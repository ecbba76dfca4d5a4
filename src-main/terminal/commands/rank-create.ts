// rank create | sample: a bench of prompts with answers of a checkpoint, to be ranked.
import { between, count, number, type Output, type TerminalCommand, UsageError } from '../command.ts'
import { addPromptOptions, type PromptOptions, promptSourceOf } from '../prompt-options.ts'
import type { Session } from '../session.ts'
import { counted, escapeControls, fields } from '../text.ts'
import { findCheckpoint } from './checkpoint.ts'
import { findPreferences } from './rank.ts'

interface Options extends PromptOptions {
  checkpoint?: string
  constructed?: boolean
  responses: number
  maxTokens: number
  temperature: number
  topK: number
  topP: number
  seed: number
  name?: string
}

export const rankCreate: TerminalCommand<Options> = {
  name: 'rank create',
  summary: 'sample several answers to each of some prompts, to be ranked',
  engine: () => 'node',
  declare(command) {
    command.option('--checkpoint <checkpoint>', 'whose answers; by default the newest')
    addPromptOptions(command)
      .option('--constructed', "the starter world's labelers put answers of their own beside the model's")
      .option('--responses <k>', 'answers to each prompt, 2 to 9', between(2, 9), 4)
      .option('--max-tokens <n>', 'where an answer ends at the latest', count, 200)
      .option('--temperature <t>', 'how different the answers are', number, 1)
      .option('--top-k <k>', 'only the k likeliest tokens; 0 = all', count, 0)
      .option('--top-p <p>', 'only the likeliest tokens that reach p together; 1 = all', number, 1)
      .option('--seed <seed>', 'same seed, same answers', count, 1)
      .option('--name <name>', 'what the set is called')
  },
  async run(session, _, options) {
    const { constructed = false, starterWorld } = options
    if (constructed && starterWorld === undefined)
      throw new UsageError('--constructed is for --starter-world: only its labelers know what is true')
    const prompts = { ...(await promptSourceOf(session, options)), ...(constructed ? { constructed } : {}) }
    const { responses, maxTokens, temperature, topK, topP, seed, name } = options
    const { set, job } = await session.call('ranking.create', {
      checkpoint: (await findCheckpoint(session, options.checkpoint)).id,
      prompts,
      responses,
      sampling: { maxTokens, temperature, topK, topP, seed },
      ...(name === undefined ? {} : { name }),
    })
    return sampled(session, set, job)
  },
}

export const rankSample: TerminalCommand = {
  name: 'rank sample',
  summary: 'sample the answers that a set still lacks, where it was cut off',
  engine: () => 'node',
  declare: command => void command.argument('<set>', 'id or name'),
  async run(session, [given]) {
    const { id } = await findPreferences(session, given!)
    const { job } = await session.call('ranking.sample', { set: id })
    return sampled(session, id, job)
  },
}

/** Waits for the answers; Ctrl+C ends it, and what is sampled stays. */
async function sampled(session: Session, set: string, job: string): Promise<Output> {
  const startedMs = performance.now()
  session.progress.note(
    `Sampling the set ${set}. Ctrl+C ends it; what is sampled stays, and rank sample goes on.`,
  )
  const { alike } = await session.until(session.lab.waitForJob<{ alike: number }>(job), () =>
    session.call('jobs.cancel', { job }),
  )
  const minutes = (performance.now() - startedMs) / 60_000
  const { name, prompts, sampled, notes } = await session.call('preferences.show', { set })
  return {
    json: { set, name, prompts, sampled, alike, minutes, notes },
    text: [
      fields([
        ['set', set],
        ['name', name],
        ['prompts', prompts],
        ['sampled', sampled],
        ['all answers the same', alike],
      ]),
      ...notes.map(note => escapeControls(`note: ${note}`)),
      `Rank ${counted(sampled - alike, 'prompt')} with: andromeda rank start ${set}`,
    ].join('\n'),
  }
}
