// rank create | sample: a bench of prompts with answers of a checkpoint, to be ranked.
import { resolve } from 'node:path'
import type { PromptSource } from '../../../src-shared/contract/preferences-contract.ts'
import { textFault } from '../../core/demonstrations/conversation.ts'
import { between, collect, count, number, type Output, type TerminalCommand, UsageError } from '../command.ts'
import type { Session } from '../session.ts'
import { counted, escapeControls, fields } from '../text.ts'
import { findCheckpoint } from './checkpoint.ts'
import { findSet } from './demonstrations.ts'
import { findPreferences } from './rank.ts'

interface Options {
  checkpoint?: string
  prompts?: string[]
  prompt?: string[]
  demonstrations?: string[]
  starterWorld?: number
  count?: number
  constructed?: boolean
  responses: number
  maxTokens: number
  temperature: number
  topK: number
  topP: number
  seed: number
  name?: string
}

/** That a source is asked for. */
const MOST_PROMPTS = 100_000

const SOURCES =
  'one source of prompts: --prompts FILE…, --prompt TEXT, --demonstrations SET --count N or --starter-world SEED --count N'

export const rankCreate: TerminalCommand<Options> = {
  name: 'rank create',
  summary: 'sample several answers to each of some prompts, to be ranked',
  engine: () => 'node',
  declare: command =>
    void command
      .option('--checkpoint <checkpoint>', 'whose answers; by default the newest')
      .option('--prompts <files...>', 'a prompt a line, or JSON lines with "prompt"')
      .option('--prompt <text>', 'one prompt; may be given several times', collect)
      .option('--demonstrations <sets...>', 'last questions of these sets, in an order drawn from the seed')
      .option('--starter-world <seed>', 'prompts of the starter world of this seed', count)
      .option(
        '--count <n>',
        'how many prompts of demonstrations or the starter world',
        between(1, MOST_PROMPTS),
      )
      .option('--constructed', "the starter world's labelers put answers of their own beside the model's")
      .option('--responses <k>', 'answers to each prompt, 2 to 9', between(2, 9), 4)
      .option('--max-tokens <n>', 'where an answer ends at the latest', count, 200)
      .option('--temperature <t>', 'how different the answers are', number, 1)
      .option('--top-k <k>', 'only the k likeliest tokens; 0 = all', count, 0)
      .option('--top-p <p>', 'only the likeliest tokens that reach p together; 1 = all', number, 1)
      .option('--seed <seed>', 'same seed, same answers', count, 1)
      .option('--name <name>', 'what the set is called'),
  async run(session, _, options) {
    const prompts = await sourceOf(session, options)
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

/** @throws UsageError unless exactly one source is given, with what it needs */
async function sourceOf(
  session: Session,
  { prompts, prompt, demonstrations, starterWorld, count, constructed = false }: Options,
): Promise<PromptSource> {
  const given = [prompts, prompt, demonstrations, starterWorld].filter(source => source !== undefined)
  if (given.length !== 1) throw new UsageError(`give ${SOURCES}`)
  if (constructed && starterWorld === undefined)
    throw new UsageError('--constructed is for --starter-world: only its labelers know what is true')
  if (demonstrations === undefined && starterWorld === undefined) {
    if (count !== undefined) throw new UsageError('--count is for --demonstrations and --starter-world')
    if (prompt) return { from: 'text', prompts: prompt.map(asked) }
    return { from: 'files', files: prompts!.map(file => session.lab.grantPath(resolve(file))) }
  }
  if (count === undefined) throw new UsageError('how many prompts? Give --count')
  if (starterWorld !== undefined) return { from: 'starter-world', world: starterWorld, count, constructed }
  const sets = []
  for (const name of demonstrations!) sets.push((await findSet(session, name)).id)
  return { from: 'demonstrations', sets, count }
}

function asked(prompt: string, index: number, { length }: readonly string[]): string {
  const fault = textFault(prompt)
  if (fault !== null)
    throw new UsageError(
      `--prompt${length > 1 ? ` ${index + 1}` : ''} ${fault}: give a text that can be answered`,
    )
  return prompt
}
